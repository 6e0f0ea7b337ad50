import { afterEach, expect, test, vi } from 'vitest';
import { createWasmDevice } from './device';
import type { Kernels } from './kernel-exports';
import { compileKernels, instantiateKernels } from './load';
import { startTeam, type ThreadTeam } from './thread-team';

let team: ThreadTeam | null = null;
afterEach(() => {
	team?.stop();
	team = null;
	vi.unstubAllGlobals();
});

const costly = 1e9;

/** A team, and the address and floats of memory behind its working space. */
async function open(threads: number) {
	const module = await compileKernels('plain', { isShared: true });
	const memory = new WebAssembly.Memory({ initial: 1, maximum: 1024, shared: true });
	const kernels = instantiateKernels(module, memory);
	const started = await startTeam({ module, memory, kernels, threads });
	team = started.team;
	memory.grow(16);
	return { team, start: started.end, floats: new Float32Array(memory.buffer, started.end, 1000) };
}

test('parts cover all units once, whatever their number', async () => {
	const { team: three, start, floats } = await open(3);
	for (const units of [1, 2, 7, 100]) {
		floats.fill(1, 0, units);
		// Each unit is doubled: x = x + x.
		three.share(units, costly, (kernels, first, end) => {
			const address = start + 4 * first;
			kernels.add(end - first, address, address, address);
		});
		expect([...floats.subarray(0, units)]).toEqual(new Array(units).fill(2));
	}
});

test('little work stays on the calling thread', async () => {
	const { team: two } = await open(2);
	const seen: Kernels[] = [];
	two.share(8, 1, (kernels) => void seen.push(kernels));
	expect(seen).toHaveLength(1);
	two.share(8, costly, (kernels) => void seen.push(kernels));
	expect(new Set(seen).size).toBe(2);
});

test('more calls than a list holds are done all the same, in their order', async () => {
	const { team: two, start, floats } = await open(2);
	floats.fill(0, 0, 8);
	floats.fill(1, 8, 16);
	const calls = 20_000; // of six numbers each, where a list holds 65,536 numbers
	two.share(2, costly, (kernels, first, end) => {
		const address = start + 16 * first;
		for (let call = 0; call < calls; call++) kernels.add(4 * (end - first), address, start + 32, address);
	});
	expect([...floats.subarray(0, 8)]).toEqual(new Array(8).fill(calls));
});

test('a helper that fails is noticed', async () => {
	const { team: two, start } = await open(2);
	const beyond = 2 ** 30;
	expect(() =>
		two.share(2, costly, (kernels, first) => kernels.add(4, first === 0 ? start : beyond, start, start)),
	).toThrow('a helper thread of the wasm device failed');
});

test('where memory cannot be shared, one thread computes and says so', async () => {
	vi.stubGlobal('crossOriginIsolated', false);
	const device = await createWasmDevice({ threads: 2 });
	expect(device.info.threads).toBe(1);
	expect(device.findings).toEqual([expect.stringContaining('one thread')]);
	device.dispose();
});
