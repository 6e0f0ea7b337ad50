import { expect, test } from 'vitest';
import { sentencePieces, typeLabel, visibleText } from './sentence-pieces';

test('pieces are cut at the borders of spans, by code points', () => {
	const pieces = sentencePieces(
		[...'𠮷野家在北京。'],
		[
			{ start: 4, end: 6, type: 'GPE' },
			{ start: 0, end: 3, type: 'ORG' },
		],
	);
	expect(pieces.map(({ text, span }) => [text, span?.type ?? ''])).toEqual([
		['𠮷野家', 'ORG'],
		['在', ''],
		['北京', 'GPE'],
		['。', ''],
	]);
});

test('words are joined by spaces, and an overlapping span is left out', () => {
	const spans = [
		{ start: 0, end: 2, type: 'PER' },
		{ start: 1, end: 3, type: 'ORG' },
	];
	expect(sentencePieces(['Ada', 'Lovelace', 'wrote'], spans, 'word').map(({ text }) => text)).toEqual([
		'Ada Lovelace',
		'wrote',
	]);
});

test('what has no glyph is shown by a picture', () => {
	expect(visibleText('甲\n乙\u3000')).toEqual([
		{ text: '甲', isControl: false },
		{ text: '⏎', isControl: true },
		{ text: '乙', isControl: false },
		{ text: '␣', isControl: true },
	]);
});

test('joined emoji stay one picture, a joiner between letters is shown', () => {
	expect(visibleText('👨\u200d👩')).toEqual([{ text: '👨\u200d👩', isControl: false }]);
	expect(visibleText('甲\u200d乙').map(({ text }) => text)).toEqual(['甲', '␢', '乙']);
});

test('a very long type is cut by whole characters where it stands beside its span', () => {
	expect(typeLabel('ORGANISATION.GOVERNMENT')).toBe('ORGANISATION.GOVERNMENT');
	expect(typeLabel('😀'.repeat(200))).toBe(`${'😀'.repeat(23)}…`);
});
