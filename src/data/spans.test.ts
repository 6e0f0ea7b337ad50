import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asIntended } from '../experiment/config';
import { sharedPath } from '../testing/shared-data';
import { readConll } from './conll';
import type { Span } from './span';
import { spansOf, strictSpansOf, tagsOf } from './spans';
import { type TagScheme, tagSchemes } from './tag-scheme';

const split = (text: string) => text.split(' ');

test('a stray inside tag opens a mention for the lenient reading only', () => {
	const tags = split('O I-A I-A B-A I-B O');
	expect(spansOf(tags, 'BIO').map(({ start, end }) => [start, end])).toEqual([
		[1, 3],
		[3, 4],
		[4, 5],
	]);
	expect(strictSpansOf(tags, 'BIO')).toEqual([{ start: 3, end: 4, type: 'A' }]);
});

test('S opens as B does; M and E without B do not in the strict reading', () => {
	expect(strictSpansOf(split('S-A M-A E-A B-A E-A'), 'BMES').map(({ start, end }) => [start, end])).toEqual([
		[0, 1],
		[3, 5],
	]);
});

test('in IOB1 an inside tag may begin a mention in both readings', () => {
	expect(strictSpansOf(split('I-A B-A O I-B'), 'IOB1')).toEqual(spansOf(split('I-A B-A O I-B'), 'IOB1'));
	expect(strictSpansOf(split('I-A B-A O I-B'), 'IOB1')).toHaveLength(3);
});

test('spans become tags and the same spans again, in every scheme and both readings', () => {
	const parts = fc.array(fc.record({ length: fc.integer({ min: 1, max: 3 }), type: fc.constantFrom('', 'A', 'B') }));
	fc.assert(
		fc.property(parts, fc.constantFrom<TagScheme>(...tagSchemes), (pieces, scheme) => {
			let length = 0;
			const spans: Span[] = [];
			for (const piece of pieces) {
				if (piece.type !== '') spans.push({ start: length, end: length + piece.length, type: piece.type });
				length += piece.length;
			}
			const tags = tagsOf(spans, length, scheme);
			expect(spansOf(tags, scheme)).toEqual(spans);
			expect(strictSpansOf(tags, scheme)).toEqual(spans);
		}),
	);
});

test.skipIf(!sharedPath('data')).each([
	['weibo/weiboNER_2nd_conll.train', 1895, 1885],
	['weibo/weiboNER_2nd_conll.dev', 389, 389],
	['weibo/weiboNER_2nd_conll.test', 418, 414],
	['resume/train.char.bmes', 13440, 13438],
	['resume/dev.char.bmes', 1497, 1497],
	['resume/test.char.bmes', 1630, 1630],
])('%s holds %i mentions, %i by the strict reading (skipped: no shared data)', (file, lenient, strict) => {
	const { sentences } = readConll(readFileSync(sharedPath(`data/${file}`) as string, 'utf8'), {
		file,
		quirks: asIntended,
	});
	const scheme = file.startsWith('weibo') ? 'BIO' : 'BMES';
	const count = (read: typeof spansOf) => sentences.reduce((sum, { tags }) => sum + read(tags ?? [], scheme).length, 0);
	expect([count(spansOf), count(strictSpansOf)]).toEqual([lenient, strict]);
});
