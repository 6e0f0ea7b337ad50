// Which tokens of a run its snapshots have, the same ones in all of them: sentences of dev and a sample of train, all their
// mentions, then tokens outside by lot. n points, C characters of the chosen sentences.

import type { LatticeSentence } from '../data/lattice';
import { type LabelSet, semanticClass } from '../experiment/labels';
import type { ChosenCount, PointColumns } from '../experiment/point-columns';
import type { PointChoice } from '../experiment/space-snapshot';
import { forkSeed, RandomStream } from '../util/random';

export interface ChosenSentence {
	/** The split of the prepared data, and the index in it. */
	split: 'dev' | 'train';
	index: number;
	/** Its first character among those of all chosen sentences. */
	offset: number;
	characters: number;
}

export interface ChosenPoints extends PointColumns {
	sentences: ChosenSentence[];
	/** Index of each point's character among those of all sentences, ascending within mentions and within others. [n] */
	characterIndex: Int32Array;
}

interface Tags {
	type: Int8Array;
	isBegin: Uint8Array;
}

/** Mentions are kept whole: where their tokens would take the room of those outside, sentences drawn later give none. */
export function choosePoints(
	splits: Record<'dev' | 'train', readonly LatticeSentence[]>,
	labels: LabelSet,
	choice: PointChoice,
): ChosenPoints {
	const entityTypes = entityTypesOf(labels);
	const ofTag = describeTags(labels, entityTypes);
	const drawn = [
		...draw(splits.dev, 'dev', choice.maxDevSentences, choice.seed),
		...draw(splits.train, 'train', choice.maxTrainSentences, choice.seed),
	];
	const sentences = withOffsets(drawn, splits);
	const goldOfCharacters = Uint8Array.from(sentences.flatMap(({ split, index }) => [...splits[split][index].tags]));
	const typeAt = (index: number) => ofTag.type[goldOfCharacters[index]];
	const mentions = mentionCharacters(sentences, typeAt, choice);
	const spare = choice.maxPoints - mentions.length;
	const characterIndex = Int32Array.from([
		...mentions,
		...outsideCharacters(goldOfCharacters.length, typeAt, spare, choice.seed),
	]);
	const sentenceAt = sentenceOfEach(sentences, goldOfCharacters.length);
	const sentence = characterIndex.map((at) => sentenceAt[at]);
	const chosen = {
		sentences,
		entityTypes,
		characterIndex,
		sentence,
		character: characterIndex.map((at, point) => at - sentences[sentence[point]].offset),
		gold: Uint8Array.from(characterIndex, (at) => goldOfCharacters[at]),
		type: Int8Array.from(characterIndex, typeAt),
		isBegin: Uint8Array.from(characterIndex, (at) => ofTag.isBegin[goldOfCharacters[at]]),
		goldOfCharacters,
		choice,
	};
	const countOf = (split: 'dev' | 'train') => countSplit(chosen, split, splits[split].length);
	return { ...chosen, chosenFrom: { dev: countOf('dev'), train: countOf('train') } };
}

function countSplit(
	{ sentences, sentence, type }: Pick<ChosenPoints, 'sentences' | 'sentence' | 'type'>,
	split: 'dev' | 'train',
	of: number,
): ChosenCount {
	const types = [...type].filter((_, point) => sentences[sentence[point]].split === split);
	return {
		sentences: sentences.filter((chosen) => chosen.split === split).length,
		of,
		mentionTokens: types.filter((value) => value >= 0).length,
		outsideTokens: types.filter((value) => value < 0).length,
	};
}

function entityTypesOf(labels: LabelSet): string[] {
	return [...new Set(labels.tags.slice(2).map(semanticClass))].filter((name) => name !== 'O');
}

function describeTags({ tags }: LabelSet, entityTypes: readonly string[]): Tags {
	return {
		type: Int8Array.from(tags, (tag, id) => (id < 2 ? -1 : entityTypes.indexOf(semanticClass(tag)))),
		isBegin: Uint8Array.from(tags, (tag) => (tag.startsWith('B-') ? 1 : 0)),
	};
}

type Drawn = Pick<ChosenSentence, 'split' | 'index'>;

/** Positions of at most so many sentences with tags, in the order of the split. */
function draw(sentences: readonly LatticeSentence[], split: 'dev' | 'train', max: number, seed: number): Drawn[] {
	const tagged = sentences.flatMap(({ tags }, index) => (tags.length > 0 ? [index] : []));
	if (tagged.length <= max) return tagged.map((index) => ({ split, index }));
	const order = new RandomStream(forkSeed(seed, `points:${split}`)).permutation(tagged.length).slice(0, max);
	return Array.from(order.sort(), (position) => ({ split, index: tagged[position] }));
}

function withOffsets(drawn: readonly Drawn[], splits: Record<'dev' | 'train', readonly LatticeSentence[]>) {
	let offset = 0;
	return drawn.map(({ split, index }): ChosenSentence => {
		const characters = splits[split][index].tags.length;
		offset += characters;
		return { split, index, offset: offset - characters, characters };
	});
}

/** Indices of the tokens of mentions, ascending: all of them, or those of sentences drawn at random while they fit. */
function mentionCharacters(
	sentences: readonly ChosenSentence[],
	typeAt: (index: number) => number,
	choice: PointChoice,
) {
	const perSentence = sentences.map(({ offset, characters }) =>
		Array.from({ length: characters }, (_, k) => offset + k).filter((index) => typeAt(index) >= 0),
	);
	const total = perSentence.reduce((sum, list) => sum + list.length, 0);
	const max = Math.ceil(choice.maxPoints * (1 - choice.outsideShare));
	if (total <= max) return perSentence.flat();
	const kept: number[] = [];
	for (const sentence of new RandomStream(forkSeed(choice.seed, 'points:mentions')).permutation(sentences.length)) {
		const list = perSentence[sentence];
		if (kept.length + list.length <= max) kept.push(...list);
	}
	return kept.sort((left, right) => left - right);
}

/** At most `max` indices of characters outside mentions, drawn at random, ascending. */
function outsideCharacters(count: number, typeAt: (index: number) => number, max: number, seed: number): number[] {
	const outside = Array.from({ length: count }, (_, index) => index).filter((index) => typeAt(index) < 0);
	if (outside.length <= max) return outside;
	const order = new RandomStream(forkSeed(seed, 'points:outside')).permutation(outside.length).slice(0, max);
	return Array.from(order.sort(), (position) => outside[position]);
}

function sentenceOfEach(sentences: readonly ChosenSentence[], count: number): Int32Array {
	const out = new Int32Array(count);
	for (const [number, { offset, characters }] of sentences.entries()) out.fill(number, offset, offset + characters);
	return out;
}
