// Makes snapshots of captured representations, in order, each map starting from the one before; intermediate maps are shown on the way.
// Where several wait, the newest is sketched first, so that what is shown keeps up with training. Finished snapshots depend on the
// representations alone; sketches and intermediate maps depend on the time, and are replaced. n points, D width.

import {
	type SnapshotPredictions,
	type SnapshotScores,
	snapshotPredictions,
} from '../../analysis/snapshot-predictions';
import { type MentionOfPoints, mentionsOfPoints } from '../../analysis/space-mentions';
import { snapshotMap } from '../../experiment/space-snapshot';
import {
	distrustGpu,
	isFaultOfGpu,
	type MapDevice,
	type MapDeviceChoice,
	wasmAlone,
} from '../../projection/map-device';
import type { Neighbours } from '../../projection/neighbours';
import type { ProjectionNote } from '../../projection/projection-settings';
import {
	openSnapshotSketch,
	openSnapshotWork,
	type SnapshotResult,
	type SnapshotSlice,
	type UnfinishedSnapshot,
} from '../../projection/snapshot-work';
import type { StoredPoints } from '../../storage/workspace/space-record';
import { toWireError, type WireError } from '../../wire/wire-error';
import { areEqual, positionsOf } from './snapshot-parts';

/** The representations at one step of a run; ownership goes to the receiver. */
export interface CapturedSnapshot {
	/** [n, D] */
	vectors: Float32Array;
	dimension: number;
	predictions: SnapshotScores | null;
}

export type Made =
	/** Shown until the snapshot is finished. */
	| { kind: 'map'; id: number; shown: UnfinishedSnapshot; predictions: SnapshotPredictions | null }
	| { kind: 'snapshot'; id: number; result: SnapshotResult; predictions: SnapshotPredictions | null; seconds: number }
	| { kind: 'failed'; id: number; error: WireError };

export interface SnapshotMakerOptions {
	points: StoredPoints;
	/** Map that the first descent starts from. [n, 2] */
	lastMap: Float32Array | null;
	/** Where maps are made; wasm unless given. */
	chooseDevice?: MapDeviceChoice;
	/** Milliseconds from any fixed time. */
	now(): number;
	onMade(made: Made): void;
}

interface Waiting {
	id: number;
	captured: CapturedSnapshot;
	predictions: SnapshotPredictions | null;
	/** Found for a sketch. */
	neighbours: Neighbours | null;
	isSketched: boolean;
	/** Whether wasm had to take over. */
	hasLostGpu: boolean;
	spentMs: number;
}

interface Last {
	vectors: Float32Array;
	result: SnapshotResult;
}

type Work = AsyncGenerator<void>;
type OpenWork<Result> = (device: MapDevice) => Promise<Generator<SnapshotSlice, Result>>;

export class SnapshotMaker {
	private readonly waiting: Waiting[] = [];
	private readonly mentions: MentionOfPoints[];
	private making: Work | null = null;
	private sketch: { item: Waiting; work: Work } | null = null;
	private last: Last | null = null;
	private lastMap: Float32Array | null;
	/** The layout that was shown last: a sketch starts from it. */
	private shownMap: Float32Array | null;
	private isGpuLost = false;

	constructor(private readonly options: SnapshotMakerOptions) {
		this.mentions = mentionsOfPoints(positionsOf(options.points));
		this.lastMap = options.lastMap;
		this.shownMap = options.lastMap;
	}

	add(id: number, captured: CapturedSnapshot): void {
		this.waiting.push({
			id,
			captured,
			predictions: null,
			neighbours: null,
			isSketched: false,
			hasLostGpu: false,
			spentMs: 0,
		});
	}

	/** Skips a snapshot, unless it is being made. */
	drop(id: number): void {
		const index = this.waiting.findIndex((item) => item.id === id);
		if (index <= 0) return;
		const [dropped] = this.waiting.splice(index, 1);
		if (this.sketch?.item !== dropped) return;
		void this.sketch.work.return(undefined).catch(() => undefined);
		this.sketch = null;
	}

	/** Works for about `sliceMs`; resolves to whether something is left to do. One call at a time. */
	async work(sliceMs: number): Promise<boolean> {
		const until = this.options.now() + sliceMs;
		while (this.waiting.length > 0) {
			await this.advance();
			if (this.options.now() >= until) break;
		}
		return this.waiting.length > 0;
	}

