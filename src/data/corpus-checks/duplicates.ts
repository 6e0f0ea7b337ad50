// The same text more than once: in two splits, where it makes scores too good; inside one; and with other labels. Exact
// copies and texts that only look the same are findings of their own.

import type { SplitName } from '../corpus';
import type { CorpusChange, DropReason } from '../corpus-changes';
import { foldedText } from '../sentence-text';
import { inSlices, type Slices } from '../slices';
import { type ExaminedCorpus, type ExaminedSentence, found, Gathered, textOf } from './examined';
import {
	actionsOf,
	distinctRefs,
	type Finding,
	type FindingAction,
	type FindingGroup,
	type FoundSentence,
	relabelLater,
	type Severity,
	splitAnew,
} from './finding';

/** The first is looked for in the second. */
const pairs: readonly (readonly [SplitName, SplitName, Severity])[] = [
	['test', 'train', 'error'],
	['dev', 'train', 'error'],
	['test', 'dev', 'warning'],
];

/**
 * `duplicates-across`: counts.sentences of `split` stand in `otherSplit`, as counts.copies there; counts.otherLabels of
 * them carry other tags in at least one of those, counts.otherMentions of these other mentions too (the rest differ in
 * ill-formed tags alone). `duplicates-inside`: counts.texts stand as counts.sentences in one split. `labelled-two-ways`:
 * counts.texts with more than one labelling, wherever they stand. The near- kinds leave out exact copies.
 */
export function* findDuplicates(corpus: ExaminedCorpus): Slices<Finding[]> {
	const byKey = new Gathered<string, ExaminedSentence>();
	const byFold = new Gathered<string, ExaminedSentence>();
	yield* inSlices(corpus.sentences, (sentence) => {
		byKey.add(sentence.key, sentence);
		byFold.add(sentence.foldedKey, sentence);
	});
	const same = [...byKey.values()].filter((group) => group.length > 1);
	const alike = [...byFold].filter(([fold, { length }]) => fold !== '' && length > 1).map(([, group]) => group);
	const near = alike.filter((group) => group.some(({ key }) => key !== group[0].key));
	return [
		...pairs.map(([split, other, severity]) => findAcross(corpus, same, { split, other, severity, isNear: false })),
		...pairs.map(([split, other, severity]) => findAcross(corpus, near, { split, other, severity, isNear: true })),
		findTwoWays(corpus, same),
		...(['train', 'dev', 'test'] as const).map((split) => findInside(corpus, same, split, false)),
		...(['train', 'dev', 'test'] as const).map((split) => findInside(corpus, near, split, true)),
	].filter((finding) => finding !== null);
}

interface Across {
	split: SplitName;
	other: SplitName;
	severity: Severity;
	isNear: boolean;
}

function findAcross(corpus: ExaminedCorpus, texts: ExaminedSentence[][], across: Across): Finding | null {
	const { split, other, severity, isNear } = across;
	const groups: FindingGroup[] = [];
	const here: FoundSentence[] = [];
	const there: FoundSentence[] = [];
	let otherMentions = 0;
	for (const text of texts) {
		const twins = text.filter((sentence) => sentence.split === other);
		const exact = new Set(twins.map(({ key }) => key));
		const mine = text.filter((sentence) => sentence.split === split && !(isNear && exact.has(sentence.key)));
		if (mine.length === 0 || twins.length === 0) continue;
		const group = groups.length;
		groups.push({ text: textOf(mine[0], corpus.view), counts: { [split]: mine.length, [other]: twins.length } });
		for (const sentence of mine) {
			const hasOtherMentions = twins.some((twin) => mentionsKey(twin) !== mentionsKey(sentence));
			const hasOtherLabels = hasOtherMentions || (!isNear && twins.some((twin) => !isSameTags(twin, sentence)));
			if (hasOtherMentions) otherMentions++;
			here.push(found(sentence, { group, hasOtherLabels, spans: [...sentence.spans] }));
		}
		const hasOtherLabels = here.some((sentence) => sentence.group === group && sentence.hasOtherLabels);
		for (const twin of twins) there.push(found(twin, { group, hasOtherLabels, spans: [...twin.spans] }));
	}
	if (here.length === 0) return null;
	const disputed = [...here, ...there].filter((sentence) => sentence.hasOtherLabels);
	const otherLabels = here.filter((sentence) => sentence.hasOtherLabels).length;
	return {
		code: isNear ? 'near-duplicates-across' : 'duplicates-across',
		severity: isNear ? 'warning' : severity,
		split,
		otherSplit: other,
		counts: { sentences: here.length, copies: there.length, otherLabels, otherMentions },
		groups,
		sentences: [...here, ...there],
		actions: actionsOf(
			drop(there, other, other === 'train' ? 'in-test' : 'duplicate'),
			drop(here, split, other === 'train' ? 'in-train' : 'duplicate'),
			relabelLater(disputed),
			splitAnew(corpus.perSplit),
		),
	};
}

