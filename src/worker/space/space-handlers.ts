// Answers the page's requests about the representations of a run from what is stored with it, also while it is active.

import { normalizedRows, rowDistance } from '../../analysis/labelled-rows';
import { neighbourPurity } from '../../analysis/neighbour-purity';
import { segmentationIndex } from '../../analysis/segmentation-index';
import { mentionsOfPoints, spansOfIds } from '../../analysis/space-mentions';
import { suspiciousMentions } from '../../analysis/suspicious-labels';
import { mentionDynamics } from '../../analysis/training-dynamics';
import type { Span } from '../../data/span';
import { isBefore } from '../../experiment/space-snapshot';
import { findNeighbours } from '../../projection/neighbour-search';
import { nearestIds } from '../../projection/neighbours';
import { purityNeighbours } from '../../projection/snapshot-work';
import type { StoredMap, StoredPoints, StoredSnapshot } from '../../storage/workspace/space-record';
import { invariant } from '../../util/errors';
import {
	defaultMapSettings,
	type SelectionMeasures,
	type SnapshotData,
	type SpaceCommands,
	type SpaceSnapshot,
} from '../../wire/space';
import { transferring } from '../../wire/transfer';
import type { WireError } from '../../wire/wire-error';
import type { Emit, Handlers } from '../serve';
import type { Task } from '../tasks';
import type { WorkerContext } from '../worker-context';
import { positionsOf } from './snapshot-parts';
import { type ContrastTools, inspectContrast } from './space-contrast';
import { type ExportedFile, exportMeasures, exportPoints, exportProjector } from './space-export';
import { type MadeMap, type MapRequest, projectByRequest } from './space-projection';
import { describeSnapshot, SpaceStore } from './space-store';

export interface SpaceTools extends ContrastTools {
	emit: Emit;
	/** Milliseconds from any fixed time. */
	now(): number;
	breathe(): Promise<void>;
	/** Snapshots of a run that are captured but not measured yet, and why the last one failed. */
	recordingOf(runId: string): { waiting: number; note: WireError | null };
	/** Makes maps by request; here, unless given. */
	project?(task: Task, request: MapRequest, tools: { emit: Emit; now(): number }): Promise<MadeMap>;
	/** Nearest points of each point in a snapshot of the active run, where it was just made. [n, k] */
	nearestOf?(runId: string, snapshot: number): Int32Array | null;
}

const searchSliceMs = 25;

