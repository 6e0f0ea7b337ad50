// Records snapshots of an active run: takes the captured representations, has measures and map made of them, and stores
// them; what can be shown earlier is reported on the way. At most a few snapshots wait; where training is faster, snapshots
// in between are skipped, never the start nor a stage's best epoch. Old vectors make room for new ones.

import type { SnapshotPredictions } from '../../analysis/snapshot-predictions';
import { type MentionOfPoints, mentionsOfPoints } from '../../analysis/space-mentions';
import { isBefore, type SnapshotKey } from '../../experiment/space-snapshot';
import type { UnfinishedSnapshot } from '../../projection/snapshot-work';
import {
	encodeMap,
	encodeVectorRows,
	mapPart,
	type StoredDynamics,
	type StoredPoints,
	type StoredSnapshot,
	vectorsPartOf,
} from '../../storage/workspace/space-record';
import { UserError } from '../../util/errors';
import type { SnapshotMeasures, SpaceSnapshot } from '../../wire/space';
import { toWireError, type WireError } from '../../wire/wire-error';
import type { EngineMaker, SnapshotEngine } from './snapshot-helper';
import { type CapturedSnapshot, type Made, SnapshotMaker } from './snapshot-maker';
import { isLasting, isSameKey, joined, measuresOf, noMeasures, positionsOf } from './snapshot-parts';
import { describeSnapshot, type SpaceStore } from './space-store';

export interface SnapshotInfo extends SnapshotKey {
	isStageBest: boolean;
	hasPredictions: boolean;
}

export interface RecorderOptions {
	store: SpaceStore;
	points: StoredPoints;
	/** Milliseconds from any fixed time. */
	now(): number;
	/** A snapshot is ready, or one changed. */
	onSnapshotChange(snapshot: SpaceSnapshot): void;
	/** A newer map of a snapshot that is not finished. [n, 2] */
	onMap?(snapshot: number, map: Float32Array, method: 'pca' | 'tsne'): void;
	onProblem(key: SnapshotKey, error: WireError): void;
	/** Where snapshots are made: here, between the steps of training, unless given. */
	openEngine?: EngineMaker;
	/** Bytes of the vectors of all snapshots that wait. */
	maxWaitingBytes?: number;
	/** Bytes of a run's snapshots, beyond which old ones are removed. */
	maxBytes?: number;
}

interface Waiting {
	id: number;
	info: SnapshotInfo;
	captured: CapturedSnapshot;
	captureSeconds: number;
	/** Whether its first map is stored. */
	isShown: boolean;
}

/** Snapshots that wait at most, besides those that must not be skipped. */
export const maxWaiting = 8;
const defaultMaxWaitingBytes = 64 * 2 ** 20;
/** Capturing takes at most this share of the time, after the first few snapshots. */
const captureShare = 0.1;
const freeCaptures = 8;
/** Between two checks whether snapshots that are made in another worker have arrived. */
const restMs = 50;
const defaultMaxBytes = 96 * 2 ** 20;

export class SpaceRecorder {
	private snapshots: StoredSnapshot[] = [];
	/** By id of the snapshot. */
	private readonly dynamics = new Map<number, Pick<SnapshotPredictions, 'gold' | 'isRight'>>();
	/** By part. */
	private sizes = new Map<string, number>();
	private readonly mentions: MentionOfPoints[];
	private readonly waiting: Waiting[] = [];
	private readonly engine: SnapshotEngine;
	/** Nearest points of each point in the snapshot that was finished last. */
	private lastNearest: { id: number; ids: Int32Array } | null = null;
	private isFinishing = false;
	private readonly startedAt: number;
	private captures = 0;
	private captureMs = 0;
	private isEnded = false;
	/** What went wrong last; null while all goes well. */
	lastProblem: WireError | null = null;
	/** Everything is written in the order in which it was made. */
	private writing: Promise<void> = Promise.resolve();

	private constructor(
		private readonly options: RecorderOptions,
		lastMap: Float32Array | null,
	) {
		const { points, now, openEngine } = options;
		this.mentions = mentionsOfPoints(positionsOf(points));
		this.startedAt = now();
		const onMade = (made: Made) => this.take(made);
		this.engine = (openEngine ?? ((own) => new SnapshotMaker(own)))({ points, lastMap, now, onMade });
	}

