// Predictions of one split as a file: tags and characters as numbers into tables, one sentence after another.
// `predictions-dev.safetensors` of a run's folder and the parts `predictions/…` of a stored run are this file.

import { splitNames } from '../data/corpus';
import { type EvaluatedSplit, evaluatedSplits, type PredictedSentence } from '../data/predicted-sentence';
import { readIntegers, type StoredTensor, storeNumbers } from './stored-tensor';
import { decodeWorkbenchFile, encodeWorkbenchFile, type FileKind, isRecord, isTextList } from './workbench-file';

export interface SplitPredictions {
	split: EvaluatedSplit;
	/** Where the run stood: its best epoch. */
	stage: string;
	epoch: number;
	sentences: PredictedSentence[];
}

const fileKind: FileKind = { name: 'predictions', migrations: [], words: 'predictions of a run on one split' };

/** By sentence: characters, the position in the corpus, and whether train has it too. */
const sentenceColumns = ['lengths', 'refSplit', 'refIndex', 'start', 'isInTrain'] as const;
/** By character. */
const characterColumns = ['characters', 'gold', 'predicted'] as const;
type Column = (typeof sentenceColumns)[number] | (typeof characterColumns)[number];

export function encodePredictions({ split, stage, epoch, sentences }: SplitPredictions): Uint8Array<ArrayBuffer> {
	const characters = new NameTable();
	const tags = new NameTable();
	const columns: Record<Column, Int32Array> = {
		lengths: Int32Array.from(sentences, (sentence) => sentence.characters.length),
		refSplit: Int32Array.from(sentences, ({ ref }) => splitNames.indexOf(ref.split)),
		refIndex: Int32Array.from(sentences, ({ ref }) => ref.index),
		start: Int32Array.from(sentences, ({ start }) => start),
		isInTrain: Int32Array.from(sentences, ({ isInTrain }) => Number(isInTrain)),
		characters: Int32Array.from(sentences.flatMap((sentence) => sentence.characters.map(characters.idOf))),
		gold: Int32Array.from(sentences.flatMap(({ gold }) => gold.map(tags.idOf))),
		predicted: Int32Array.from(sentences.flatMap(({ predicted }) => predicted.map(tags.idOf))),
	};
	const tensors = Object.entries(columns).map(([name, values]): [string, StoredTensor] => [
		name,
		storeNumbers(values, [values.length]),
	]);
	const origin = { split, stage, epoch };
	return encodeWorkbenchFile(fileKind, { origin, characters: characters.names, tags: tags.names }, tensors);
}

/** Throws a UserError when the bytes are damaged or of another kind. */
export function decodePredictions(bytes: Uint8Array, file?: string): SplitPredictions {
	const stored = decodeWorkbenchFile(bytes, fileKind, file);
	const origin = stored.record('origin', isOrigin, 'split, stage and epoch');
	const characters = stored.record('characters', isTextList, 'characters');
	const tags = stored.record('tags', isTextList, 'tags');
	const columnOf = (name: Column, length?: number): Int32Array => {
		const tensor = stored.tensors.get(name);
		const values = tensor?.shape.length === 1 ? readIntegers(tensor, name) : null;
		if (values && (length === undefined || values.length === length)) return values;
		throw stored.damage(`a column ${name}${length === undefined ? '' : ` of ${length} numbers`}`, 'something else');
	};
	const lengths = columnOf('lengths');
	const total = lengths.reduce((sum, length) => sum + length, 0);
	const [refSplit, refIndex, start, isInTrain] = sentenceColumns.slice(1).map((name) => columnOf(name, lengths.length));
	const [characterIds, gold, predicted] = characterColumns.map((name) => columnOf(name, total));
	requireIds(characterIds, characters);
	requireIds(gold, tags);
	requireIds(predicted, tags);
	requireIds(refSplit, splitNames);
	let at = 0;
	const sentences = Array.from(lengths, (length, index): PredictedSentence => {
		const named = (ids: Int32Array, names: readonly string[]) =>
			Array.from(ids.subarray(at, at + length), (id) => names[id]);
		const sentence = {
			ref: { split: splitNames[refSplit[index]], index: refIndex[index] },
			start: start[index],
			characters: named(characterIds, characters),
			gold: named(gold, tags),
			predicted: named(predicted, tags),
			isInTrain: isInTrain[index] === 1,
		};
		at += length;
		return sentence;
	});
	return { ...origin, sentences };

	function requireIds(ids: Int32Array, names: readonly string[]): void {
		const odd = ids.find((id) => id < 0 || id >= names.length);
		if (odd !== undefined) throw stored.damage(`numbers below ${names.length}`, String(odd));
	}
}

function isOrigin(value: unknown): value is Omit<SplitPredictions, 'sentences'> {
	return (
		isRecord(value) &&
		evaluatedSplits.includes(value.split as EvaluatedSplit) &&
		typeof value.stage === 'string' &&
		typeof value.epoch === 'number'
	);
}

/** Names in order of first use, with their numbers. */
class NameTable {
	readonly names: string[] = [];
	private readonly ids = new Map<string, number>();

	readonly idOf = (name: string): number => {
		let id = this.ids.get(name);
		if (id === undefined) {
			id = this.names.push(name) - 1;
			this.ids.set(name, id);
		}
		return id;
	};
}