export function spaceHandlers(context: WorkerContext, tools: SpaceTools): Pick<Handlers, keyof SpaceCommands> {
	let last: SpaceStore | null = null;
	const storeOf = async (runId: string): Promise<SpaceStore> => {
		if (last?.runId !== runId) last = new SpaceStore(await context.workspace(), runId, context.nowMs);
		return last;
	};
	/** Neighbours of all points in one snapshot: asked for again and again while the page shows it. */
	let lastNearest: { key: string; ids: Promise<Int32Array> } | null = null;
	const nearestAt = (store: SpaceStore, snapshot: number): Promise<Int32Array> => {
		const known = tools.nearestOf?.(store.runId, snapshot);
		if (known) return Promise.resolve(known);
		const key = `${store.runId} ${snapshot}`;
		if (lastNearest?.key !== key) lastNearest = { key, ids: searchNearest(store, snapshot, tools) };
		lastNearest.ids.catch(() => (lastNearest = null));
		return lastNearest.ids;
	};
	return {
		'space-points': async ({ runId }) => ({ runId, ...(await (await storeOf(runId)).points()) }),
		'space-snapshots': async ({ runId }) => {
			const snapshots = await (await storeOf(runId)).snapshots();
			const recording = tools.recordingOf(runId);
			return { snapshots: describeAll(snapshots, recording.waiting > 0), settings: defaultMapSettings, ...recording };
		},
		'space-snapshot': async ({ runId, snapshot }) => {
			const data = await snapshotData(await storeOf(runId), snapshot, tools.recordingOf(runId).waiting > 0);
			return transferring(data, [data.map, data.predicted, data.confidence, data.isRight]);
		},
		'space-neighbours': async ({ runId, snapshot, point, count }) => {
			const { vectors, dimension } = await (await storeOf(runId)).vectors(snapshot);
			return { neighbours: nearestOf(vectors, dimension, point, count) };
		},
		'space-sentence': async ({ runId, snapshot, sentence }) => {
			const store = await storeOf(runId);
			const points = await store.points();
			const predictions = await store.map(snapshot);
			const { offset, characters } = points.sentences[sentence];
			const range = [offset, offset + characters.length] as const;
			return {
				sentence: points.sentences[sentence],
				gold: spansOfIds(points.goldOfCharacters.subarray(...range), points.tags),
				predicted: predictions.predicted && spansOfIds(predictions.predicted.subarray(...range), points.tags),
				confidence: predictions.confidence && inShares(predictions.confidence.subarray(...range)),
				points: Array.from(points.sentence.keys()).filter((point) => points.sentence[point] === sentence),
			};
		},
		'project-space': ({ task, runId, snapshot, settings, points: chosen, alignTo }) =>
			context.tasks.run(task, async (running) => {
				const store = await storeOf(runId);
				const { vectors, dimension } = await store.vectors(snapshot);
				const { map } = await store.map(snapshot);
				const points = { values: rowsOf(vectors, dimension, chosen), count: 0, dimension };
				points.count = points.values.length / dimension;
				const request = { name: task, points, settings, alignTo: alignTo ?? rowsOf(map, 2, chosen) };
				const made = await (tools.project ?? projectByRequest)(running, request, tools);
				return transferring(made, [made.map]);
			}),
		'space-suspicious': async ({ runId, snapshot, limit }) => {
			const store = await storeOf(runId);
			const neighbourIds = await nearestAt(store, snapshot);
			const mentions = await doubtful(store, snapshot, neighbourIds);
			const { count } = await store.points();
			return { mentions: mentions.slice(0, limit), of: mentions.length, neighbours: neighbourIds.length / count };
		},
		'space-measures': async ({ runId, snapshot, points: chosen }) => {
			const store = await storeOf(runId);
			const { vectors, dimension } = await store.vectors(snapshot);
			return measureSelection(await store.points(), await nearestAt(store, snapshot), chosen, { vectors, dimension });
		},
		'space-contrast': async ({ runId, source, temperature }) =>
			inspectContrast(runId, await (await storeOf(runId)).points(), { source, temperature }, tools),
		'export-space': async ({ runId, snapshot, what, format }) => {
			const store = await storeOf(runId);
			const files = await exported(store, { snapshot, what, format });
			return { files: files.map(({ name, text }) => ({ name, file: new Blob([text]) })) };
		},
	};
}

/** Once a run is no longer recorded, its unfinished snapshots are marked as not measured. */
function describeAll(snapshots: readonly StoredSnapshot[], isAtWork = true): SpaceSnapshot[] {
	return snapshots.map((snapshot, index) => currentSnapshot(snapshot, index === snapshots.length - 1, isAtWork));
}

function currentSnapshot(snapshot: StoredSnapshot, isLatest: boolean, isAtWork: boolean): SpaceSnapshot {
	const described = describeSnapshot(snapshot, isLatest);
	if (!described.isOnWay || isAtWork) return described;
	return { ...described, isOnWay: false, notes: [...described.notes, { kind: 'not-measured' }] };
}

async function snapshotData(store: SpaceStore, id: number, isAtWork = true): Promise<SnapshotData> {
	const snapshots = await store.snapshots();
	const stored = await store.map(id); // refused when there is none
	const points = await store.points();
	const snapshot = snapshots.find((candidate) => candidate.id === id);
	invariant(snapshot, `no snapshot ${id} beside its map`);
	return {
		snapshot: currentSnapshot(snapshot, snapshots.at(-1) === snapshot, isAtWork),
		map: stored.map,
		method: snapshot.method,
		...predictionsOfPoints(points, stored),
	};
}

function predictionsOfPoints(
	points: StoredPoints,
	{ predicted, confidence }: StoredMap,
): Pick<SnapshotData, 'predicted' | 'confidence' | 'isRight'> {
	if (!predicted || !confidence) return { predicted: null, confidence: null, isRight: null };
	const { sentences, sentence, character, gold } = points;
	const indices = Int32Array.from(sentence, (number, point) => sentences[number].offset + character[point]);
	const tags = Uint8Array.from(indices, (index) => predicted[index]);
	return {
		predicted: tags,
		confidence: Float32Array.from(indices, (index) => confidence[index] / 255),
		isRight: tags.map((tag, point) => (tag === gold[point] ? 1 : 0)),
	};
}

function inShares(bytes: Uint8Array): Float32Array {
	return Float32Array.from(bytes, (value) => value / 255);
}

