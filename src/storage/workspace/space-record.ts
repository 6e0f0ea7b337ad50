// Parts of a stored run about its representations: which tokens (`frames/points`), the measures of each snapshot
// (`frames/list`), training dynamics (`frames/dynamics`), and for each stored snapshot its map with predictions and its vectors.
// Vectors are stored as float16, probabilities in steps of 1/255. n points, C characters, D width, M mentions, S snapshots.
// Snapshots were once called frames: names of parts, kinds, tensors and JSON keys that are stored keep that word.

import type { SentenceRef, SplitName, TextUnit } from '../../data/corpus';
import type { PointColumns } from '../../experiment/point-columns';
import type { PointChoice, SnapshotKey } from '../../experiment/space-snapshot';
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

export const snapshotsPrefix = 'frames/';
export const pointsPart = `${snapshotsPrefix}points`;
export const snapshotListPart = `${snapshotsPrefix}list`;
export const dynamicsPart = `${snapshotsPrefix}dynamics`;
export const mapPart = (id: number) => `${snapshotsPrefix}map-${String(id).padStart(5, '0')}`;
export const vectorsPartOf = (id: number) => `${snapshotsPrefix}vectors-${String(id).padStart(5, '0')}`;

/** A sentence that points were taken from. */
export interface SpaceSentence {
	/** Its position in the corpus as imported; for a run on files, in its file. */
	ref: SentenceRef;
	/** Its first character in the sentence as imported: above 0 where long sentences were clipped. */
	start: number;
	/** The split that the run used it in. */
	split: SplitName;
	characters: string[];
	/** Index of its first character among those of all sentences, as in the arrays [C] of snapshots. */
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

/** An entry of the list of snapshots, stored as it is: its keys never change. `measures` and `notes` are the worker's. */
export interface StoredSnapshot extends SnapshotKey {
	id: number;
	isStageBest: boolean;
	/** Its map is preliminary and nothing is measured yet; absent: false. */
	isOnWay?: boolean;
	hasPredictions: boolean;
	hasMap: boolean;
	hasVectors: boolean;
	method: 'pca' | 'tsne';
	measures: unknown;
	notes: unknown[];
	captureSeconds: number;
	/** For measures and map. */
	frameSeconds: number;
}

export interface StoredMap {
	/** [n, 2] */
	map: Float32Array;
	/** Predicted tag ids, and 255 times their probabilities. Null without predictions. [C] */
	predicted: Uint8Array | null;
	confidence: Uint8Array | null;
}

/** For each snapshot with predictions: all mentions, in order. */
export interface StoredDynamics {
	/** Their ids. [S] */
	snapshots: Int32Array;
	/** 255 times the probability of a mention's annotated tags, and 1 where all are predicted. [S, M] */
	gold: Uint8Array;
	isRight: Uint8Array;
}

const kinds = {
	points: { name: 'space-points', migrations: [], words: 'the points of a run' },
	snapshots: { name: 'space-frames', migrations: [], words: 'the snapshots of a run' },
	map: { name: 'space-map', migrations: [], words: 'the map of a snapshot' },
	vectors: { name: 'space-vectors', migrations: [], words: 'the vectors of a snapshot' },
	dynamics: { name: 'space-dynamics', migrations: [], words: 'the training dynamics of a run' },
} satisfies Record<string, FileKind>;

type Bytes = Uint8Array<ArrayBuffer>;
const list = (values: Parameters<typeof storeNumbers>[0]): StoredTensor => storeNumbers(values, [values.length]);

export function encodePoints(points: StoredPoints): Bytes {
	const { corpusId, unit, entityTypes, tags, sentences, choice, chosenFrom } = points;
	const about: About = { corpusId, unit, choice: storedChoice(choice), chosenFrom };
	return encodeWorkbenchFile(kinds.points, { about, entityTypes, tags, sentences }, [
		['sentence', list(points.sentence)],
		['character', list(points.character)],
		['gold', list(points.gold)],
		['type', list(Uint8Array.from(points.type, (type) => type + 1))],
		['isBegin', list(points.isBegin)],
		['goldOfCharacters', list(points.goldOfCharacters)],
	]);
}

interface About extends Pick<StoredPoints, 'corpusId' | 'unit' | 'chosenFrom'> {
	choice: StoredChoice;
}

/** How points were chosen, by the names that files have always had. */
interface StoredChoice extends Pick<PointChoice, 'outsideShare' | 'seed'> {
	mostPoints: number;
	mostDevSentences: number;
	mostTrainSentences: number;
}

function storedChoice({
	maxPoints,
	outsideShare,
	maxDevSentences,
	maxTrainSentences,
	seed,
}: PointChoice): StoredChoice {
	return {
		mostPoints: maxPoints,
		outsideShare,
		mostDevSentences: maxDevSentences,
		mostTrainSentences: maxTrainSentences,
		seed,
	};
}

function choiceOf({ mostPoints, outsideShare, mostDevSentences, mostTrainSentences, seed }: StoredChoice): PointChoice {
	return {
		maxPoints: mostPoints,
		outsideShare,
		maxDevSentences: mostDevSentences,
		maxTrainSentences: mostTrainSentences,
		seed,
	};
}

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
		choice: choiceOf(about.choice),
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

export function encodeSnapshotList(snapshots: readonly StoredSnapshot[]): Bytes {
	return encodeWorkbenchFile(kinds.snapshots, { frames: snapshots }, []);
}

export function decodeSnapshotList(bytes: Uint8Array): StoredSnapshot[] {
	return decodeWorkbenchFile(bytes, kinds.snapshots).record('frames', isSnapshotList, 'snapshots');
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

export function encodeDynamics({ snapshots, gold, isRight }: StoredDynamics): Bytes {
	return encodeWorkbenchFile(kinds.dynamics, {}, [
		['frames', list(snapshots)],
		['gold', list(gold)],
		['isRight', list(isRight)],
	]);
}

export function decodeDynamics(bytes: Uint8Array): StoredDynamics {
	const file = decodeWorkbenchFile(bytes, kinds.dynamics);
	const gold = Uint8Array.from(numbers(file, 'gold'));
	const isRight = Uint8Array.from(numbers(file, 'isRight', gold.length));
	return { snapshots: Int32Array.from(numbers(file, 'frames')), gold, isRight };
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

function isSnapshotList(value: unknown): value is StoredSnapshot[] {
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
