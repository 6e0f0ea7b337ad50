// Records the representations of a run while it goes on: takes what was read at a moment, has measures and map made of it, and keeps
// them; what can be shown earlier is told on the way. At most a few moments wait; where training is faster, in-between moments
// are left out, never the beginning nor a stage's best epoch. Old vectors make room for new ones.

import type { FramePredictions } from '../../analysis/frame-predictions';
import { type MentionOfPoints, mentionsOfPoints } from '../../analysis/space-mentions';
import { isBefore, type SpaceMoment } from '../../experiment/space-moment';
import type { FrameOnWay } from '../../projection/frame-work';
import {
	encodeMap,
	encodeVectorRows,
	mapPart,
	type StoredDynamics,
	type StoredFrame,
	type StoredPoints,
	vectorsPartOf,
} from '../../storage/workspace/space-record';
import { UserError } from '../../util/errors';
import type { FrameMeasures, SpaceFrame } from '../../wire/space';
import { toWireError, type WireError } from '../../wire/wire-error';
import type { EngineMaker, FrameEngine } from './frame-helper';
import { type CapturedFrame, FrameMaker, type Made } from './frame-maker';
import { isLasting, isSameMoment, joined, measuresOf, noMeasures, placesOf } from './frame-parts';
import { describeFrame, type SpaceStore } from './space-store';

export interface SpaceLook extends SpaceMoment {
	isStageBest: boolean;
	hasPredictions: boolean;
}

export interface RecorderOptions {
	store: SpaceStore;
	points: StoredPoints;
	/** Milliseconds from any fixed moment. */
	now(): number;
	onFrame(frame: SpaceFrame): void;
	/** A newer map of a frame that is not done. [n, 2] */
	onMap?(frame: number, map: Float32Array, method: 'pca' | 'tsne'): void;
	onProblem(moment: SpaceMoment, error: WireError): void;
	/** Where frames are made: here, between the steps of training, unless given. */
	openEngine?: EngineMaker;
	/** Bytes of the vectors of all moments that wait. */
	mostWaitingBytes?: number;
	/** Bytes of a run's frames, beyond which old ones are thinned out. */
	mostBytes?: number;
}

interface Waiting {
	id: number;
	look: SpaceLook;
	captured: CapturedFrame;
	captureSeconds: number;
	/** Whether its first map is kept. */
	isShown: boolean;
}

/** Moments that wait at most, besides those that must not be left out. */
export const mostWaiting = 8;
const usualMostWaitingBytes = 64 * 2 ** 20;
/** Reading at in-between moments takes at most this share of the time, after the first few. */
const captureShare = 0.1;
const freeCaptures = 8;
/** Between two looks at whether frames that are made elsewhere are there. */
const restMs = 50;
const usualMostBytes = 96 * 2 ** 20;

export class SpaceRecorder {
	private frames: StoredFrame[] = [];
	/** By frame. */
	private readonly dynamics = new Map<number, Pick<FramePredictions, 'gold' | 'isRight'>>();
	/** By part. */
	private sizes = new Map<string, number>();
	private readonly mentions: MentionOfPoints[];
	private readonly waiting: Waiting[] = [];
	private readonly engine: FrameEngine;
	/** Nearest points of all points at the moment that was finished last. */
	private lastNearest: { id: number; ids: Int32Array } | null = null;
	private isFinishing = false;
	private readonly startedAt: number;
	private captures = 0;
	private captureMs = 0;
	private isEnded = false;
	/** What went wrong last; null while all goes well. */
	lastProblem: WireError | null = null;
	/** What is kept is written in the order in which it was made. */
	private writing: Promise<void> = Promise.resolve();

	private constructor(
		private readonly options: RecorderOptions,
		lastMap: Float32Array | null,
	) {
		const { points, now, openEngine } = options;
		this.mentions = mentionsOfPoints(placesOf(points));
		this.startedAt = now();
		const onMade = (made: Made) => this.take(made);
		this.engine = (openEngine ?? ((own) => new FrameMaker(own)))({ points, lastMap, now, onMade });
	}

	/** For a new run. */
	static async begin(options: RecorderOptions): Promise<SpaceRecorder> {
		await options.store.begin(options.points);
		return new SpaceRecorder(options, null);
	}