	/** For a new run. */
	static async begin(options: RecorderOptions): Promise<SpaceRecorder> {
		await options.store.begin(options.points);
		return new SpaceRecorder(options, null);
	}

	/** For a resumed run: its snapshots before the position where it resumes stay. */
	static async resume(
		options: RecorderOptions,
		position: Pick<SnapshotKey, 'stageIndex' | 'epoch'>,
	): Promise<SpaceRecorder> {
		const { store } = options;
		const key = { ...position, stage: '', step: 0 };
		const all = await store.snapshots();
		const snapshots = all.filter((snapshot) => isBefore(snapshot, key));
		const latest = snapshots.findLast(({ hasMap }) => hasMap);
		const recorder = new SpaceRecorder(options, latest ? (await store.map(latest.id)).map : null);
		await recorder.restore(
			snapshots,
			all.filter((snapshot) => !snapshots.includes(snapshot)),
		);
		return recorder;
	}

	/** Snapshots that wait, the one in progress included. */
	get waitingCount(): number {
		return this.waiting.length;
	}

	/** Captures a snapshot by `read`, unless it is known or there is no time for it. Rejects with what `read` throws. */
	async capture(info: SnapshotInfo, read: () => Promise<CapturedSnapshot>): Promise<void> {
		if (this.isEnded || (await this.isKnown(info)) || !this.makeRoomFor(info)) return;
		const startedAt = this.options.now();
		const captured = await read();
		const captureMs = this.options.now() - startedAt;
		this.captures++;
		this.captureMs += captureMs;
		const id = this.idFor(info);
		this.waiting.push({ id, info, captured, captureSeconds: captureMs / 1000, isShown: false });
		this.engine.add(id, captured);
	}

	/** Nearest points of each point in a snapshot, where they are still in memory. [n, k] */
	nearestOf(snapshot: number): Int32Array | null {
		return this.lastNearest?.id === snapshot ? this.lastNearest.ids : null;
	}

	/** Works for about `sliceMs`; resolves to whether something is left to do here. One call at a time. */
	async pull(sliceMs: number): Promise<boolean> {
		if (this.isEnded || !(await this.engine.work(sliceMs))) {
			if (this.isFinishing) await this.writing;
			return false;
		}
		await this.writing;
		return !this.isEnded;
	}

	/** Finishes everything that waits. */
	async finish(breathe: () => Promise<void>, sliceMs = 25): Promise<void> {
		this.isFinishing = true;
		this.engine.finishNow?.();
		while (!this.isEnded && this.waiting.length > 0) {
			const isLeft = await this.pull(sliceMs);
			await (isLeft || this.waiting.length === 0 ? breathe() : rest(restMs));
		}
		await this.writing;
	}

	/** Drops what waits; a write in progress is completed. */
	async end(): Promise<void> {
		this.isEnded = true;
		this.engine.close?.();
		await this.writing;
		this.waiting.length = 0;
	}

	private async restore(snapshots: StoredSnapshot[], late: readonly StoredSnapshot[]): Promise<void> {
		const { store } = this.options;
		this.snapshots = snapshots;
		this.sizes = await store.sizes();
		this.rememberDynamics(await store.dynamics());
		if (late.length > 0) await this.keep(Object.fromEntries(late.flatMap(({ id }) => this.removal(id, 'all'))));
	}

	/** The id of the snapshot if it exists already, else a new one. */
	private idFor(info: SnapshotInfo): number {
		const known = this.snapshots.find((snapshot) => isSameKey(snapshot, info));
		if (known) return known.id;
		return 1 + [...this.snapshots, ...this.waiting].reduce((highest, { id }) => Math.max(highest, id), 0);
	}

	private rememberDynamics({ snapshots, gold, isRight }: StoredDynamics): void {
		const count = this.mentions.length;
		for (const [row, id] of snapshots.entries()) {
			if (!this.snapshots.some((snapshot) => snapshot.id === id)) continue;
			const range = [row * count, (row + 1) * count] as const;
			this.dynamics.set(id, { gold: gold.slice(...range), isRight: isRight.slice(...range) });
		}
	}

