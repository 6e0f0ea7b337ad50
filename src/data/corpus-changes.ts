// What people do to a corpus, as a list of changes beside the corpus as imported: undo is a shorter list, redo a longer
// one. applyChanges is pure; every sentence of its view keeps the position that it was imported from.

import { invariant } from '../util/errors';
import { type ClipReport, clipTagged } from './clip-tagged';
import { type Corpus, type Sentence, type SentenceRef, type SplitName, splitNames } from './corpus';
import type { Span } from './span';
import { spansOf, tagsOf } from './spans';
import { type SplitRequest, splitCorpus } from './split-corpus';

/** Why sentences are dropped. */
export type DropReason = 'duplicate' | 'in-test' | 'in-train' | 'unwanted';
export const dropReasons: readonly DropReason[] = ['duplicate', 'in-test', 'in-train', 'unwanted'];

export type CorpusChange =
	/** One type renamed; several, or one that takes the name of another, merged. Their mentions stay apart. */
	| { kind: 'rename-types'; types: string[]; to: string }
	/** Their mentions become plain text. */
	| { kind: 'ignore-types'; types: string[] }
	| { kind: 'drop-sentences'; sentences: SentenceRef[]; reason: DropReason }
	/** New spans of a whole sentence as imported, in types as they are called at this position of the list. Ends its mark. */
	| { kind: 'relabel'; sentence: SentenceRef; spans: Span[] }
	/** The same for many sentences at once, so that one undo takes all of it back. */
	| { kind: 'relabel-sentences'; sentences: { sentence: SentenceRef; spans: Span[] }[] }
	| { kind: 'mark-for-relabel'; sentences: SentenceRef[] }
	/** All sentences that are left are dealt to the splits again. */
	| ({ kind: 'split-anew' } & SplitRequest)
	/** Sentences of these splits above `length` characters are cut into pieces, after all other changes; the last one counts. */
	| { kind: 'clip'; length: number; splits: SplitName[] };

/** A sentence, or a piece of one that was clipped, as the changes left it. */
export interface ViewSentence {
	/** Its position in the corpus as imported. */
	ref: SentenceRef;
	/** Its first character in the sentence as imported; above 0 for later pieces only. */
	start: number;
	sentence: Sentence;
	/** The whole sentence, where `sentence` is a piece; else the same object. */
	whole: Sentence;
	isMarkedForRelabel: boolean;
}

/** What one change did. `mentions`: renamed, or made plain text. Clips: `pieces` made, `torn` mentions. */
export interface ChangeEffect {
	sentences: number;
	mentions?: number;
	pieces?: number;
	torn?: number;
	/** After a new split. */
	perSplit?: Record<SplitName, number>;
}

export interface CorpusView extends Omit<Corpus, 'splits'> {
	/** In the order of the corpus as imported. */
	splits: Record<SplitName, ViewSentence[]>;
	dropped: { ref: SentenceRef; reason: DropReason }[];
	/** One a change. A clip that a later one replaces has none of its own: 0 sentences. */
	effects: ChangeEffect[];
}

/** A sentence while the changes are applied one after another. */
interface Entry {
	readonly ref: SentenceRef;
	split: SplitName;
	sentence: Sentence;
	isMarked: boolean;
	dropped: DropReason | null;
}

/** The corpus after the changes; both stay as they are. The changes have passed readChanges with this corpus. */
export function applyChanges(corpus: Corpus, changes: readonly CorpusChange[]): CorpusView {
	const work = new Work(corpus);
	const effects = changes.map((change, index) => work.apply(change, index));
	const splits: CorpusView['splits'] = { train: [], dev: [], test: [] };
	const dropped: CorpusView['dropped'] = [];
	for (const entry of work.entries) {
		if (entry.dropped) dropped.push({ ref: entry.ref, reason: entry.dropped });
		else splits[entry.split].push(wholeSentence(entry));
	}
	for (const split of splitNames) {
		const clip = work.clips[split];
		if (clip) splits[split] = clipView(splits[split], corpus, clip.length, effects[clip.index]);
	}
	return { name: corpus.name, unit: corpus.unit, scheme: corpus.scheme, splits, dropped, effects };
}

/** The view as a corpus of its own, for training and export. */
export function corpusOfView({ name, unit, scheme, splits }: CorpusView): Corpus {
	const plain = (split: SplitName) => splits[split].map(({ sentence }) => sentence);
	return { name, unit, scheme, splits: { train: plain('train'), dev: plain('dev'), test: plain('test') } };
}

class Work {
	readonly entries: Entry[];
	/** Length in force for each split, and the change that asked for it. */
	readonly clips: Partial<Record<SplitName, { length: number; index: number }>> = {};
	private readonly firstOf: Record<SplitName, number>;

	constructor(private readonly corpus: Corpus) {
		const { train, dev } = corpus.splits;
		this.firstOf = { train: 0, dev: train.length, test: train.length + dev.length };
		this.entries = splitNames.flatMap((split) =>
			corpus.splits[split].map(
				(sentence, index): Entry => ({
					ref: { split, index },
					split,
					sentence,
					isMarked: false,
					dropped: null,
				}),
			),
		);
	}

