// Parts of a stored run about its representations: which tokens (`frames/points`), what was measured at each moment
// (`frames/list`), training dynamics (`frames/dynamics`), and for each kept moment its map with predictions and its vectors.
// Vectors are kept as float16, probabilities in steps of 1/255. n points, C characters, D width, M mentions, F frames.

import type { SentenceRef, SplitName, TextUnit } from '../../data/corpus';
import type { PointColumns } from '../../experiment/point-columns';
import type { SpaceMoment } from '../../experiment/space-moment';
import { halvesOf } from '../half-floats';
import { readFloats, type StoredTensor, storeNumbers } from '../stored-tensor';
import {
	decodeWorkbenchFile,
	encodeWorkbenchFile,
	type FileKind,
	hasCounts,
	isRecord,
	isTextList,
	type WorkbenchFile,
} from '../workbench-file';

export const framesPrefix = 'frames/';
export const pointsPart = `${framesPrefix}points`;
export const frameListPart = `${framesPrefix}list`;
export const dynamicsPart = `${framesPrefix}dynamics`;
export const mapPart = (id: number) => `${framesPrefix}map-${String(id).padStart(5, '0')}`;
export const vectorsPartOf = (id: number) => `${framesPrefix}vectors-${String(id).padStart(5, '0')}`;

/** A sentence that points were taken from. */
export interface SpaceSentence {
	/** Its place in the corpus as imported; for a run on files, its place in its file. */
	ref: SentenceRef;
	/** Its first character in the sentence as imported: above 0 where long sentences were clipped. */
	start: number;
	/** The split that the run used it in. */
	split: SplitName;
	characters: string[];
	/** First of its characters among those of all sentences: place in the arrays [C] of frames. */
	offset: number;
}

export interface StoredPoints extends PointColumns {
	/** Null for a run on files. */
	corpusId: string | null;
	unit: TextUnit;
	/** n */
	count: number;
	/** Tags by id: `<pad>`, `<unk>`, `O`, `B-PER`, … */
	tags: string[];
	sentences: SpaceSentence[];
}

/** What is kept of a moment in the list; `measures` and `notes` are the worker's. */
export interface StoredFrame extends SpaceMoment {
	id: number;
	isStageBest: boolean;
	/** Its map is a first one and nothing is measured yet; absent: false. */
	isOnWay?: boolean;
	hasPredictions: boolean;
	hasMap: boolean;
	hasVectors: boolean;
	method: 'pca' | 'tsne';
	measures: unknown;
	notes: unknown[];
	captureSeconds: number;
	frameSeconds: number;
}

export interface StoredMap {
	/** [n, 2] */
	map: Float32Array;
	/** Predicted tag ids, and 255 times their probabilities. Null without predictions. [C] */
	predicted: Uint8Array | null;
	confidence: Uint8Array | null;
}

/** Of each frame with predictions, for all mentions in order. */
export interface StoredDynamics {
	/** [F] */
	frames: Int32Array;
	/** 255 times the probability of a mention's annotated tags, and 1 where all are predicted. [F, M] */
	gold: Uint8Array;
	isRight: Uint8Array;
}

const kinds = {
	points: { name: 'space-points', migrations: [], words: 'the points of a run' },
	frames: { name: 'space-frames', migrations: [], words: 'the frames of a run' },
	map: { name: 'space-map', migrations: [], words: 'the map of a frame' },
	vectors: { name: 'space-vectors', migrations: [], words: 'the vectors of a frame' },
	dynamics: { name: 'space-dynamics', migrations: [], words: 'the training dynamics of a run' },
} satisfies Record<string, FileKind>;

type Bytes = Uint8Array<ArrayBuffer>;
const list = (values: Parameters<typeof storeNumbers>[0]): StoredTensor => storeNumbers(values, [values.length]);

export function encodePoints(points: StoredPoints): Bytes {
	const { corpusId, unit, entityTypes, tags, sentences, choice, chosenFrom } = points;
	const about = { corpusId, unit, choice, chosenFrom };
	return encodeWorkbenchFile(kinds.points, { about, entityTypes, tags, sentences }, [
		['sentence', list(points.sentence)],
		['character', list(points.character)],
		['gold', list(points.gold)],
		['type', list(Uint8Array.from(points.type, (type) => type + 1))],
		['isBegin', list(points.isBegin)],
		['goldOfCharacters', list(points.goldOfCharacters)],
	]);
}

type About = Pick<StoredPoints, 'corpusId' | 'unit' | 'choice' | 'chosenFrom'>;

