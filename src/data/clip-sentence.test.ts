import { expect, test } from 'vitest';
import { clipSentence } from './clip-sentence';

const sentence = (text: string, tags: string[] = [...text].map(() => 'O')) => ({
	characters: [...text],
	tags,
	line: 11,
});
const pieces = (text: string, length: number, tags?: string[]) =>
	clipSentence(sentence(text, tags), length).map(({ characters }) => characters.join(''));

test('a sentence up to the length stays whole', () => {
	expect(pieces('一二三四五', 5)).toEqual(['一二三四五']);
});

test('the first sentence end behind the length wins over a nearer comma', () => {
	expect(pieces('一。三四五，七！九十', 5)).toEqual(['一。三四五，七！', '九十']);
});

test('without a sentence end the first comma cuts', () => {
	expect(pieces('一二三四，六，八九十', 5)).toEqual(['一二三四，', '六，八九十']);
});

test('without any mark it is cut ten characters on, but never inside an entity', () => {
	const text = '字'.repeat(20);
	expect(pieces(text, 5).map((piece) => piece.length)).toEqual([15, 5]);
	const tags = [...text].map((_, position) => (position === 13 ? 'B-A' : position > 13 && position < 18 ? 'I-A' : 'O'));
	expect(pieces(text, 5, tags).map((piece) => piece.length)).toEqual([18, 2]);
});

test('pieces together are the sentence, with tags and lines', () => {
	const whole = sentence('一二三四五。七八九十，二三四五六七八九。');
	const cut = clipSentence(whole, 4);
	expect(cut.flatMap(({ characters }) => characters)).toEqual(whole.characters);
	expect(cut.map(({ line, tags }) => [line, tags?.length])).toEqual([
		[11, 6],
		[17, 5],
		[22, 9],
	]);
});