	/** Also notes that a snapshot turned out to be the best of its stage. */
	private async isKnown(info: SnapshotInfo): Promise<boolean> {
		const waits = this.waiting.find((item) => isSameKey(item.info, info));
		if (waits) {
			waits.info.isStageBest ||= info.isStageBest;
			return true;
		}
		const snapshot = this.snapshots.find((candidate) => isSameKey(candidate, info));
		if (!snapshot) return false;
		if (!info.isStageBest || snapshot.isStageBest) return true;
		if (!snapshot.hasVectors) return false;
		snapshot.isStageBest = true;
		this.write(info, async () => {
			await this.keep({});
			this.announce(snapshot);
		});
		await this.writing;
		return true;
	}

	/** Whether there is time and room to capture this snapshot; skips one in between where too many wait. */
	private makeRoomFor(info: SnapshotInfo): boolean {
		if (isLasting(info)) return true;
		const elapsedMs = this.options.now() - this.startedAt;
		if (this.captures >= freeCaptures && this.captureMs > captureShare * elapsedMs) return false;
		if (this.waiting.length < this.maxAtOnce()) return true;
		const spare = this.waiting.findIndex((item, index) => index > 0 && !isLasting(item.info));
		if (spare < 0) return false;
		const [skipped] = this.waiting.splice(spare, 1);
		this.engine.drop(skipped.id);
		if (skipped.isShown) this.forget(skipped);
		return true;
	}

	/** Fewer of larger snapshots. */
	private maxAtOnce(): number {
		const maxBytes = this.options.maxWaitingBytes ?? defaultMaxWaitingBytes;
		const bytes = this.waiting[0]?.captured.vectors.byteLength ?? 0;
		return bytes === 0 ? maxWaiting : Math.min(maxWaiting, Math.max(2, Math.floor(maxBytes / bytes)));
	}

	/** Removes the first map of a snapshot that is skipped after all. */
	private forget({ id, info }: Waiting): void {
		this.write(info, async () => {
			const snapshot = this.snapshots.find((candidate) => candidate.id === id);
			if (!snapshot) return;
			this.snapshots = this.snapshots.filter((other) => other !== snapshot);
			this.dynamics.delete(id);
			await this.keep(Object.fromEntries(this.removal(id, 'all')));
			this.options.onSnapshotChange(describeSnapshot({ ...snapshot, hasMap: false, hasVectors: false }, false));
		});
	}

	private take(made: Made): void {
		const item = this.waiting.find(({ id }) => id === made.id);
		if (this.isEnded || !item) return; // skipped meanwhile
		switch (made.kind) {
			case 'map': {
				const { shown, predictions } = made;
				if (item.isShown) this.options.onMap?.(item.id, shown.map, shown.method);
				else this.write(item.info, () => this.put(item, { shown, predictions, measures: null, seconds: 0 }));
				item.isShown = true;
				break;
			}
			case 'snapshot': {
				const { result, predictions, seconds } = made;
				const measures = measuresOf(result, this.options.points.count);
				this.write(item.info, async () => {
					await this.put(item, { shown: result, predictions, measures, seconds });
					this.lastNearest = { id: item.id, ids: result.nearest };
					this.leave(item);
				});
				break;
			}
			case 'failed':
				this.write(item.info, async () => {
					this.leave(item);
					this.report(item.info, made.error);
				});
				break;
			default:
				made satisfies never;
		}
	}

	private leave(item: Waiting): void {
		const index = this.waiting.indexOf(item);
		if (index >= 0) this.waiting.splice(index, 1);
	}

	private write(key: SnapshotKey, work: () => Promise<void>): void {
		this.writing = this.writing.then(() => this.guarded(key, work));
	}

	/** A full disk or a deleted run ends the recording; what was stored stays. Storage that has lost an active run
	 *  gets it again with the run's next save, and later snapshots are stored then. */
	private async guarded(key: SnapshotKey, work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (error) {
			const code = error instanceof UserError ? error.code : '';
			const isGone = code === 'storage-missing';
			if (!this.isFinishing && (isGone || code === 'storage-closed')) return;
			this.isEnded = true;
			this.engine.close?.();
			if (!isGone) this.report(key, toWireError(error));
		}
	}

