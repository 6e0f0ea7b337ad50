// Checks of single sentences: tags that break their scheme, and sentences too long to train on whole.

import { splitNames } from '../corpus';
import type { CorpusChange } from '../corpus-changes';
import { inSlices, type Slices } from '../slices';
import { illegalTransitions } from '../tag-scheme';
import { type ExaminedCorpus, found } from './examined';
import { actionsOf, type Finding, type FindingGroup, type FoundSentence, relabelLater } from './finding';

/**
 * `illegal-transitions`: counts.places in counts.sentences, and of these places counts.train, .dev, .test in each split; a
 * group for each pair of tags. Repairing gives a sentence the mentions that the published scorer reads, in legal tags.
 */
export function* findIllegalTransitions(corpus: ExaminedCorpus): Slices<Finding[]> {
	const sentences: FoundSentence[] = [];
	const counts = { places: 0, sentences: 0, train: 0, dev: 0, test: 0 };
	const groups = new Map<string, FindingGroup>();
	const repairs: CorpusChange[] = [];
	yield* inSlices(corpus.sentences, (sentence) => {
		const { tags, ref, split, spans } = sentence;
		if (spans.length === 0 || tags === null) return;
		const places = illegalTransitions(tags, corpus.scheme);
		if (places.length === 0) return;
		counts.places += places.length;
		counts.sentences++;
		counts[split] += places.length;
		for (const place of places) {
			const text = `${place === 0 ? '^' : tags[place - 1]} ${tags[place]}`;
			const group = groups.get(text);
			if (group) group.counts.places++;
			else groups.set(text, { text, counts: { places: 1 } });
		}
		sentences.push(found(sentence, { places, spans: [...spans] }));
		repairs.push({ kind: 'relabel', sentence: ref, spans: [...spans] });
	});
	if (sentences.length === 0) return [];
	const actions = actionsOf({ code: 'repair-tags', changes: repairs }, relabelLater(sentences));
	const sorted = [...groups.values()].sort((left, right) => right.counts.places - left.counts.places);
	return [{ code: 'illegal-transitions', severity: 'warning', counts, groups: sorted, sentences, actions }];
}

/**
 * `long-sentences`: counts.sentences have more than counts.length characters, counts.train, .dev, .test of them in each
 * split; counts.longest characters. Those that are clipped already do not count. Train alone is offered to be clipped:
 * cutting dev or test changes what is measured.
 */
export function* findLongSentences({ view }: ExaminedCorpus, length: number): Slices<Finding[]> {
	const sentences: FoundSentence[] = [];
	const counts = { sentences: 0, length, longest: 0, train: 0, dev: 0, test: 0 };
	for (const split of splitNames) {
		yield* inSlices(view.splits[split], ({ ref, sentence, whole }) => {
			const size = sentence.characters.length;
			if (size <= length || sentence !== whole) return;
			counts.sentences++;
			counts[split]++;
			counts.longest = Math.max(counts.longest, size);
			sentences.push({ ref, split, line: sentence.line });
		});
	}
	if (sentences.length === 0) return [];
	const clip: CorpusChange = { kind: 'clip', length, splits: ['train'] };
	const actions = actionsOf(counts.train > 0 ? { code: 'clip', changes: [clip] } : null);
	return [{ code: 'long-sentences', severity: 'info', counts, groups: [], sentences, actions }];
}