	apply(change: CorpusChange, index: number): ChangeEffect {
		switch (change.kind) {
			case 'rename-types':
				return this.changeTypes(change.types, change.to);
			case 'ignore-types':
				return this.changeTypes(change.types, null);
			case 'drop-sentences':
				return this.touch(change.sentences, (entry) => (entry.dropped = change.reason));
			case 'relabel':
				return this.touch([change.sentence], (entry) => this.relabel(entry, change.spans));
			case 'relabel-sentences':
				return this.relabelAll(change.sentences);
			case 'mark-for-relabel':
				return this.touch(change.sentences, (entry) => (entry.isMarked = true));
			case 'split-anew':
				return this.splitAnew(change);
			case 'clip':
				for (const split of change.splits) this.clips[split] = { length: change.length, index };
				return { sentences: 0, pieces: 0, torn: 0 };
			default:
				throw change satisfies never;
		}
	}

	private touch(refs: readonly SentenceRef[], act: (entry: Entry) => void): ChangeEffect {
		let sentences = 0;
		for (const { split, index } of refs) {
			const entry = this.entries[this.firstOf[split] + index];
			invariant(entry?.ref.split === split, 'a change names a sentence that is not there');
			if (entry.dropped) continue;
			act(entry);
			sentences++;
		}
		return { sentences };
	}

	private changeTypes(types: readonly string[], to: string | null): ChangeEffect {
		const effect = { sentences: 0, mentions: 0 };
		const changed = new Set(types);
		for (const entry of this.entries) {
			const mentions = entry.dropped ? 0 : changeTypes(entry, this.corpus, changed, to);
			effect.mentions += mentions;
			if (mentions > 0) effect.sentences++;
		}
		return effect;
	}

	private relabelAll(labels: readonly { sentence: SentenceRef; spans: Span[] }[]): ChangeEffect {
		let sentences = 0;
		for (const { sentence, spans } of labels) {
			sentences += this.touch([sentence], (entry) => this.relabel(entry, spans)).sentences;
		}
		return { sentences };
	}

	private relabel(entry: Entry, spans: readonly Span[]): void {
		const tags = tagsOf(spans, entry.sentence.characters.length, this.corpus.scheme);
		entry.sentence = { ...entry.sentence, tags };
		entry.isMarked = false;
	}

	private splitAnew(request: SplitRequest): ChangeEffect {
		const left = this.entries.filter((entry) => !entry.dropped);
		const sentences = left.map(({ sentence }) => sentence);
		const { splitOf, perSplit } = splitCorpus(sentences, this.corpus.scheme, request);
		let moved = 0;
		left.forEach((entry, index) => {
			if (entry.split !== splitOf[index]) moved++;
			entry.split = splitOf[index];
		});
		return { sentences: moved, perSplit };
	}
}

/** Renames (to null: removes) types in one sentence and returns how many mentions that changed. */
function changeTypes(entry: Entry, { scheme }: Corpus, types: ReadonlySet<string>, to: string | null): number {
	const { tags } = entry.sentence;
	if (!tags?.some((tag) => tag !== 'O' && types.has(tag.slice(2)))) return 0;
	const before = spansOf(tags, scheme);
	const wanted = before.flatMap((span) => {
		if (!types.has(span.type)) return [span];
		return to === null ? [] : [{ ...span, type: to }];
	});
	const renamed = tags.map((tag) => {
		if (tag === 'O' || !types.has(tag.slice(2))) return tag;
		return to === null ? 'O' : `${tag.slice(0, 2)}${to}`;
	});
	// Letter for letter wherever that reads as the same mentions, so that ill-formed tags stay to be seen.
	const isSame = areSpansEqual(spansOf(renamed, scheme), wanted);
	entry.sentence = { ...entry.sentence, tags: isSame ? renamed : tagsOf(wanted, tags.length, scheme) };
	return before.filter((span) => types.has(span.type)).length;
}

/** Whether two lists have the same spans in the same order. */
export function areSpansEqual(left: readonly Span[], right: readonly Span[]): boolean {
	if (left.length !== right.length) return false;
	return left.every(({ start, end, type }, index) => {
		const other = right[index];
		return start === other.start && end === other.end && type === other.type;
	});
}

function wholeSentence({ ref, sentence, isMarked }: Entry): ViewSentence {
	return { ref, start: 0, sentence, whole: sentence, isMarkedForRelabel: isMarked };
}

function clipView(view: ViewSentence[], { scheme }: Corpus, length: number, effect: ChangeEffect): ViewSentence[] {
	const report: ClipReport = { sentences: 0, pieces: 0, torn: 0 };
	const clipped = view.flatMap((whole) => {
		let start = 0;
		return clipTagged(whole.sentence, scheme, length, report).map((piece): ViewSentence => {
			const part = { ...whole, start, sentence: piece };
			start += piece.characters.length;
			return part;
		});
	});
	effect.sentences += report.sentences;
	effect.pieces = (effect.pieces ?? 0) + report.pieces;
	effect.torn = (effect.torn ?? 0) + report.torn;
	return clipped;
}
