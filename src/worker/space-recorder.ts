// Records the representations of a run while it goes on: takes what was read at a moment, works measures and map out in slices
// between the steps of training, and keeps them. At most a few moments wait; where training is faster, in-between moments
// are left out, never the beginning nor a stage's best epoch. Old vectors make room for new ones.

import { type FramePredictions, type FrameScores, framePredictions } from '../analysis/frame-predictions';
import { type MentionOfPoints, mentionsOfPoints } from '../analysis/space-mentions';
import { frameMap, isBefore, type SpaceMoment } from '../experiment/space-moment';
import { type FrameResult, openFrameWork } from '../projection/frame-work';
import {
	encodeMap,
	encodeVectorRows,
	mapPart,
	type StoredDynamics,
	type StoredFrame,
	type StoredPoints,
	vectorsPartOf,
} from '../storage/workspace/space-record';
import { UserError } from '../util/errors';
import { areEqual, isLasting, isSameMoment, joined, measuresOf, placesOf } from './frame-parts';
import type { FrameMeasures, SpaceFrame } from './space-commands';
import { describeFrame, type SpaceStore } from './space-store';
import { toWireError, type WireError } from './wire-error';

export interface SpaceLook extends SpaceMoment {
	isStageBest: boolean;
	hasPredictions: boolean;
}

/** What was read at a moment; the recorder takes it over. */
export interface CapturedFrame {
	/** [n, D] */
	vectors: Float32Array;
	dimension: number;
	predictions: FrameScores | null;
}

export interface RecorderOptions {
	store: SpaceStore;
	points: StoredPoints;
	/** Milliseconds from any fixed moment. */
	now(): number;
	onFrame(frame: SpaceFrame): void;
	onProblem(moment: SpaceMoment, error: WireError): void;
	/** Bytes of a run's frames, beyond which old ones are thinned out. */
	mostBytes?: number;
}

interface Waiting {
	look: SpaceLook;
	captured: CapturedFrame;
	captureSeconds: number;
}

/** Moments that wait at most, besides those that must not be left out: some 6 MB each. */
export const mostWaiting = 8;
/** Reading at in-between moments takes at most this share of the time, after the first few. */
const captureShare = 0.1;
const freeCaptures = 8;
const usualMostBytes = 96 * 2 ** 20;

interface LastFrame {
	vectors: Float32Array;
	result: Omit<FrameResult, 'quality' | 'divergence'>;
	measures: FrameMeasures;
}

export class SpaceRecorder {
	private frames: StoredFrame[] = [];
	/** By frame. */
	private readonly dynamics = new Map<number, Pick<FramePredictions, 'gold' | 'isRight'>>();
	/** By part. */
	private sizes = new Map<string, number>();
	private readonly mentions: MentionOfPoints[];
	private readonly waiting: Waiting[] = [];
	private work: AsyncGenerator<void> | null = null;
	private last: LastFrame | null = null;
	/** Map that the next descent goes on from. */
	private lastMap: Float32Array | null = null;
	private readonly startedAt: number;
	private captures = 0;
	private captureMs = 0;
	private isEnded = false;
	/** What went wrong last; null while all goes well. */
	lastProblem: WireError | null = null;
	private pulling: Promise<unknown> = Promise.resolve();

	private constructor(private readonly options: RecorderOptions) {
		this.mentions = mentionsOfPoints(placesOf(options.points));
		this.startedAt = options.now();
	}

	/** For a new run. */
	static async begin(options: RecorderOptions): Promise<SpaceRecorder> {
		await options.store.begin(options.points);
		return new SpaceRecorder(options);
	}

	/** For a run that goes on: of its frames those stay that lie before `place`. */
	static async goOn(
		options: RecorderOptions,
		place: Pick<SpaceMoment, 'stageIndex' | 'epoch'>,
	): Promise<SpaceRecorder> {
		const recorder = new SpaceRecorder(options);
		await recorder.takeUp(place);
		return recorder;
	}

	/** Moments that wait, the one in work included. */
	get waitingCount(): number {
		return this.waiting.length;
	}

	/** Reads a moment, unless it is known or there is no time for it. Rejects with what `capture` throws. */
	async look(look: SpaceLook, capture: () => Promise<CapturedFrame>): Promise<void> {
		if (this.isEnded || (await this.isKnown(look)) || !this.makeRoomFor(look)) return;
		const startedAt = this.options.now();
		const captured = await capture();
		const captureMs = this.options.now() - startedAt;
		this.captures++;
		this.captureMs += captureMs;
		this.waiting.push({ look, captured, captureSeconds: captureMs / 1000 });
	}

