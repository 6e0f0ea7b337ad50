import { expect, test } from 'vitest';
import { WorkShare } from './work-share';

const breathe = async () => {};

test('work gets its share of the time of training, slice after slice', async () => {
	let clock = 0;
	let worked = 0;
	const share = new WorkShare(0.2, () => clock);
	for (let step = 0; step < 100; step++) {
		clock += 50; // a step of training
		await share.spend(async (sliceMs) => {
			clock += sliceMs;
			worked += sliceMs;
			return true;
		}, breathe);
	}
	expect(worked).toBeCloseTo(0.2 * 5000, 6);
});

test('a slice that took too long is paid back before the next one', async () => {
	let clock = 0;
	let slices = 0;
	const share = new WorkShare(0.2, () => clock);
	for (let step = 0; step < 100; step++) {
		clock += 50;
		await share.spend(async () => {
			clock += 100;
			slices++;
			return true;
		}, breathe);
	}
	expect(slices).toBe(10); // 1000 ms of work for 5000 ms of training
});

test('a long wait saves up a second of work at most, and nothing is spent when there is nothing to do', async () => {
	let clock = 0;
	let worked = 0;
	const share = new WorkShare(0.5, () => clock);
	await share.spend(async () => false, breathe);
	clock += 60_000;
	await share.spend(async (sliceMs) => {
		clock += sliceMs;
		worked += sliceMs;
		return true;
	}, breathe);
	expect(worked).toBeCloseTo(1000, 6);
});