	/** One slice of work. */
	private async advance(): Promise<void> {
		const [first] = this.waiting;
		this.sketch ??= this.openSketch();
		const item = this.sketch?.item ?? first;
		const startedAt = this.options.now();
		try {
			if (this.sketch) {
				if ((await this.sketch.work.next()).done) this.sketch = null;
				item.spentMs += this.options.now() - startedAt;
				return;
			}
			this.making ??= this.make(first);
			const { done } = await this.making.next();
			item.spentMs += this.options.now() - startedAt;
			if (done) this.finishFirst();
		} catch (error) {
			this.fail(item, error);
		}
	}

	/** Of the newest snapshot, where others wait before it. */
	private openSketch(): { item: Waiting; work: Work } | null {
		const item = this.waiting[this.waiting.length - 1];
		if (this.waiting.length < 2 || item.isSketched) return null;
		item.isSketched = true;
		return { item, work: this.makeSketch(item) };
	}

	private finishFirst(): void {
		this.making = null;
		const item = this.waiting.shift();
		if (!item || !this.last) return;
		const { id, predictions, spentMs } = item;
		this.options.onMade({ kind: 'snapshot', id, result: this.last.result, predictions, seconds: spentMs / 1000 });
	}

	private fail(item: Waiting, error: unknown): void {
		if (this.sketch?.item === item) this.sketch = null;
		else this.making = null;
		this.waiting.splice(this.waiting.indexOf(item), 1);
		this.options.onMade({ kind: 'failed', id: item.id, error: toWireError(error) });
	}

	private async *makeSketch(item: Waiting): Work {
		yield* this.predict(item);
		const earlier = this.shownMap ?? this.lastMap;
		const { neighbours, ...shown } = yield* this.made(item, (device) =>
			openSnapshotSketch({ ...this.inputOf(item), ...device, earlier, earlierValues: null }),
		);
		item.neighbours = neighbours;
		this.show(item, shown);
	}

	private async *make(item: Waiting): Work {
		const { vectors } = item.captured;
		yield* this.predict(item);
		if (this.last && areEqual(this.last.vectors, vectors)) return;
		const earlierValues = this.last?.vectors ?? null;
		const result = yield* this.made(item, (device) =>
			openSnapshotWork({ ...this.inputOf(item), ...device, earlier: this.lastMap, earlierValues }),
		);
		this.last = { vectors, result: { ...result, notes: notesOf(item, result) } };
		this.lastMap = result.map;
		if (this.waiting.length === 1) this.shownMap = result.map;
	}

	/** On the best device; once more on wasm where that is a GPU which fails, and on wasm from then on. */
	private async *made<Result>(item: Waiting, open: OpenWork<Result>): AsyncGenerator<void, Result> {
		const device = await this.deviceFor();
		try {
			return yield* this.driven(item, await open(device));
		} catch (error) {
			if (!isFaultOfGpu(device, error)) throw error;
			this.isGpuLost = true;
			item.hasLostGpu = true;
			distrustGpu();
		}
		return yield* this.driven(item, await open({ device: 'wasm' }));
	}

	private async *driven<Result>(item: Waiting, work: Generator<SnapshotSlice, Result>): AsyncGenerator<void, Result> {
		try {
			let next = work.next();
			for (; !next.done; next = work.next()) {
				const { value } = next;
				if (value instanceof Promise) await value;
				// Where others wait behind this snapshot, a newer one is shown.
				else if (value && this.waiting.length === 1) this.show(item, value);
				yield;
			}
			return next.value;
		} finally {
			work.return(undefined as never); // gives back what a GPU holds
		}
	}

	private async deviceFor(): Promise<MapDevice> {
		const { chooseDevice = wasmAlone, points } = this.options;
		return this.isGpuLost ? { device: 'wasm' } : chooseDevice(points.count);
	}

	private *predict(item: Waiting): Generator<void> {
		const { predictions } = item.captured;
		if (!predictions || item.predictions) return;
		item.predictions = yield* snapshotPredictions(predictions, positionsOf(this.options.points), this.mentions);
	}

	private inputOf({ captured: { vectors, dimension }, neighbours }: Waiting) {
		const { points } = this.options;
		return {
			values: vectors,
			dimension,
			count: points.count,
			types: Int32Array.from(points.type),
			typeCount: points.entityTypes.length,
			isBegin: points.isBegin,
			neighbours,
			...snapshotMap,
		};
	}

	private show(item: Waiting, made: UnfinishedSnapshot): void {
		const { id, predictions } = item;
		const shown = { ...made, notes: notesOf(item, made) };
		if (shown.method === 'tsne') this.shownMap = shown.map;
		this.options.onMade({ kind: 'map', id, shown, predictions });
	}
}

function notesOf({ hasLostGpu }: Waiting, { notes }: UnfinishedSnapshot): ProjectionNote[] {
	return hasLostGpu ? [...notes, { kind: 'gpu-lost' }] : notes;
}