	/** Works for about so many milliseconds; resolves to whether something is left to do. One call at a time. */
	pull(sliceMs: number): Promise<boolean> {
		const pulled = this.workFor(sliceMs);
		this.pulling = pulled;
		return pulled;
	}

	/** To the end of all that waits. */
	async finish(breathe: () => Promise<void>, sliceMs = 25): Promise<void> {
		while (await this.pull(sliceMs)) await breathe();
	}

	/** Drops what waits; what is just being written is written. */
	async end(): Promise<void> {
		this.isEnded = true;
		await this.pulling;
		this.waiting.length = 0;
	}

	private async takeUp({ stageIndex, epoch }: Pick<SpaceMoment, 'stageIndex' | 'epoch'>): Promise<void> {
		const { store } = this.options;
		const place = { stageIndex, epoch, stage: '', step: 0 };
		const all = await store.frames();
		this.frames = all.filter((frame) => isBefore(frame, place));
		const late = all.filter((frame) => !this.frames.includes(frame));
		this.sizes = await store.sizes();
		this.rememberDynamics(await store.dynamics());
		const latest = this.frames.findLast(({ hasMap }) => hasMap);
		if (latest) this.lastMap = (await store.map(latest.id)).map;
		if (late.length > 0) await this.keep(Object.fromEntries(late.flatMap(({ id }) => this.removal(id, 'all'))));
	}

	private rememberDynamics({ frames, gold, isRight }: StoredDynamics): void {
		const count = this.mentions.length;
		for (const [row, id] of frames.entries()) {
			if (!this.frames.some((frame) => frame.id === id)) continue;
			const range = [row * count, (row + 1) * count] as const;
			this.dynamics.set(id, { gold: gold.slice(...range), isRight: isRight.slice(...range) });
		}
	}

	/** Also notes that a moment turned out to be the best of its stage. */
	private async isKnown(look: SpaceLook): Promise<boolean> {
		const waits = this.waiting.find((item) => isSameMoment(item.look, look));
		if (waits) {
			waits.look.isStageBest ||= look.isStageBest;
			return true;
		}
		const frame = this.frames.find((candidate) => isSameMoment(candidate, look));
		if (!frame) return false;
		if (!look.isStageBest || frame.isStageBest) return true;
		if (!frame.hasVectors) return false;
		frame.isStageBest = true;
		await this.guarded(look, async () => {
			await this.keep({});
			this.tell(frame);
		});
		return true;
	}

	/** Whether there is time and place to read this moment; leaves an in-between one out where too many wait. */
	private makeRoomFor(look: SpaceLook): boolean {
		if (isLasting(look)) return true;
		const elapsedMs = this.options.now() - this.startedAt;
		if (this.captures >= freeCaptures && this.captureMs > captureShare * elapsedMs) return false;
		if (this.waiting.length < mostWaiting) return true;
		const spare = this.waiting.findIndex((item, place) => place > 0 && !isLasting(item.look));
		if (spare < 0) return false;
		this.waiting.splice(spare, 1);
		return true;
	}

	private async workFor(sliceMs: number): Promise<boolean> {
		const until = this.options.now() + sliceMs;
		while (!this.isEnded && this.waiting.length > 0) {
			const [first] = this.waiting;
			await this.guarded(first.look, async () => {
				this.work ??= this.process(first);
				if (!(await this.work.next()).done) return;
				this.work = null;
				this.waiting.shift();
			});
			if (this.options.now() >= until) break;
		}
		return !this.isEnded && this.waiting.length > 0;
	}

	/** Tells what goes wrong. A bug, a full disk or a run that is gone ends the recording; what was kept stays. */
	private async guarded(moment: SpaceMoment, work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (error) {
			this.work = null;
			this.waiting.shift();
			const isGone = error instanceof UserError && error.code === 'storage-missing';
			if (!(error instanceof UserError) || error.code.startsWith('storage-')) this.isEnded = true;
			const { stageIndex, stage, epoch, step } = moment;
			if (isGone) return;
			this.lastProblem = toWireError(error);
			this.options.onProblem({ stageIndex, stage, epoch, step }, this.lastProblem);
		}
	}

