// Questions about the representations of a run, answered from what is kept with it, also while it goes on.

import { normalizedRows, rowDistance } from '../../analysis/labelled-rows';
import { neighbourPurity } from '../../analysis/neighbour-purity';
import { segmentationIndex } from '../../analysis/segmentation-index';
import { mentionsOfPoints, spansOfIds } from '../../analysis/space-mentions';
import { suspiciousMentions } from '../../analysis/suspicious-labels';
import { mentionDynamics } from '../../analysis/training-dynamics';
import type { Span } from '../../data/span';
import { isBefore } from '../../experiment/space-moment';
import { purityNeighbours } from '../../projection/frame-work';
import { findNeighbours } from '../../projection/neighbour-search';
import { nearestIds } from '../../projection/neighbours';
import type { StoredFrame, StoredMap, StoredPoints } from '../../storage/workspace/space-record';
import { invariant } from '../../util/errors';
import {
	defaultMapSettings,
	type FrameData,
	type SelectionMeasures,
	type SpaceCommands,
	type SpaceFrame,
} from '../../wire/space';
import { transferring } from '../../wire/transfer';
import type { WireError } from '../../wire/wire-error';
import type { Emit, Handlers } from '../serve';
import type { Task } from '../tasks';
import type { WorkerContext } from '../worker-context';
import { placesOf } from './frame-parts';
import { type ContrastTools, inspectContrast } from './space-contrast';
import { type ExportedFile, exportMeasures, exportPoints, exportProjector } from './space-export';
import { type MadeMap, type MapRequest, projectByRequest } from './space-projection';
import { describeFrame, SpaceStore } from './space-store';

export interface SpaceTools extends ContrastTools {
	emit: Emit;
	/** Milliseconds from any fixed moment. */
	now(): number;
	breathe(): Promise<void>;
	/** Moments of a run that are read but not measured yet, and why the last one failed. */
	recordingOf(runId: string): { waiting: number; note: WireError | null };
	/** Makes maps by request; here, unless given. */
	project?(task: Task, request: MapRequest, tools: { emit: Emit; now(): number }): Promise<MadeMap>;
	/** Nearest points of all points at a moment of the run that goes on, where its frame was just made. [n, k] */
	nearestOf?(runId: string, frame: number): Int32Array | null;
}

const searchSliceMs = 25;