	/** A bug ends the recording. */
	private report({ stageIndex, stage, epoch, step }: SnapshotKey, error: WireError): void {
		if (error.kind === 'bug') this.isEnded = true;
		this.lastProblem = error;
		this.options.onProblem({ stageIndex, stage, epoch, step }, error);
	}

	private async put(item: Waiting, { shown, predictions, measures, seconds }: MadeSnapshot): Promise<void> {
		const { id, info, captured } = item;
		const snapshot: StoredSnapshot = {
			id,
			stageIndex: info.stageIndex,
			stage: info.stage,
			epoch: info.epoch,
			step: info.step,
			isStageBest: info.isStageBest,
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
		this.snapshots = [...this.snapshots.filter((other) => other.id !== id), snapshot];
		this.snapshots.sort((left, right) => (isBefore(left, right) ? -1 : 1));
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
		this.announce(snapshot);
	}

	/** Stores the list with these parts, and makes room for them. */
	private async keep(parts: Readonly<Record<string, Uint8Array | null>>): Promise<void> {
		if (await this.options.store.hasLost()) await this.beginAgain(parts);
		for (const [name, bytes] of Object.entries(parts)) {
			if (bytes) this.sizes.set(name, bytes.byteLength);
			else this.sizes.delete(name);
		}
		const removed = this.thinOut();
		await this.options.store.keep(this.snapshots, this.storedDynamics(), { ...parts, ...removed });
	}

	/** Storage has lost all parts: the points are stored again, and of earlier snapshots the measures. */
	private async beginAgain(parts: Readonly<Record<string, Uint8Array | null>>): Promise<void> {
		this.sizes.clear();
		for (const snapshot of this.snapshots) {
			snapshot.hasMap = mapPart(snapshot.id) in parts;
			snapshot.hasVectors = vectorsPartOf(snapshot.id) in parts;
			this.announce(snapshot);
		}
		await this.options.store.begin(this.options.points);
	}

	/** Removals until the rest fits: first vectors, then maps, of the oldest snapshots that are neither lasting nor the latest. */
	private thinOut(): Record<string, null> {
		const removed: Record<string, null> = {};
		const maxBytes = this.options.maxBytes ?? defaultMaxBytes;
		for (const what of ['vectors', 'all'] as const) {
			for (const snapshot of this.snapshots.slice(0, -1)) {
				const total = [...this.sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
				if (total <= maxBytes) return removed;
				if (isLasting(snapshot) || !(what === 'vectors' ? snapshot.hasVectors : snapshot.hasMap)) continue;
				Object.assign(removed, Object.fromEntries(this.removal(snapshot.id, what)));
				snapshot.hasVectors = false;
				if (what === 'all') snapshot.hasMap = false;
				for (const name of Object.keys(removed)) this.sizes.delete(name);
				this.announce(snapshot);
			}
		}
		return removed;
	}

	private removal(id: number, what: 'vectors' | 'all'): [string, null][] {
		const names = what === 'all' ? [vectorsPartOf(id), mapPart(id)] : [vectorsPartOf(id)];
		return names.filter((name) => this.sizes.has(name)).map((name) => [name, null]);
	}

	private storedDynamics(): StoredDynamics {
		const rows = this.snapshots.flatMap(({ id }) => {
			const row = this.dynamics.get(id);
			return row ? [{ id, ...row }] : [];
		});
		return {
			snapshots: Int32Array.from(rows, ({ id }) => id),
			gold: joined(rows.map(({ gold }) => gold)),
			isRight: joined(rows.map(({ isRight }) => isRight)),
		};
	}

	private announce(snapshot: StoredSnapshot): void {
		this.options.onSnapshotChange(describeSnapshot(snapshot, this.snapshots.at(-1) === snapshot));
	}
}

function rest(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

interface MadeSnapshot {
	shown: UnfinishedSnapshot;
	predictions: SnapshotPredictions | null;
	/** Null while the snapshot is not finished. */
	measures: SnapshotMeasures | null;
	seconds: number;
}