function drop(sentences: readonly FoundSentence[], split: SplitName, reason: DropReason): FindingAction {
	const change: CorpusChange = { kind: 'drop-sentences', sentences: distinctRefs(sentences), reason };
	return { code: `drop-from-${split}`, changes: [change] };
}

function findInside(
	corpus: ExaminedCorpus,
	texts: ExaminedSentence[][],
	split: SplitName,
	isNear: boolean,
): Finding | null {
	const groups: FindingGroup[] = [];
	const sentences: FoundSentence[] = [];
	const copies: FoundSentence[] = [];
	let otherLabels = 0;
	for (const text of texts) {
		const inside = firstOfEachKey(
			text.filter((sentence) => sentence.split === split),
			isNear,
		);
		if (inside.length < 2) continue;
		const hasOtherLabels = inside.some((sentence) => !isSameLabels(sentence, inside[0], isNear));
		if (hasOtherLabels) otherLabels++;
		const listed = inside.map((sentence) =>
			found(sentence, { group: groups.length, hasOtherLabels, spans: [...sentence.spans] }),
		);
		groups.push({ text: textOf(inside[0], corpus.view), counts: { sentences: inside.length } });
		sentences.push(...listed);
		copies.push(...listed.slice(1));
	}
	if (groups.length === 0) return null;
	const change: CorpusChange = { kind: 'drop-sentences', sentences: distinctRefs(copies), reason: 'duplicate' };
	return {
		code: isNear ? 'near-duplicates-inside' : 'duplicates-inside',
		severity: split === 'train' || isNear ? 'info' : 'warning',
		split,
		counts: { texts: groups.length, sentences: sentences.length, otherLabels },
		groups,
		sentences,
		actions: actionsOf(
			{ code: 'drop-copies', changes: [change] },
			relabelLater(sentences.filter((sentence) => sentence.hasOtherLabels)),
		),
	};
}

/** For texts that look the same, exact copies among them count once: they are a finding of their own. */
function firstOfEachKey(sentences: ExaminedSentence[], isNear: boolean): ExaminedSentence[] {
	if (!isNear) return sentences;
	const keys = new Set<string>();
	return sentences.filter(({ key }) => !keys.has(key) && keys.add(key));
}

function findTwoWays(corpus: ExaminedCorpus, texts: ExaminedSentence[][]): Finding | null {
	const labelled = texts.map((text) => text.filter(({ tags }) => tags !== null));
	const twoWays = labelled.filter((text) => text.some((sentence) => !isSameTags(sentence, text[0])));
	if (twoWays.length === 0) return null;
	const groups = twoWays.map((text): FindingGroup => {
		const ways = new Set(text.map(({ tags }) => tags?.join(' '))).size;
		return {
			text: textOf(text[0], corpus.view),
			counts: { sentences: text.length, ways },
			actions: actionsOf(relabelLater(text)),
		};
	});
	const sentences = twoWays.flatMap((text, group) =>
		text.map((sentence) => found(sentence, { group, hasOtherLabels: true, spans: [...sentence.spans] })),
	);
	return {
		code: 'labelled-two-ways',
		severity: 'warning',
		counts: { texts: groups.length, sentences: sentences.length },
		groups,
		sentences,
		actions: actionsOf(relabelLater(sentences)),
	};
}

function isSameLabels(left: ExaminedSentence, right: ExaminedSentence, isNear: boolean): boolean {
	return isNear ? mentionsKey(left) === mentionsKey(right) : isSameTags(left, right);
}

function isSameTags(left: ExaminedSentence, right: ExaminedSentence): boolean {
	if (left.tags === null || right.tags === null) return left.tags === right.tags;
	return left.tags.length === right.tags.length && left.tags.every((tag, index) => tag === right.tags?.[index]);
}

/** Mentions by what they read and where in the folded text, so that texts of different length compare. */
function mentionsKey({ characters, spans }: ExaminedSentence): string {
	return spans
		.map(({ start, end, type }) => {
			const before = foldedText(characters.slice(0, start).join('')).length;
			return `${before}:${foldedText(characters.slice(start, end).join(''))}:${type}`;
		})
		.join(' ');
}
