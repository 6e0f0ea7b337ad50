// Checks of mentions over the whole corpus: surface forms with several types, types with few mentions, and mentions of
// dev and test that train has or has not.

import type { SplitName } from '../corpus';
import type { CorpusChange } from '../corpus-changes';
import { textKey } from '../sentence-text';
import { inSlices, type Slices } from '../slices';
import type { Span } from '../span';
import { type ExaminedCorpus, type ExaminedSentence, found, Gathered, surfaceOf } from './examined';
import {
	actionsOf,
	type Finding,
	type FindingAction,
	type FindingGroup,
	type FoundSentence,
	relabelLater,
	splitAnew,
} from './finding';

interface Mention {
	sentence: ExaminedSentence;
	span: Span;
}

/** The key of a surface form: its characters as they are. */
function formKey({ characters }: ExaminedSentence, { start, end }: Span): string {
	return textKey(characters.slice(start, end));
}

/**
 * `several-types`: counts.forms that are mentions of more than one type, counts.mentions in all; a group for each form
 * with its mentions per type, the most disputed first. To be labelled anew are those of the rarer types.
 */
export function* findSeveralTypes(corpus: ExaminedCorpus): Slices<Finding[]> {
	const byForm = new Gathered<string, Mention>();
	yield* inSlices(corpus.sentences, (sentence) => {
		for (const span of sentence.spans) byForm.add(formKey(sentence, span), { sentence, span });
	});
	const forms = [...byForm.values()]
		.filter((mentions) => mentions.some(({ span }) => span.type !== mentions[0].span.type))
		.map((mentions) => ({ mentions, counts: countByType(mentions) }))
		.sort((left, right) => doubt(right.counts) - doubt(left.counts));
	if (forms.length === 0) return [];
	const groups: FindingGroup[] = [];
	const sentences: FoundSentence[] = [];
	const rarer: FoundSentence[] = [];
	for (const { mentions, counts } of forms) {
		const ofForm = mentions.map(({ sentence, span }) => found(sentence, { group: groups.length, spans: [span] }));
		const minority = ofForm.filter(({ spans }) => spans?.[0].type !== counts[0][0]);
		const text = surfaceOf(mentions[0].sentence, mentions[0].span, corpus.view);
		groups.push({ text, counts: Object.fromEntries(counts), actions: actionsOf(relabelLater(minority)) });
		sentences.push(...ofForm);
		rarer.push(...minority);
	}
	const counts = { forms: forms.length, mentions: sentences.length, rarer: rarer.length };
	const actions = actionsOf(relabelLater(rarer));
	return [{ code: 'several-types', severity: 'warning', counts, groups, sentences, actions }];
}

/** Mentions of each type, the commonest first; ties in order of appearance. */
function countByType(mentions: readonly Mention[]): [string, number][] {
	const counts = new Map<string, number>();
	for (const { span } of mentions) counts.set(span.type, (counts.get(span.type) ?? 0) + 1);
	return [...counts].sort(([, left], [, right]) => right - left);
}

/** Mentions that are not of the form's commonest type. */
function doubt(counts: readonly [string, number][]): number {
	return counts.slice(1).reduce((sum, [, count]) => sum + count, 0);
}

/**
 * `few-mentions`, one a type: counts.mentions in train are below `least` (counts.least); counts.all in all splits. A type
 * that train lacks is an error, where there is a train split at all. Merging is offered with the commonest type that
 * shares the name up to the last mark, as PER.NOM does with PER.NAM.
 */
export function* findFewMentions(corpus: ExaminedCorpus, least: number): Slices<Finding[]> {
	const rare = new Map<string, FoundSentence[]>();
	for (const [type, count] of corpus.types) if (trainCount(corpus, count) < least) rare.set(type, []);
	if (rare.size === 0) return [];
	yield* inSlices(corpus.sentences, (sentence) => {
		for (const [type, list] of rare) {
			const spans = sentence.spans.filter((span) => span.type === type);
			if (spans.length > 0) list.push(found(sentence, { spans }));
		}
	});
	return [...rare].map(([type, sentences]): Finding => {
		const count = corpus.types.get(type) ?? { train: 0, dev: 0, test: 0 };
		const mentions = trainCount(corpus, count);
		const ignore: CorpusChange = { kind: 'ignore-types', types: [type] };
		return {
			code: 'few-mentions',
			severity: mentions === 0 ? 'error' : 'warning',
			type,
			counts: { mentions, all: count.train + count.dev + count.test, least },
			groups: [],
			sentences,
			actions: actionsOf(
				mergeWithSibling(corpus, type),
				{ code: 'ignore-type', changes: [ignore] },
				mentions === 0 ? splitAnew(corpus.perSplit) : null,
			),
		};
	});
}

