import { expect, test } from 'vitest';
import { tagWords } from '../pages/tag/tag-words';
import { commonWords } from './common-words';
import { countText } from './number-words';
import { formatWords, translator } from './words';

test('plain words come as they are, in the language asked for', () => {
	const t = translator(commonWords, 'zh');
	expect(t('data')).toBe('数据');
	expect(translator(commonWords, 'en')('data')).toBe('Data');
});

test('plurals and values are filled in', () => {
	const words = { en: '{count, plural, one {# sentence} other {# sentences}} of {name}', zh: '{name}：{count} 句' };
	expect(formatWords(words, 'en', { count: 1, name: 'dev' })).toBe('1 sentence of dev');
	expect(formatWords(words, 'en', { count: 3, name: 'dev' })).toBe('3 sentences of dev');
	expect(formatWords(words, 'zh', { count: 3, name: 'dev' })).toBe('dev：3 句');
});

test('counts of thousands are written with their comma beside the plural that they choose', () => {
	const tagged = (number: number) => formatWords(tagWords.sentences, 'en', { number, count: countText(number) });
	expect(tagged(1)).toBe('1 sentence');
	expect(tagged(1740)).toBe('1,740 sentences');
});
