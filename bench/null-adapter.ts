// `npx tsx bench/null-adapter.ts [memory]`: steps on Dawn's null adapter, which takes every call and computes nothing, so
// that the clock shows the host's share alone: composed and fused steps in turn, milliseconds of JavaScript, dispatches
// and submits. With `memory`: bytes that a fused step holds at several sizes. Numbers read back are meaningless here.

import { create, globals } from 'webgpu';
import { arrangeBatch } from '../src/data/arrange-batch';
import type { Device } from '../src/kernels/operations';
import { createWebgpuDevice } from '../src/kernels/webgpu/device';
import { createFusedDevice } from '../src/kernels/webgpu/fused/device';
import { Network } from '../src/model/network';
import { trainedEntries } from '../src/model/shape';
import { median } from './bench-row';
import { type Meter, metered, watchDevices } from './memory-meters';
import { generatedCase, type StepCase } from './step-cases';

Object.assign(globalThis, globals);
Object.defineProperty(globalThis, 'navigator', { value: { gpu: create(['backend=null']) }, configurable: true });
await watchDevices();

interface Runner {
	name: string;
	device: Device;
	read(): Meter | null;
	step(step: number): Promise<number>;
}

async function openRunner(name: string, open: () => Promise<Device>, bench: StepCase): Promise<Runner> {
	const { opened: device, read } = await metered(open);
	const network = new Network(device, bench.shape, bench.labels);
	network.load(new Float32Array(network.layout.size));
	const trained = trainedEntries(network.layout, bench.objective, 'all');
	const rule = { kind: 'sgd', learningRate: 1e-4, momentum: 0.9, weightDecay: 0.05, clipValue: 5 } as const;
	const batches = bench.batches.map((sentences) =>
		arrangeBatch(sentences, [...sentences.keys()], { layout: 'padded', distanceKind: 'pair' }),
	);
	return {
		name,
		device,
		read,
		async step(step) {
			const { objective, temperature } = bench;
			const started = performance.now();
			const batch = batches[step % batches.length];
			const running = network.train(batch, { objective, trains: 'all', temperature, seed: 1, step });
			let host = performance.now() - started;
			await running;
			const updating = performance.now();
			device.update(rule, trained);
			host += performance.now() - updating;
			return host;
		},
	};
}

async function measureHost(): Promise<void> {
	const bench = generatedCase('crf', 10, 50);
	bench.batches = bench.batches.slice(0, 1);
	const runners = [
		await openRunner('composed', createWebgpuDevice, bench),
		await openRunner('fused', createFusedDevice, bench),
	];
	for (let step = 1; step <= 40; step++) for (const runner of runners) await runner.step(step);
	const times = runners.map((): number[] => []);
	const before = runners.map((runner) => runner.read());
	const steps = 60;
	for (let step = 41; step <= 40 + steps; step++)
		for (const [index, runner] of runners.entries()) times[index].push(await runner.step(step));
	for (const [index, { name, read }] of runners.entries()) {
		const [first, last] = [before[index], read()];
		const perStep = (key: 'dispatches' | 'submits') => ((last?.[key] ?? 0) - (first?.[key] ?? 0)) / steps;
		const host = median(times[index]).toFixed(2);
		console.log(`${name}: host ${host} ms, ${perStep('dispatches')} dispatches, ${perStep('submits')} submits a step`);
	}
	for (const { device } of runners) device.dispose();
}

async function measureMemory(): Promise<void> {
	const sizes: [number, number][] = [
		[10, 50],
		[10, 100],
		[10, 200],
		[10, 300],
		[40, 180],
	];
	for (const objective of ['crf', 'contrastive'] as const)
		for (const [batchSize, n] of sizes) {
			const runner = await openRunner('fused', createFusedDevice, generatedCase(objective, batchSize, n));
			for (let step = 1; step <= 6; step++) await runner.step(step);
			const bytes = (runner.device.memory().bytes / 1e6).toFixed(1);
			const peak = ((runner.read()?.bytesPeak ?? 0) / 1e6).toFixed(1);
			console.log(`${objective}, B=${batchSize}, N=${n}: ${bytes} MB held, ${peak} MB at most`);
			runner.device.dispose();
		}
}

if (process.argv[2] === 'memory') await measureMemory();
else await measureHost();
process.exit(0);
