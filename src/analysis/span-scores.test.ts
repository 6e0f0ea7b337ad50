import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { referencePath } from '../testing/shared-data';
import { publishedMetric } from './published-metric';
import { readMentions, type TagEncoding } from './span-readings';
import { countMatches, scoreByAllRules, scoreSpans, tokenAccuracy } from './span-scores';

const tagsOf = (text: string) => text.split(' ');
const print = (text: string, rule: 'published' | 'strict' | 'seqeval') =>
	readMentions(tagsOf(text), rule)
		.map(({ type, start, end }) => `${type} ${start}-${end}`)
		.join(', ');

interface Fixture {
	encoding_type: TagEncoding;
	cases: {
		name: string;
		options: { ignore_labels?: string[]; f_type?: 'micro' | 'macro'; beta?: number };
		pairs: { pred: string[]; gold: string[] }[];
		expected: Record<string, number>;
		expected_overall: Record<string, number>;
		counts: Record<'tp' | 'fp' | 'fn', Record<string, number>>;
		spans: Record<'pred' | 'gold', [string, number, number][]>[];
	}[];
}

const folder = referencePath('metrics');

describe.skipIf(!folder)('the published rule against the published program (skipped: no shared data)', () => {
	test.each(['bio', 'bmes', 'bmeso', 'bioes'])('gives its spans, counts and scores for every %s case', (encoding) => {
		const fixture: Fixture = JSON.parse(readFileSync(join(folder!, `${encoding}.json`), 'utf8'));
		let sequences = 0;
		for (const { name, options, pairs, expected, expected_overall, counts, spans } of fixture.cases) {
			const scoring = { encoding: fixture.encoding_type, ignoredTypes: options.ignore_labels, beta: options.beta };
			const metric = { ...scoring, average: options.f_type };
			const tagPairs = pairs.map(({ pred, gold }) => ({ predicted: pred, gold }));
			expect(publishedMetric(tagPairs, metric), name).toEqual(expected);
			expect(publishedMetric(tagPairs, { ...metric, onlyOverall: true }), name).toEqual(expected_overall);
			const found = countMatches(tagPairs, 'published', scoring);
			const types = new Set([counts.tp, counts.fp, counts.fn].flatMap((record) => Object.keys(record)));
			expect([...found.keys()], name).toEqual([...types].sort());
			for (const [type, count] of found) {
				expect([count.truePositives, count.falsePositives, count.falseNegatives], `${name} ${type}`).toEqual([
					counts.tp[type] ?? 0,
					counts.fp[type] ?? 0,
					counts.fn[type] ?? 0,
				]);
			}
			for (const [index, pair] of pairs.entries()) {
				for (const side of ['pred', 'gold'] as const) {
					const mentions = readMentions(pair[side], 'published', fixture.encoding_type);
					const triples = mentions.map(({ type, start, end }) => [type, start, end]);
					expect(triples, `${name} ${side} ${index}`).toEqual(spans[index][side]);
				}
				sequences++;
			}
		}
		expect(sequences).toBeGreaterThan(100);
	});
});

describe('the strict rule', () => {
	test.each([
		['B-PER I-PER O B-LOC', 'PER 0-2, LOC 3-4'],
		['I-PER I-PER O', ''],
		['B-PER I-LOC I-PER', 'PER 0-1'],
		['B-PER B-PER I-PER', 'PER 0-1, PER 1-3'],
		['B-PER <pad> I-PER', 'PER 0-1'],
		['<pad> <unk>', ''],
		['B-GPE.NAM I-GPE.NOM', 'GPE.NAM 0-1'],
	])('reads %s', (tags, expected) => {
		expect(print(tags, 'strict')).toBe(expected);
	});
});

// Worked by hand from the rules of conlleval as seqeval's README and module documentation give them.
describe("seqeval's default rule", () => {
	test.each([
		['B-PER I-PER O B-LOC', 'PER 0-2, LOC 3-4'],
		['I-PER I-PER O I-LOC', 'PER 0-2, LOC 3-4'],
		['B-PER I-LOC I-LOC', 'PER 0-1, LOC 1-3'],
		['B-PER B-PER I-PER', 'PER 0-1, PER 1-3'],
		['I-PER B-PER', 'PER 0-1, PER 1-2'],
		['S-PER E-PER I-PER', 'PER 0-1, PER 1-2, PER 2-3'],
		['B-LOC M-LOC E-LOC O', 'LOC 0-3'],
		['B-PER <pad> I-PER', 'PER 0-1, pad> 1-2, PER 2-3'],
		['B-GPE-NOM I-GPE-NOM', 'GPE-NOM 0-2'],
		['O O', ''],
	])('reads %s', (tags, expected) => {
		expect(print(tags, 'seqeval')).toBe(expected);
	});
});

describe('scores', () => {
	const pair = (predicted: string, gold: string) => ({ predicted: tagsOf(predicted), gold: tagsOf(gold) });

	test('are shares over all mentions, means over types, and shares within a type', () => {
		const pairs = [pair('B-PER I-PER O B-LOC', 'B-PER I-PER O B-ORG'), pair('B-PER O', 'B-PER B-PER')];
		const scores = scoreSpans(pairs, 'strict');
		expect(scores.micro.precision).toBeCloseTo(2 / 3, 12);
		expect(scores.micro.recall).toBeCloseTo(2 / 4, 12);
		expect(scores.micro.f1).toBeCloseTo(4 / 7, 12);
		expect(scores.macro.recall).toBeCloseTo((0 + 0 + 2 / 3) / 3, 12);
		expect(scores.perType.PER).toEqual({ precision: 1, recall: 2 / 3, f1: 0.8, support: 3 });
		expect(Object.keys(scores.perType)).toEqual(['LOC', 'ORG', 'PER']);
		expect(scores.support).toBe(4);
	});

	test('are 0, not NaN, when nothing was annotated or found', () => {
		for (const scores of Object.values(scoreByAllRules([pair('O O', 'O O')]))) {
			expect(scores.micro).toEqual({ precision: 0, recall: 0, f1: 0 });
			expect(scores.macro).toEqual({ precision: 0, recall: 0, f1: 0 });
		}
	});

	test('do not match mentions across sentences', () => {
		const pairs = [pair('B-PER', 'O'), pair('O', 'B-PER')];
		expect(scoreSpans(pairs, 'strict').micro.f1).toBe(0);
	});

	test('differ between the rules on an ill-formed prediction', () => {
		const scores = scoreByAllRules([pair('I-PER I-PER', 'B-PER I-PER')]);
		expect(scores.strict.micro.f1).toBe(0);
		expect(scores.seqeval.micro.f1).toBe(1);
		expect(scores.published.micro.f1).toBeCloseTo(1, 9);
	});

	test('count characters with the right tag', () => {
		expect(tokenAccuracy([pair('B-PER O O', 'B-PER I-PER O'), pair('O', 'O')])).toBe(0.75);
		expect(tokenAccuracy([])).toBe(0);
	});
});