	/** For a run that goes on: of its frames those stay that lie before `place`. */
	static async goOn(
		options: RecorderOptions,
		place: Pick<SpaceMoment, 'stageIndex' | 'epoch'>,
	): Promise<SpaceRecorder> {
		const { store } = options;
		const moment = { ...place, stage: '', step: 0 };
		const all = await store.frames();
		const frames = all.filter((frame) => isBefore(frame, moment));
		const latest = frames.findLast(({ hasMap }) => hasMap);
		const recorder = new SpaceRecorder(options, latest ? (await store.map(latest.id)).map : null);
		await recorder.takeUp(
			frames,
			all.filter((frame) => !frames.includes(frame)),
		);
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
		const id = this.idFor(look);
		this.waiting.push({ id, look, captured, captureSeconds: captureMs / 1000, isShown: false });
		this.engine.add(id, captured);
	}

	/** Nearest points of all points at a moment, where they are at hand. [n, k] */
	nearestOf(frame: number): Int32Array | null {
		return this.lastNearest?.id === frame ? this.lastNearest.ids : null;
	}

	/** Works for about so many milliseconds; resolves to whether something is left to do here. One call at a time. */
	async pull(sliceMs: number): Promise<boolean> {
		if (this.isEnded || !(await this.engine.work(sliceMs))) {
			if (this.isFinishing) await this.writing;
			return false;
		}
		await this.writing;
		return !this.isEnded;
	}

	/** To the end of all that waits. */
	async finish(breathe: () => Promise<void>, sliceMs = 25): Promise<void> {
		this.isFinishing = true;
		this.engine.hurry?.();
		while (!this.isEnded && this.waiting.length > 0) {
			const isLeft = await this.pull(sliceMs);
			await (isLeft || this.waiting.length === 0 ? breathe() : rest(restMs));
		}
		await this.writing;
	}

	/** Drops what waits; what is just being written is written. */
	async end(): Promise<void> {
		this.isEnded = true;
		this.engine.close?.();
		await this.writing;
		this.waiting.length = 0;
	}

	private async takeUp(frames: StoredFrame[], late: readonly StoredFrame[]): Promise<void> {
		const { store } = this.options;
		this.frames = frames;
		this.sizes = await store.sizes();
		this.rememberDynamics(await store.dynamics());
		if (late.length > 0) await this.keep(Object.fromEntries(late.flatMap(({ id }) => this.removal(id, 'all'))));
	}

	/** That of the frame which is there already, else a new one. */
	private idFor(look: SpaceLook): number {
		const known = this.frames.find((frame) => isSameMoment(frame, look));
		if (known) return known.id;
		return 1 + [...this.frames, ...this.waiting].reduce((most, { id }) => Math.max(most, id), 0);
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
		this.write(look, async () => {
			await this.keep({});
			this.tell(frame);
		});
		await this.writing;
		return true;
	}

	/** Whether there is time and place to read this moment; leaves an in-between one out where too many wait. */
	private makeRoomFor(look: SpaceLook): boolean {
		if (isLasting(look)) return true;
		const elapsedMs = this.options.now() - this.startedAt;
		if (this.captures >= freeCaptures && this.captureMs > captureShare * elapsedMs) return false;
		if (this.waiting.length < this.mostAtOnce()) return true;
		const spare = this.waiting.findIndex((item, place) => place > 0 && !isLasting(item.look));
		if (spare < 0) return false;
		const [left] = this.waiting.splice(spare, 1);
		this.engine.drop(left.id);
		if (left.isShown) this.forget(left);
		return true;
	}

	/** Fewer of larger moments. */
	private mostAtOnce(): number {
		const mostBytes = this.options.mostWaitingBytes ?? usualMostWaitingBytes;
		const bytes = this.waiting[0]?.captured.vectors.byteLength ?? 0;
		return bytes === 0 ? mostWaiting : Math.min(mostWaiting, Math.max(2, Math.floor(mostBytes / bytes)));
	}

	/** Takes away the first map of a moment that is left out after all. */
	private forget({ id, look }: Waiting): void {
		this.write(look, async () => {
			const frame = this.frames.find((candidate) => candidate.id === id);
			if (!frame) return;
			this.frames = this.frames.filter((other) => other !== frame);
			this.dynamics.delete(id);
			await this.keep(Object.fromEntries(this.removal(id, 'all')));
			this.options.onFrame(describeFrame({ ...frame, hasMap: false, hasVectors: false }, false));
		});
	}