/** These and the other decoders throw a UserError when the bytes are damaged or of another kind. */
export function decodePoints(bytes: Uint8Array): StoredPoints {
	const file = decodeWorkbenchFile(bytes, kinds.points);
	const about = file.record(
		'about',
		(value): value is About => isRecord(value) && isRecord(value.choice) && isRecord(value.chosenFrom),
		'how points were chosen',
	);
	const sentence = Int32Array.from(numbers(file, 'sentence'));
	const count = sentence.length;
	return {
		...about,
		count,
		entityTypes: file.record('entityTypes', isTextList, 'entity types'),
		tags: file.record('tags', isTextList, 'tags'),
		sentences: file.record('sentences', isSentenceList, 'sentences'),
		sentence,
		character: Int32Array.from(numbers(file, 'character', count)),
		gold: Uint8Array.from(numbers(file, 'gold', count)),
		type: Int8Array.from(numbers(file, 'type', count), (type) => type - 1),
		isBegin: Uint8Array.from(numbers(file, 'isBegin', count)),
		goldOfCharacters: Uint8Array.from(numbers(file, 'goldOfCharacters')),
	};
}

export function encodeFrameList(frames: readonly StoredFrame[]): Bytes {
	return encodeWorkbenchFile(kinds.frames, { frames }, []);
}

export function decodeFrameList(bytes: Uint8Array): StoredFrame[] {
	return decodeWorkbenchFile(bytes, kinds.frames).record('frames', isFrameList, 'frames');
}

export function encodeMap({ map, predicted, confidence }: StoredMap): Bytes {
	const tensors: [string, StoredTensor][] = [['map', list(map)]];
	if (predicted && confidence) tensors.push(['predicted', list(predicted)], ['confidence', list(confidence)]);
	return encodeWorkbenchFile(kinds.map, {}, tensors);
}

export function decodeMap(bytes: Uint8Array): StoredMap {
	const file = decodeWorkbenchFile(bytes, kinds.map);
	const map = numbers(file, 'map');
	if (!file.tensors.has('predicted')) return { map, predicted: null, confidence: null };
	const predicted = Uint8Array.from(numbers(file, 'predicted'));
	return { map, predicted, confidence: Uint8Array.from(numbers(file, 'confidence', predicted.length)) };
}

/** `vectors` [n, D], rounded to float16: three digits, up to 65,504. */
export function encodeVectorRows(vectors: Float32Array, dimension: number): Bytes {
	const halves = halvesOf(vectors);
	const bytes = new Uint8Array(halves.buffer);
	const tensor: StoredTensor = { type: 'F16', shape: [vectors.length / dimension, dimension], bytes };
	return encodeWorkbenchFile(kinds.vectors, {}, [['vectors', tensor]]);
}

export function decodeVectorRows(bytes: Uint8Array): { vectors: Float32Array; dimension: number } {
	const file = decodeWorkbenchFile(bytes, kinds.vectors);
	const tensor = file.tensors.get('vectors');
	if (tensor?.shape.length !== 2) throw file.damage('a matrix of vectors', 'something else');
	return { vectors: readFloats(tensor), dimension: tensor.shape[1] };
}

export function encodeDynamics({ frames, gold, isRight }: StoredDynamics): Bytes {
	return encodeWorkbenchFile(kinds.dynamics, {}, [
		['frames', list(frames)],
		['gold', list(gold)],
		['isRight', list(isRight)],
	]);
}

export function decodeDynamics(bytes: Uint8Array): StoredDynamics {
	const file = decodeWorkbenchFile(bytes, kinds.dynamics);
	const gold = Uint8Array.from(numbers(file, 'gold'));
	const isRight = Uint8Array.from(numbers(file, 'isRight', gold.length));
	return { frames: Int32Array.from(numbers(file, 'frames')), gold, isRight };
}

function numbers(file: WorkbenchFile, name: string, length?: number): Float32Array {
	const tensor = file.tensors.get(name);
	if (tensor?.shape.length === 1 && (length === undefined || tensor.shape[0] === length)) return readFloats(tensor);
	throw file.damage(`${length ?? 'some'} numbers under ${name}`, 'something else');
}

function isSentenceList(value: unknown): value is SpaceSentence[] {
	return (
		Array.isArray(value) &&
		value.every((item) => hasCounts(item, ['start', 'offset']) && isRecord(item.ref) && isTextList(item.characters))
	);
}

function isFrameList(value: unknown): value is StoredFrame[] {
	return (
		Array.isArray(value) &&
		value.every(
			(item) =>
				hasCounts(item, ['id', 'stageIndex', 'epoch', 'step']) &&
				isRecord(item.measures) &&
				Array.isArray(item.notes) &&
				typeof item.stage === 'string',
		)
	);
}
