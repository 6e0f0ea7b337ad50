import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Span } from './span';
import {
	detectScheme,
	illegalTransitions,
	parseTag,
	schemeOfPrefixes,
	spansToTags,
	type TagScheme,
	tagSchemes,
	tagsToSpans,
	toBio,
} from './tag-scheme';

const split = (text: string) => text.split(' ');

test('a tag is O, or a known letter with a type; all else is refused', () => {
	expect(parseTag('B-PER.NAM')).toEqual({ prefix: 'B', type: 'PER.NAM' });
	expect(parseTag('I-a-b')).toEqual({ prefix: 'I', type: 'a-b' });
	expect(parseTag('O')).toEqual({ prefix: 'O', type: '' });
	for (const tag of ['', 'o', 'B', 'B-', 'X-PER', 'b-PER', 'B_PER', 'PER', '0']) expect(parseTag(tag)).toBeNull();
});

test.each<[string, TagScheme | null]>([
	['BI', 'BIO'],
	['', 'BIO'],
	['BMES', 'BMES'],
	['BIES', 'BIOES'],
	['BILU', 'BILOU'],
	['BMEW', 'BMEWO'],
	['BIM', null],
	['BESU', null],
])('the letters %s belong to %s', (prefixes, scheme) => {
	expect(schemeOfPrefixes(['O', ...prefixes])).toBe(scheme);
});

describe('IOB1', () => {
	test('is told from BIO by where B occurs', () => {
		expect(detectScheme([split('I-PER I-PER O'), split('I-LOC B-LOC I-LOC')])).toBe('IOB1');
		expect(detectScheme([split('B-PER I-PER O'), split('O I-LOC')])).toBe('BIO');
		expect(detectScheme([split('B-PER I-PER O')])).toBe('BIO');
	});

	test('becomes BIO by the tag before', () => {
		expect(toBio(split('I-A I-A B-A I-B O I-B'), 'IOB1')).toEqual(split('B-A I-A B-A B-B O B-B'));
	});

	test('may not say B where nothing touches', () => {
		expect(illegalTransitions(split('B-A O I-A B-A B-B'), 'IOB1')).toEqual([0, 4]);
	});
});

test('BMES becomes BIO letter by letter, ill-formed sequences too', () => {
	expect(toBio(split('B-A M-A E-A S-A O M-A E-B'), 'BMES')).toEqual(split('B-A I-A I-A B-A O I-A I-B'));
});

test.each<[TagScheme, string, number[]]>([
	['BIO', 'B-A I-A O I-A B-B I-A I-B', [3, 5, 6]],
	['BMES', 'B-A M-A E-A S-A O', []],
	['BMES', 'B-A O M-A E-B', [1, 2, 3]],
	['BIOES', 'B-A B-A E-A I-A', [1, 3, 3]],
	['BILOU', 'B-A I-A L-A U-B L-B', [4]],
])('in %s the slips of "%s" are at %j', (scheme, tags, positions) => {
	expect(illegalTransitions(split(tags), scheme)).toEqual(positions);
});

test('ill-formed tags are read as entities where an I or E continues nothing', () => {
	expect(tagsToSpans(split('I-A I-A I-B O B-B'), 'BIO')).toEqual([
		{ start: 0, end: 2, type: 'A' },
		{ start: 2, end: 3, type: 'B' },
		{ start: 4, end: 5, type: 'B' },
	]);
	expect(tagsToSpans(split('B-A E-A M-A S-A'), 'BMES').map(({ start, end }) => [start, end])).toEqual([
		[0, 2],
		[2, 3],
		[3, 4],
	]);
});

const spanLists = fc
	.array(fc.record({ gap: fc.nat(2), length: fc.integer({ min: 1, max: 4 }), type: fc.constantFrom('A', 'B-C') }))
	.map((parts) => {
		const spans: Span[] = [];
		let end = 0;
		for (const { gap, length, type } of parts) {
			spans.push({ start: end + gap, end: end + gap + length, type });
			end += gap + length;
		}
		return { spans, length: end + 1 };
	});

test.each(tagSchemes)('spans survive the way to tags and back in %s, without a slip', (scheme) => {
	fc.assert(
		fc.property(spanLists, ({ spans, length }) => {
			const tags = spansToTags(spans, length, scheme);
			expect(tagsToSpans(tags, scheme)).toEqual(spans);
			expect(illegalTransitions(tags, scheme)).toEqual([]);
			expect(toBio(tags, scheme)).toEqual(spansToTags(spans, length, 'BIO'));
		}),
		{ numRuns: 60 },
	);
});