	private take(made: Made): void {
		const item = this.waiting.find(({ id }) => id === made.id);
		if (this.isEnded || !item) return; // left out meanwhile
		switch (made.kind) {
			case 'map': {
				const { shown, predictions } = made;
				if (item.isShown) this.options.onMap?.(item.id, shown.map, shown.method);
				else this.write(item.look, () => this.put(item, { shown, predictions, measures: null, seconds: 0 }));
				item.isShown = true;
				break;
			}
			case 'frame': {
				const { result, predictions, seconds } = made;
				const measures = measuresOf(result, this.options.points.count);
				this.write(item.look, async () => {
					await this.put(item, { shown: result, predictions, measures, seconds });
					this.lastNearest = { id: item.id, ids: result.nearest };
					this.leave(item);
				});
				break;
			}
			case 'failed':
				this.write(item.look, async () => {
					this.leave(item);
					this.report(item.look, made.error);
				});
				break;
			default:
				made satisfies never;
		}
	}

	private leave(item: Waiting): void {
		const place = this.waiting.indexOf(item);
		if (place >= 0) this.waiting.splice(place, 1);
	}

	private write(moment: SpaceMoment, work: () => Promise<void>): void {
		this.writing = this.writing.then(() => this.guarded(moment, work));
	}

	/** A full disk or a run that is gone ends the recording; what was kept stays. A storage that has lost the run of a
	 *  training gets it again with the run's next save, and later moments are kept then. */
	private async guarded(moment: SpaceMoment, work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (error) {
			const code = error instanceof UserError ? error.code : '';
			const isGone = code === 'storage-missing';
			if (!this.isFinishing && (isGone || code === 'storage-closed')) return;
			this.isEnded = true;
			this.engine.close?.();
			if (!isGone) this.report(moment, toWireError(error));
		}
	}

	/** Tells what went wrong. A bug ends the recording. */
	private report({ stageIndex, stage, epoch, step }: SpaceMoment, error: WireError): void {
		if (error.kind === 'bug') this.isEnded = true;
		this.lastProblem = error;
		this.options.onProblem({ stageIndex, stage, epoch, step }, error);
	}

	private async put(item: Waiting, { shown, predictions, measures, seconds }: MadeFrame): Promise<void> {
		const { id, look, captured } = item;
		const frame: StoredFrame = {
			id,
			stageIndex: look.stageIndex,
			stage: look.stage,
			epoch: look.epoch,
			step: look.step,
			isStageBest: look.isStageBest,
			isOnWay: measures === null,
			hasPredictions: predictions !== null,
			hasMap: true,
			hasVectors: true,
			method: shown.method,
			measures: measures ?? noMeasures(this.options.points),
			notes: shown.notes,
			captureSeconds: item.captureSeconds,
			frameSeconds: seconds,
		};
		this.frames = [...this.frames.filter((other) => other.id !== id), frame];
		this.frames.sort((left, right) => (isBefore(left, right) ? -1 : 1));
		if (predictions) this.dynamics.set(id, predictions);
		const stored = {
			map: shown.map,
			predicted: captured.predictions?.tags ?? null,
			confidence: predictions?.confidence ?? null,
		};
		const vectors = this.sizes.has(vectorsPartOf(id))
			? {}
			: { [vectorsPartOf(id)]: encodeVectorRows(captured.vectors, captured.dimension) };
		await this.keep({ [mapPart(id)]: encodeMap(stored), ...vectors });
		this.tell(frame);
	}

	/** Writes the list with these parts, and makes room for them. */
	private async keep(parts: Readonly<Record<string, Uint8Array | null>>): Promise<void> {
		if (await this.options.store.hasLost()) await this.beginAgain(parts);
		for (const [name, bytes] of Object.entries(parts)) {
			if (bytes) this.sizes.set(name, bytes.byteLength);
			else this.sizes.delete(name);
		}
		const removed = this.thinOut();
		await this.options.store.keep(this.frames, this.storedDynamics(), { ...parts, ...removed });
	}

	/** Storage has lost all parts: the points come back, and of earlier moments their measures. */
	private async beginAgain(parts: Readonly<Record<string, Uint8Array | null>>): Promise<void> {
		this.sizes.clear();
		for (const frame of this.frames) {
			frame.hasMap = mapPart(frame.id) in parts;
			frame.hasVectors = vectorsPartOf(frame.id) in parts;
			this.tell(frame);
		}
		await this.options.store.begin(this.options.points);
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

function rest(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

interface MadeFrame {
	shown: FrameOnWay;
	predictions: FramePredictions | null;
	/** Null while the frame is not done. */
	measures: FrameMeasures | null;
	seconds: number;
}