/** Rows of the chosen points, all where none are. */
function rowsOf(values: Float32Array, width: number, chosen: Int32Array | null): Float32Array {
	if (!chosen) return values;
	const out = new Float32Array(chosen.length * width);
	for (const [row, point] of chosen.entries()) {
		out.set(values.subarray(point * width, (point + 1) * width), row * width);
	}
	return out;
}

function nearestOf(vectors: Float32Array, dimension: number, point: number, count: number) {
	const all = Array.from({ length: vectors.length / dimension }, (_, other) => ({
		point: other,
		distance: rowDistance(vectors, dimension, point, other),
	}));
	return all
		.filter((neighbour) => neighbour.point !== point)
		.sort((left, right) => left.distance - right.distance)
		.slice(0, count);
}

/** [n, k], k as purity has it, fewer where there are too few points. Lets commands be heard on the way. */
async function searchNearest(store: SpaceStore, snapshot: number, { now, breathe }: SpaceTools): Promise<Int32Array> {
	const { vectors: values, dimension } = await store.vectors(snapshot);
	const count = values.length / dimension;
	if (count < 2) return new Int32Array(0);
	const search = await findNeighbours({ values, count, dimension }, purityNeighbours, { neighbours: 'auto', seed: 1 });
	let until = now() + searchSliceMs;
	let next = search.next();
	for (; !next.done; next = search.next()) {
		if (now() < until) continue;
		await breathe();
		until = now() + searchSliceMs;
	}
	return nearestIds(next.value, purityNeighbours);
}

async function doubtful(store: SpaceStore, id: number, neighbourIds: Int32Array) {
	const points = await store.points();
	const snapshots = await store.snapshots();
	const snapshot = await store.snapshot(id);
	const dynamics = await store.dynamics();
	const mentions = mentionsOfPoints(positionsOf(points));
	const soFar = snapshots.filter((other) => other.id === id || isBefore(other, snapshot)).map((other) => other.id);
	const epochs = dynamics.snapshots.filter((other) => soFar.includes(other)).length;
	const gold = dynamics.gold.subarray(0, epochs * mentions.length);
	const isRight = dynamics.isRight.subarray(0, epochs * mentions.length);
	const { predicted } = snapshot.hasMap ? await store.map(id) : { predicted: null };
	const spans = new Map<number, Span[]>();
	const predictedIn = (sentence: number): Span[] | null => {
		if (!predicted) return null;
		const { offset, characters } = points.sentences[sentence];
		const known =
			spans.get(sentence) ?? spansOfIds(predicted.subarray(offset, offset + characters.length), points.tags);
		spans.set(sentence, known);
		return known;
	};
	return suspiciousMentions({
		mentions,
		types: points.type,
		entityTypes: points.entityTypes,
		neighbourIds,
		neighbours: neighbourIds.length / points.count,
		dynamicsOf: (mention) => mentionDynamics(gold, isRight, mentions.length, mention),
		predictedIn,
	});
}

/** Purity with neighbours among all points, the segmentation index among the chosen ones. */
function measureSelection(
	points: StoredPoints,
	neighbourIds: Int32Array,
	chosen: Int32Array,
	{ vectors, dimension }: { vectors: Float32Array; dimension: number },
): SelectionMeasures {
	const typeCount = points.entityTypes.length;
	const isChosen = new Uint8Array(points.count);
	for (const point of chosen) isChosen[point] = 1;
	const rows = {
		values: normalizedRows(rowsOf(vectors, dimension, chosen), dimension),
		count: chosen.length,
		dimension,
		types: Int32Array.from(chosen, (point) => points.type[point]),
		typeCount,
	};
	const isBegin = Uint8Array.from(chosen, (point) => points.isBegin[point]);
	return {
		purity: neighbourPurity(
			{ count: points.count, types: Int32Array.from(points.type), typeCount },
			neighbourIds,
			(row) => isChosen[row] === 1,
		),
		segmentation: segmentationIndex(rows, isBegin),
		points: chosen.length,
	};
}

async function exported(
	store: SpaceStore,
	{ snapshot, what, format }: Pick<SpaceCommands['export-space']['request'], 'snapshot' | 'what' | 'format'>,
): Promise<ExportedFile[]> {
	const points = await store.points();
	switch (what) {
		case 'points':
			return exportPoints(points, await snapshotData(store, snapshot), format);
		case 'measures':
			return exportMeasures(points.entityTypes, describeAll(await store.snapshots()), format);
		case 'projector':
			return exportProjector(points, await snapshotData(store, snapshot), await store.vectors(snapshot));
		default:
			return what satisfies never;
	}
}