	/** Measures, maps and keeps one moment; yields between slices of work. */
	private async *process(item: Waiting): AsyncGenerator<void> {
		const { look, captured } = item;
		const { points, now } = this.options;
		let spentMs = 0;
		let since = now();
		const pause = () => (spentMs += now() - since);
		const goOn = () => (since = now());
		const known = this.frames.find((frame) => isSameMoment(frame, look));
		const id = known?.id ?? 1 + this.frames.reduce((most, frame) => Math.max(most, frame.id), 0);
		let predictions: FramePredictions | null = null;
		if (captured.predictions) {
			const work = framePredictions(captured.predictions, placesOf(points), this.mentions);
			let next = work.next();
			for (; !next.done; next = work.next()) {
				pause();
				yield;
				goOn();
			}
			predictions = next.value;
		}
		const store = async (result: FrameResult, measures: FrameMeasures) => {
			pause();
			await this.put({ ...item, id, result, measures, predictions, frameSeconds: spentMs / 1000 });
			goOn();
		};
		if (this.last && areEqual(this.last.vectors, captured.vectors)) {
			const { result, measures } = this.last;
			await store({ ...result, quality: null, divergence: null }, measures);
			return;
		}
		const work = await openFrameWork({
			values: captured.vectors,
			dimension: captured.dimension,
			count: points.count,
			types: Int32Array.from(points.type),
			typeCount: points.entityTypes.length,
			isBegin: points.isBegin,
			earlier: this.lastMap,
			earlierValues: this.last?.vectors ?? null,
			...frameMap,
		});
		let next = work.next();
		for (; !next.done; next = work.next()) {
			if (next.value) await store(next.value, measuresOf(next.value, points.count));
			pause();
			yield;
			goOn();
		}
		const measures = measuresOf(next.value, points.count);
		await store(next.value, measures);
		this.last = { vectors: captured.vectors, result: next.value, measures };
		this.lastMap = next.value.map;
	}

	private async put(made: MadeFrame): Promise<void> {
		const { id, look, result, captured, predictions } = made;
		const frame: StoredFrame = {
			id,
			stageIndex: look.stageIndex,
			stage: look.stage,
			epoch: look.epoch,
			step: look.step,
			isStageBest: look.isStageBest,
			hasPredictions: predictions !== null,
			hasMap: true,
			hasVectors: true,
			method: result.method,
			measures: made.measures,
			notes: result.notes,
			captureSeconds: made.captureSeconds,
			frameSeconds: made.frameSeconds,
		};
		this.frames = [...this.frames.filter((other) => other.id !== id), frame];
		this.frames.sort((left, right) => (isBefore(left, right) ? -1 : 1));
		if (predictions) this.dynamics.set(id, predictions);
		const stored = {
			map: result.map,
			predicted: captured.predictions?.tags ?? null,
			confidence: predictions?.confidence ?? null,
		};
		await this.keep({
			[mapPart(id)]: encodeMap(stored),
			[vectorsPartOf(id)]: encodeVectorRows(captured.vectors, captured.dimension),
		});
		this.tell(frame);
	}

	/** Writes the list with these parts, and makes room for them. */
	private async keep(parts: Readonly<Record<string, Uint8Array | null>>): Promise<void> {
		for (const [name, bytes] of Object.entries(parts)) {
			if (bytes) this.sizes.set(name, bytes.byteLength);
			else this.sizes.delete(name);
		}
		const removed = this.thinOut();
		await this.options.store.keep(this.frames, this.storedDynamics(), { ...parts, ...removed });
	}

	/** Removals until the rest fits: first vectors, then maps, of the oldest moments that are neither lasting nor the latest. */
	private thinOut(): Record<string, null> {
		const removed: Record<string, null> = {};
		const mostBytes = this.options.mostBytes ?? usualMostBytes;
		for (const what of ['vectors', 'all'] as const) {
			for (const frame of this.frames.slice(0, -1)) {
				const total = [...this.sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
				if (total <= mostBytes) return removed;
				if (isLasting(frame) || !(what === 'vectors' ? frame.hasVectors : frame.hasMap)) continue;
				Object.assign(removed, Object.fromEntries(this.removal(frame.id, what)));
				frame.hasVectors = false;
				if (what === 'all') frame.hasMap = false;
				for (const name of Object.keys(removed)) this.sizes.delete(name);
				this.tell(frame);
			}
		}
		return removed;
	}

	private removal(id: number, what: 'vectors' | 'all'): [string, null][] {
		const names = what === 'all' ? [vectorsPartOf(id), mapPart(id)] : [vectorsPartOf(id)];
		return names.filter((name) => this.sizes.has(name)).map((name) => [name, null]);
	}

	private storedDynamics(): StoredDynamics {
		const rows = this.frames.flatMap(({ id }) => {
			const row = this.dynamics.get(id);
			return row ? [{ id, ...row }] : [];
		});
		return {
			frames: Int32Array.from(rows, ({ id }) => id),
			gold: joined(rows.map(({ gold }) => gold)),
			isRight: joined(rows.map(({ isRight }) => isRight)),
		};
	}

	private tell(frame: StoredFrame): void {
		this.options.onFrame(describeFrame(frame, this.frames.at(-1) === frame));
	}
}

interface MadeFrame extends Waiting {
	id: number;
	result: FrameResult;
	measures: FrameMeasures;
	predictions: FramePredictions | null;
	frameSeconds: number;
}
