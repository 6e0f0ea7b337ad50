import { expect, test } from 'vitest';
import { cutAtSentenceEnds } from './sentence-ends';

const cut = (line: string) => cutAtSentenceEnds(line).map((piece) => piece.join(''));

test('a line is cut after the marks that end sentences', () => {
	expect(cut('他来了。你呢？ 好！')).toEqual(['他来了。', '你呢？', '好！']);
});

test('closing quotes and repeated marks stay with their sentence', () => {
	expect(cut('他说：“走吧！”她没动……后来走了')).toEqual(['他说：“走吧！”', '她没动……', '后来走了']);
});

test('numbers and Latin names are not cut, and a blank line gives nothing', () => {
	expect(cut('增长3.5%，John F. Smith到京')).toEqual(['增长3.5%，John F. Smith到京']);
	expect(cut('  ')).toEqual([]);
});
