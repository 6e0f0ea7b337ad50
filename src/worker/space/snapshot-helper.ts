// Makes snapshots in a separate worker, so that training need not stop for them: one message for each capture, one for each map or
// snapshot that comes back. Where the worker does not start or dies, the work is done here, in slices between training steps.

import { type CapturedSnapshot, type Made, SnapshotMaker, type SnapshotMakerOptions } from './snapshot-maker';
import type { ToSnapshotWorker } from './snapshot-messages';

/** Where snapshots are made. */
export interface SnapshotEngine {
	add(id: number, captured: CapturedSnapshot): void;
	/** Skips a snapshot, unless it is being made. */
	drop(id: number): void;
	/** Works here for about `sliceMs`; resolves to whether there is more to do here. */
	work(sliceMs: number): Promise<boolean>;
	/** Training is over: all the time is free. */
	finishNow?(): void;
	close?(): void;
}

export type EngineMaker = (options: SnapshotMakerOptions) => SnapshotEngine;

/** A worker as the helper needs it. */
export interface SnapshotWorkerPort {
	postMessage(message: ToSnapshotWorker): void;
	addEventListener(type: 'message', listener: (event: { data: Made }) => void): void;
	addEventListener(type: 'error', listener: (event: { preventDefault?(): void }) => void): void;
	terminate(): void;
}

/** Part of the time in which snapshots are made beside training that has all cores. */
const crowdedShare = 0.25;

/** What training keeps busy. */
export interface TrainingLoad {
	cores: number;
	isOnGpu: boolean;
}

/** In a separate worker, beside training. */
export function snapshotHelperBeside(load: TrainingLoad): EngineMaker {
	return (options) => {
		if (typeof Worker === 'undefined') return new SnapshotMaker(options); // some browsers let only pages start workers
		const worker = new Worker(new URL('./snapshot-worker.ts', import.meta.url), { type: 'module', name: 'snapshots' });
		return new SnapshotHelper(worker as unknown as SnapshotWorkerPort, options, {
			spareCores: navigator.hardwareConcurrency - load.cores,
			mayUseGpu: !load.isOnGpu,
		});
	};
}

export class SnapshotHelper implements SnapshotEngine {
	private readonly waiting = new Map<number, CapturedSnapshot>();
	private lastMap: Float32Array | null;
	private own: SnapshotMaker | null = null;

	/** `spareCores`: those that training leaves free. A GPU that trains makes no maps: each slice of theirs takes as long as several
	 *  steps, which would wait, while the processor has time for the map. */
	constructor(
		private readonly port: SnapshotWorkerPort,
		private readonly options: SnapshotMakerOptions,
		{ spareCores, mayUseGpu }: { spareCores: number; mayUseGpu: boolean },
	) {
		const { points, lastMap } = options;
		this.lastMap = lastMap;
		port.addEventListener('message', ({ data }) => this.take(data));
		port.addEventListener('error', (event) => {
			event.preventDefault?.();
			this.continueHere();
		});
		port.postMessage({ kind: 'open', points, lastMap, share: spareCores >= 1 ? 1 : crowdedShare, mayUseGpu });
	}

	add(id: number, captured: CapturedSnapshot): void {
		this.waiting.set(id, captured);
		if (this.own) this.own.add(id, captured);
		else this.port.postMessage({ kind: 'add', id, captured });
	}

	drop(id: number): void {
		this.waiting.delete(id);
		if (this.own) this.own.drop(id);
		else this.port.postMessage({ kind: 'drop', id });
	}

	async work(sliceMs: number): Promise<boolean> {
		return this.own ? this.own.work(sliceMs) : false;
	}

	finishNow(): void {
		this.port.postMessage({ kind: 'share', share: 1 });
	}

	close(): void {
		this.port.terminate();
	}

	private take(made: Made): void {
		if (this.own) return;
		if (made.kind !== 'map') this.waiting.delete(made.id);
		if (made.kind === 'snapshot') this.lastMap = made.result.map;
		this.options.onMade(made);
	}

	private continueHere(): void {
		if (this.own) return;
		this.port.terminate();
		this.own = new SnapshotMaker({ ...this.options, lastMap: this.lastMap });
		for (const [id, captured] of this.waiting) this.own.add(id, captured);
	}
}
