// Which semantic classes get a signal from the contrastive loss: within a batch, a class with one token has nothing to be
// pulled towards, and one without has nothing at all. The batches are those that training really makes.

import type { Batching } from '../../experiment/config';
import { semanticClass } from '../../experiment/labels';
import { epochBatches } from '../batches';
import { inSlices, type Slices } from '../slices';
import { type ExaminedCorpus, type ExaminedSentence, found } from './examined';
import { actionsOf, type Finding, type FoundSentence } from './finding';
import { mergeWithSibling } from './mentions';

export interface ContrastiveBatches {
	batchSize: number;
	seed: number;
	/** Name of the stage, which the order of its batches depends on. */
	stage: string;
	/** How many epochs to go through, from the first. */
	epochs: number;
	batching: Batching;
}

/**
 * `lonely-class`, one for each class that some batch gives no signal: of counts.batches in counts.epochs epochs of
 * counts.batchSize sentences, counts.alone hold exactly one token of it and counts.absent none; counts.tokens in train.
 * Listed are the sentences with one token only. A warning where less than half of the batches have a signal.
 */
export function* findSingleTokenClasses(corpus: ExaminedCorpus, batches: ContrastiveBatches): Slices<Finding[]> {
	const names: string[] = [];
	const tokens: Int32Array[] = [];
	yield* inSlices(corpus.view.splits.train, ({ sentence }) => tokens.push(countTokens(sentence.tags ?? [], names)));
	const alone = new Float64Array(names.length);
	const absent = new Float64Array(names.length);
	const { batchSize, seed, stage, epochs, batching } = batches;
	let count = 0;
	for (let epoch = 1; epoch <= epochs && tokens.length > 0; epoch++) {
		const sizes = corpus.view.splits.train.map(({ sentence }) => sentence.characters.length);
		const order = epochBatches({ seed, stage, epoch, batchSize, batching, sizes });
		count += order.length;
		yield* inSlices(order, (batch) => {
			const sums = sumTokens(batch, tokens, names.length);
			sums.forEach((sum, index) => {
				if (sum === 0) absent[index]++;
				else if (sum === 1) alone[index]++;
			});
		});
	}
	const withoutSignal = names.map((_, index) => index).filter((index) => alone[index] + absent[index] > 0);
	const share = (index: number) => (alone[index] + absent[index]) / count;
	const sorted = withoutSignal.sort((left, right) => share(right) - share(left));
	const listed = yield* singleTokens(corpus);
	return sorted.map((index): Finding => {
		const type = names[index];
		const sum = tokens.reduce((total, each) => total + (each[index] ?? 0), 0);
		const numbers = { batches: count, alone: alone[index], absent: absent[index], tokens: sum, epochs, batchSize };
		return {
			code: 'lonely-class',
			severity: share(index) > 0.5 ? 'warning' : 'info',
			type,
			counts: numbers,
			groups: [],
			sentences: listed.get(type) ?? [],
			actions: actionsOf(mergeWithSibling(corpus, type)),
		};
	});
}

/** Tokens of each class, in the order of `names`, which grows with new ones. */
function countTokens(tags: readonly string[], names: string[]): Int32Array {
	const counts: number[] = [];
	for (const tag of tags) {
		if (tag === 'O') continue;
		const name = semanticClass(tag);
		let index = names.indexOf(name);
		if (index < 0) index = names.push(name) - 1;
		counts[index] = (counts[index] ?? 0) + 1;
	}
	return Int32Array.from(counts, (value) => value ?? 0);
}

function sumTokens(batch: Int32Array, tokens: readonly Int32Array[], classes: number): Int32Array {
	const sums = new Int32Array(classes);
	for (const sentence of batch) {
		const counts = tokens[sentence];
		for (let index = 0; index < counts.length; index++) sums[index] += counts[index];
	}
	return sums;
}

/** Train sentences in which a class has one token, by class. */
function* singleTokens(corpus: ExaminedCorpus): Slices<Map<string, FoundSentence[]>> {
	const listed = new Map<string, FoundSentence[]>();
	const names: string[] = [];
	yield* inSlices(corpus.sentences, (sentence: ExaminedSentence) => {
		if (sentence.split !== 'train' || sentence.spans.length === 0) return;
		const counts = countTokens(sentence.tags ?? [], names);
		counts.forEach((count, index) => {
			if (count !== 1) return;
			const spans = sentence.spans.filter(({ type }) => semanticClass(type) === names[index]);
			const list = listed.get(names[index]) ?? [];
			if (list.push(found(sentence, { spans })) === 1) listed.set(names[index], list);
		});
	});
	return listed;
}