/** Mentions that can be trained on: those of train, or all where the corpus is not split yet. */
function trainCount({ perSplit }: ExaminedCorpus, count: Record<SplitName, number>): number {
	return perSplit.train > 0 ? count.train : count.train + count.dev + count.test;
}

/** Merges a type into the commonest one of its family; null where it has none. */
export function mergeWithSibling({ types }: ExaminedCorpus, type: string): FindingAction | null {
	const family = familyOf(type);
	const sibling = [...types.keys()].find((name) => name !== type && familyOf(name) === family);
	if (family === '' || sibling === undefined) return null;
	return { code: 'merge-types', changes: [{ kind: 'rename-types', types: [type], to: sibling }] };
}

/** `PER` of `PER.NOM`, `PER-NOM`, `PER_NOM`; empty for a name of one part. */
function familyOf(type: string): string {
	return type.slice(0, Math.max(0, type.search(/[.\-_/:][^.\-_/:]*$/)));
}

/**
 * `unseen-entities`, one for dev and one for test: of counts.mentions, counts.seen stand in train with the same form and
 * type, counts.seenAsOther with another type only, counts.unseen not at all; a group for each type. Without train, none.
 */
export function* findUnseen(corpus: ExaminedCorpus): Slices<Finding[]> {
	const typesOfForm = new Map<string, Set<string>>();
	yield* inSlices(corpus.sentences, (sentence) => {
		if (sentence.split !== 'train') return;
		for (const span of sentence.spans) {
			const key = formKey(sentence, span);
			const types = typesOfForm.get(key);
			if (types) types.add(span.type);
			else typesOfForm.set(key, new Set([span.type]));
		}
	});
	if (corpus.perSplit.train === 0) return [];
	const tallies = { dev: new SeenTally(typesOfForm), test: new SeenTally(typesOfForm) };
	yield* inSlices(corpus.sentences, (sentence) => {
		if (sentence.split !== 'train') tallies[sentence.split].add(sentence);
	});
	return (['dev', 'test'] as const).flatMap((split) => tallies[split].finding(split, corpus));
}

class SeenTally {
	private readonly perType = new Map<string, Record<'mentions' | 'seen' | 'seenAsOther' | 'unseen', number>>();
	private readonly sentences: FoundSentence[] = [];

	constructor(private readonly typesOfForm: ReadonlyMap<string, ReadonlySet<string>>) {}

	add(sentence: ExaminedSentence): void {
		const unseen: Span[] = [];
		for (const span of sentence.spans) {
			let counts = this.perType.get(span.type);
			if (!counts) this.perType.set(span.type, (counts = { mentions: 0, seen: 0, seenAsOther: 0, unseen: 0 }));
			const types = this.typesOfForm.get(formKey(sentence, span));
			counts.mentions++;
			if (!types) counts.unseen++;
			else if (types.has(span.type)) counts.seen++;
			else counts.seenAsOther++;
			if (!types?.has(span.type)) unseen.push(span);
		}
		if (unseen.length > 0) this.sentences.push(found(sentence, { spans: unseen }));
	}

	finding(split: SplitName, corpus: ExaminedCorpus): Finding[] {
		const names = [...corpus.types.keys()].filter((type) => this.perType.has(type));
		const groups = names.map((text) => ({ text, counts: { ...this.perType.get(text) } as Record<string, number> }));
		const counts = { mentions: 0, seen: 0, seenAsOther: 0, unseen: 0 };
		for (const name of Object.keys(counts) as (keyof typeof counts)[])
			for (const group of groups) counts[name] += group.counts[name];
		if (counts.mentions === 0) return [];
		const actions = [splitAnew(corpus.perSplit)];
		return [{ code: 'unseen-entities', severity: 'info', split, counts, groups, sentences: this.sentences, actions }];
	}
}