export function spaceHandlers(context: WorkerContext, tools: SpaceTools): Pick<Handlers, keyof SpaceCommands> {
	let last: SpaceStore | null = null;
	const storeOf = async (runId: string): Promise<SpaceStore> => {
		if (last?.runId !== runId) last = new SpaceStore(await context.workspace(), runId, context.nowMs);
		return last;
	};
	/** Neighbours of all points at one moment: asked for again and again while one frame is looked at. */
	let lastNearest: { key: string; ids: Promise<Int32Array> } | null = null;
	const nearestAt = (store: SpaceStore, frame: number): Promise<Int32Array> => {
		const known = tools.nearestOf?.(store.runId, frame);
		if (known) return Promise.resolve(known);
		const key = `${store.runId} ${frame}`;
		if (lastNearest?.key !== key) lastNearest = { key, ids: searchNearest(store, frame, tools) };
		lastNearest.ids.catch(() => (lastNearest = null));
		return lastNearest.ids;
	};
	return {
		'space-points': async ({ runId }) => ({ runId, ...(await (await storeOf(runId)).points()) }),
		'space-frames': async ({ runId }) => {
			const frames = await (await storeOf(runId)).frames();
			const recording = tools.recordingOf(runId);
			return { frames: describeAll(frames, recording.waiting > 0), settings: defaultMapSettings, ...recording };
		},
		'space-frame': async ({ runId, frame }) => {
			const data = await frameData(await storeOf(runId), frame, tools.recordingOf(runId).waiting > 0);
			return transferring(data, [data.map, data.predicted, data.confidence, data.isRight]);
		},
		'space-neighbours': async ({ runId, frame, point, count }) => {
			const { vectors, dimension } = await (await storeOf(runId)).vectors(frame);
			return { neighbours: nearestOf(vectors, dimension, point, count) };
		},
		'space-sentence': async ({ runId, frame, sentence }) => {
			const store = await storeOf(runId);
			const points = await store.points();
			const predictions = await store.map(frame);
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
		'project-space': ({ task, runId, frame, settings, points: chosen, alignTo }) =>
			context.tasks.run(task, async (running) => {
				const store = await storeOf(runId);
				const { vectors, dimension } = await store.vectors(frame);
				const { map } = await store.map(frame);
				const points = { values: rowsOf(vectors, dimension, chosen), count: 0, dimension };
				points.count = points.values.length / dimension;
				const request = { name: task, points, settings, alignTo: alignTo ?? rowsOf(map, 2, chosen) };
				const made = await (tools.project ?? projectByRequest)(running, request, tools);
				return transferring(made, [made.map]);
			}),
		'space-suspicious': async ({ runId, frame, limit }) => {
			const store = await storeOf(runId);
			const neighbourIds = await nearestAt(store, frame);
			const mentions = await doubtful(store, frame, neighbourIds);
			const { count } = await store.points();
			return { mentions: mentions.slice(0, limit), of: mentions.length, neighbours: neighbourIds.length / count };
		},
		'space-measures': async ({ runId, frame, points: chosen }) => {
			const store = await storeOf(runId);
			const { vectors, dimension } = await store.vectors(frame);
			return measureSelection(await store.points(), await nearestAt(store, frame), chosen, { vectors, dimension });
		},
		'space-contrast': async ({ runId, source, temperature }) =>
			inspectContrast(runId, await (await storeOf(runId)).points(), { source, temperature }, tools),
		'export-space': async ({ runId, frame, what, format }) => {
			const store = await storeOf(runId);
			const files = await exported(store, { frame, what, format });
			return { files: files.map(({ name, text }) => ({ name, file: new Blob([text]) })) };
		},
	};
}

/** Of a run whose frames nobody makes any more those that were not done are said to be so. */
function describeAll(frames: readonly StoredFrame[], isAtWork = true): SpaceFrame[] {
	return frames.map((frame, place) => toldFrame(frame, place === frames.length - 1, isAtWork));
}

function toldFrame(frame: StoredFrame, isLatest: boolean, isAtWork: boolean): SpaceFrame {
	const told = describeFrame(frame, isLatest);
	if (!told.isOnWay || isAtWork) return told;
	return { ...told, isOnWay: false, notes: [...told.notes, { kind: 'not-measured' }] };
}

async function frameData(store: SpaceStore, id: number, isAtWork = true): Promise<FrameData> {
	const frames = await store.frames();
	const stored = await store.map(id); // refused when there is none
	const points = await store.points();
	const frame = frames.find((candidate) => candidate.id === id);
	invariant(frame, `no frame ${id} beside its map`);
	return {
		frame: toldFrame(frame, frames.at(-1) === frame, isAtWork),
		map: stored.map,
		method: frame.method,
		...predictionsOfPoints(points, stored),
	};
}

function predictionsOfPoints(
	points: StoredPoints,
	{ predicted, confidence }: StoredMap,
): Pick<FrameData, 'predicted' | 'confidence' | 'isRight'> {
	if (!predicted || !confidence) return { predicted: null, confidence: null, isRight: null };
	const { sentences, sentence, character, gold } = points;
	const places = Int32Array.from(sentence, (number, point) => sentences[number].offset + character[point]);
	const tags = Uint8Array.from(places, (place) => predicted[place]);
	return {
		predicted: tags,
		confidence: Float32Array.from(places, (place) => confidence[place] / 255),
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
async function searchNearest(store: SpaceStore, frame: number, { now, breathe }: SpaceTools): Promise<Int32Array> {
	const { vectors: values, dimension } = await store.vectors(frame);
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
	const frames = await store.frames();
	const frame = await store.frame(id);
	const dynamics = await store.dynamics();
	const mentions = mentionsOfPoints(placesOf(points));
	const soFar = frames.filter((other) => other.id === id || isBefore(other, frame)).map((other) => other.id);
	const epochs = dynamics.frames.filter((other) => soFar.includes(other)).length;
	const gold = dynamics.gold.subarray(0, epochs * mentions.length);
	const isRight = dynamics.isRight.subarray(0, epochs * mentions.length);
	const { predicted } = frame.hasMap ? await store.map(id) : { predicted: null };
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
	{ frame, what, format }: Pick<SpaceCommands['export-space']['request'], 'frame' | 'what' | 'format'>,
): Promise<ExportedFile[]> {
	const points = await store.points();
	switch (what) {
		case 'points':
			return exportPoints(points, await frameData(store, frame), format);
		case 'measures':
			return exportMeasures(points.entityTypes, describeAll(await store.frames()), format);
		case 'projector':
			return exportProjector(points, await frameData(store, frame), await store.vectors(frame));
		default:
			return what satisfies never;
	}
}
