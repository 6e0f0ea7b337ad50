import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Corpus, Sentence } from '../corpus';
import { applyChanges, type CorpusChange } from '../corpus-changes';
import { buildLexicon } from '../lexicon';
import { readChanges } from '../read-changes';
import { tagSchemes } from '../tag-scheme';
import { examineAtOnce } from './examine';
import { actionWords, findingWords } from './finding-words';

const letters = { BIO: 'BI', IOB1: 'BI', BIOES: 'BIES', BMES: 'BMES', BILOU: 'BILU', BMEWO: 'BMEW' };

/** Few characters and types, so that copies and disputes are common; tags of the scheme in any order. */
const anyCorpus: fc.Arbitrary<Corpus> = fc.constantFrom(...tagSchemes).chain((scheme) => {
	const tag = fc.oneof(
		fc.constant('O'),
		fc
			.tuple(fc.constantFrom(...letters[scheme]), fc.constantFrom('A.X', 'A.Y', '__proto__'))
			.map((parts) => parts.join('-')),
	);
	const token = fc.tuple(fc.constantFrom('甲', '乙', '𠮷', 'Ａ', 'A', ' ', '。'), tag);
	const sentence = fc.tuple(fc.array(token, { minLength: 1, maxLength: 30 }), fc.boolean()).map(
		([tokens, isPlain]): Sentence => ({
			characters: tokens.map(([character]) => character),
			tags: isPlain ? null : tokens.map(([, each]) => each),
			line: 1,
		}),
	);
	const split = fc.array(sentence, { maxLength: 6 });
	return fc.record({
		name: fc.constant('any'),
		unit: fc.constantFrom('character' as const, 'word' as const),
		scheme: fc.constant(scheme),
		splits: fc.record({ train: split, dev: split, test: split }),
	});
});

const options = {
	clipLength: 8,
	batches: { batchSize: 2 },
	lexicon: buildLexicon(['甲乙', '乙𠮷']),
	hasCharacterVector: (character: string) => character !== '𠮷',
};
const clip: CorpusChange = { kind: 'clip', length: 5, splits: ['train', 'dev', 'test'] };

test('in any corpus, clipped or not, findings name what is there, and every action can be stored and carried out', () => {
	fc.assert(
		fc.property(anyCorpus, fc.boolean(), (corpus, isClipped) => {
			const before = isClipped ? [clip] : [];
			const { findings } = examineAtOnce(applyChanges(corpus, before), options);
			for (const finding of findings) {
				expect(findingWords(finding).title.en).not.toMatch(/undefined|NaN/);
				for (const { ref, spans = [], places = [] } of finding.sentences) {
					const { length } = corpus.splits[ref.split][ref.index].characters;
					for (const place of [...places, ...spans.map(({ end }) => end - 1)]) expect(place).toBeLessThan(length);
				}
				for (const { code, changes } of [
					...finding.actions,
					...finding.groups.flatMap((group) => group.actions ?? []),
				]) {
					expect(actionWords[code].en).not.toBe('');
					const stored = readChanges(JSON.parse(JSON.stringify(changes)), corpus);
					expect(applyChanges(corpus, [...before, ...stored]).effects).toHaveLength(before.length + changes.length);
				}
			}
		}),
		{ seed: 11, numRuns: 60 },
	);
});

test('no sentence is lost by any action: what is not in the view is listed as dropped', () => {
	fc.assert(
		fc.property(anyCorpus, (corpus) => {
			const count = corpus.splits.train.length + corpus.splits.dev.length + corpus.splits.test.length;
			const { findings } = examineAtOnce(applyChanges(corpus, []), options);
			const changes = findings.flatMap(({ actions }) => actions.flatMap((action) => action.changes));
			const { splits, dropped } = applyChanges(corpus, changes);
			const left = [...splits.train, ...splits.dev, ...splits.test].filter(({ start }) => start === 0);
			expect(left.length + dropped.length).toBe(count);
		}),
		{ seed: 12, numRuns: 40 },
	);
});
