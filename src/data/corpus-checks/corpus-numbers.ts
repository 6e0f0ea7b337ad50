// The figures of a corpus for people: sentences, characters and mentions of each split and type, how long sentences and
// mentions are, and which mentions are the most frequent.

import type { SplitName } from '../corpus';
import { inSlices, type Slices } from '../slices';
import { strictSpansOf } from '../spans';
import { type ExaminedCorpus, type ExaminedSentence, surfaceOf } from './examined';

export interface SplitNumbers {
	/** Whole sentences, before clipping. */
	sentences: number;
	characters: number;
	/** Sentences without any tags. */
	plain: number;
	/** Labelled sentences without a mention. */
	empty: number;
	/** As the published scorer reads them. */
	mentions: number;
	/** As B and S alone open them. */
	strictMentions: number;
	/** Characters of the longest sentence. */
	longest: number;
}

/** How many values fall in each bin: bin i holds from[i] to from[i + 1] - 1, the last one everything from there on. */
export interface Histogram {
	from: number[];
	counts: Record<SplitName, number[]>;
	/** The largest value, 0 without any. */
	largest: number;
}

export interface TypeNumbers {
	type: string;
	mentions: Record<SplitName, number>;
	/** Different texts. */
	forms: number;
	/** The most frequent texts, ties in order of appearance; at most `topForms`. */
	top: { text: string; count: number }[];
	lengths: Histogram;
}

export interface CorpusNumbers {
	splits: Record<SplitName, SplitNumbers>;
	/** By falling number of mentions. */
	types: TypeNumbers[];
	/** Characters a sentence. */
	sentenceLengths: Histogram;
	/** Characters a mention, all types. */
	mentionLengths: Histogram;
}

const topForms = 20;

const sentenceBins = Array.from({ length: 21 }, (_, index) => index * 10);
const mentionBins = Array.from({ length: 21 }, (_, index) => index + 1);

/** One pass over the corpus. */
export function* countCorpus(corpus: ExaminedCorpus): Slices<CorpusNumbers> {
	const splits = { train: noNumbers(), dev: noNumbers(), test: noNumbers() };
	const sentenceLengths = emptyHistogram(sentenceBins);
	const mentionLengths = emptyHistogram(mentionBins);
	const types = new Map([...corpus.types].map(([type, mentions]) => [type, new TypeCount(type, mentions)]));
	yield* inSlices(corpus.sentences, (sentence) => {
		countSentence(splits[sentence.split], sentence, corpus);
		addTo(sentenceLengths, sentence.split, sentence.characters.length);
		for (const span of sentence.spans) {
			addTo(mentionLengths, sentence.split, span.end - span.start);
			types.get(span.type)?.add(surfaceOf(sentence, span, corpus.view), span.end - span.start, sentence.split);
		}
	});
	return { splits, types: [...types.values()].map((count) => count.numbers()), sentenceLengths, mentionLengths };
}

function noNumbers(): SplitNumbers {
	return { sentences: 0, characters: 0, plain: 0, empty: 0, mentions: 0, strictMentions: 0, longest: 0 };
}

function countSentence(
	numbers: SplitNumbers,
	{ characters, tags, spans }: ExaminedSentence,
	corpus: ExaminedCorpus,
): void {
	numbers.sentences++;
	numbers.characters += characters.length;
	numbers.longest = Math.max(numbers.longest, characters.length);
	if (tags === null) numbers.plain++;
	else if (spans.length === 0) numbers.empty++;
	else {
		numbers.mentions += spans.length;
		numbers.strictMentions += strictSpansOf(tags, corpus.scheme).length;
	}
}

class TypeCount {
	private readonly forms = new Map<string, number>();
	private readonly lengths = emptyHistogram(mentionBins);

	constructor(
		private readonly type: string,
		private readonly mentions: Record<SplitName, number>,
	) {}

	add(text: string, length: number, split: SplitName): void {
		this.forms.set(text, (this.forms.get(text) ?? 0) + 1);
		addTo(this.lengths, split, length);
	}

	numbers(): TypeNumbers {
		const { type, mentions, lengths, forms } = this;
		const sorted = [...forms].sort(([, left], [, right]) => right - left).slice(0, topForms);
		const top = sorted.map(([text, count]) => ({ text, count }));
		return { type, mentions, forms: forms.size, top, lengths };
	}
}

function emptyHistogram(from: readonly number[]): Histogram {
	const zeros = () => from.map(() => 0);
	return { from: [...from], counts: { train: zeros(), dev: zeros(), test: zeros() }, largest: 0 };
}

function addTo(histogram: Histogram, split: SplitName, value: number): void {
	const { from, counts } = histogram;
	let bin = from.length - 1;
	while (bin > 0 && value < from[bin]) bin--;
	counts[split][bin]++;
	histogram.largest = Math.max(histogram.largest, value);
}
