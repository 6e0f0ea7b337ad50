import { expect, test } from 'vitest';
import { RunDevice, TaggingDevice } from './device-use';

test('what asks for the run device while it works is refused, and free again afterwards', async () => {
	const device = new RunDevice();
	await device.open({ backend: 'wasm' });
	let finish = () => {};
	const first = device.alone(({ info }) => new Promise<string>((resolve) => (finish = () => resolve(info.name))));
	expect(device.isBusy).toBe(true);
	await expect(device.alone(async () => 1)).rejects.toMatchObject({ code: 'device-busy' });
	await expect(device.open({ backend: 'wasm' })).rejects.toMatchObject({ code: 'device-busy' });
	finish();
	expect(await first).toBe('wasm');
	expect(device.isBusy).toBe(false);
});

test('a work that fails leaves the run device free', async () => {
	const device = new RunDevice();
	await device.open({ backend: 'wasm' });
	await expect(device.alone(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
	expect(await device.alone(async () => 1)).toBe(1);
});

test('texts are tagged one after the other, also after one failed, beside a run', async () => {
	const runDevice = new RunDevice();
	await runDevice.open({ backend: 'wasm' });
	const tagging = new TaggingDevice(runDevice);
	const heard: string[] = [];
	await runDevice.alone(async () => {
		const first = tagging.run(async () => {
			heard.push('first begins');
			await new Promise((resolve) => setTimeout(resolve, 5));
			heard.push('first ends');
			throw new Error('no');
		});
		const second = tagging.run(async () => heard.push('second'));
		await expect(first).rejects.toThrow('no');
		await second;
	});
	expect(heard).toEqual(['first begins', 'first ends', 'second']);
});
