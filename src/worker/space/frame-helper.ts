// Makes frames in a worker of their own, so that training need not stop for them: one message for each moment, one for each map or frame
// that comes back. Where the worker does not start or dies, the work is done here, in slices between the steps of training.

import { type CapturedFrame, FrameMaker, type FrameMakerOptions, type Made } from './frame-maker';
import type { ToFrameWorker } from './frame-messages';

/** Where frames are made. */
export interface FrameEngine {
	add(id: number, captured: CapturedFrame): void;
	/** Leaves out a moment, unless its frame is being made. */
	drop(id: number): void;
	/** Works here for about so many milliseconds; resolves to whether there is more to do here. */
	work(sliceMs: number): Promise<boolean>;
	/** Training is over: all the time is free. */
	hurry?(): void;
	close?(): void;
}

export type EngineMaker = (options: FrameMakerOptions) => FrameEngine;

/** A worker as the helper needs it. */
export interface FrameWorkerPort {
	postMessage(message: ToFrameWorker): void;
	addEventListener(type: 'message', listener: (event: { data: Made }) => void): void;
	addEventListener(type: 'error', listener: (event: { preventDefault?(): void }) => void): void;
	terminate(): void;
}

/** Part of the time in which frames are made beside training that has all cores. */
const crowdedShare = 0.25;

/** What training keeps busy. */
export interface TrainingLoad {
	cores: number;
	isOnGpu: boolean;
}

/** In a worker of its own, beside training. */
export function frameHelperBeside(load: TrainingLoad): EngineMaker {
	return (options) => {
		if (typeof Worker === 'undefined') return new FrameMaker(options); // some browsers let only pages start workers
		const worker = new Worker(new URL('./frame-worker.ts', import.meta.url), { type: 'module', name: 'frames' });
		return new FrameHelper(worker as unknown as FrameWorkerPort, options, {
			spareCores: navigator.hardwareConcurrency - load.cores,
			mayUseGpu: !load.isOnGpu,
		});
	};
}

export class FrameHelper implements FrameEngine {
	private readonly waiting = new Map<number, CapturedFrame>();
	private lastMap: Float32Array | null;
	private own: FrameMaker | null = null;

	/** `spareCores`: those that training leaves free. A GPU that trains makes no maps: each slice of theirs takes as long as several
	 *  steps, which would wait, while the processor has time for the map. */
	constructor(
		private readonly port: FrameWorkerPort,
		private readonly options: FrameMakerOptions,
		{ spareCores, mayUseGpu }: { spareCores: number; mayUseGpu: boolean },
	) {
		const { points, lastMap } = options;
		this.lastMap = lastMap;
		port.addEventListener('message', ({ data }) => this.take(data));
		port.addEventListener('error', (event) => {
			event.preventDefault?.();
			this.goOnHere();
		});
		port.postMessage({ kind: 'open', points, lastMap, share: spareCores >= 1 ? 1 : crowdedShare, mayUseGpu });
	}

	add(id: number, captured: CapturedFrame): void {
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

	hurry(): void {
		this.port.postMessage({ kind: 'share', share: 1 });
	}

	close(): void {
		this.port.terminate();
	}

	private take(made: Made): void {
		if (this.own) return;
		if (made.kind !== 'map') this.waiting.delete(made.id);
		if (made.kind === 'frame') this.lastMap = made.result.map;
		this.options.onMade(made);
	}

	private goOnHere(): void {
		if (this.own) return;
		this.port.terminate();
		this.own = new FrameMaker({ ...this.options, lastMap: this.lastMap });
		for (const [id, captured] of this.waiting) this.own.add(id, captured);
	}
}
