import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { expect, test } from 'vitest';
import { tagWords } from '../pages/tag/tag-words';
import { commonWords } from './common-words';
import { countText } from './number-words';
import { formatWords, translator, type Words } from './words';

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

const ui = fileURLToPath(new URL('..', import.meta.url));
const tables = readdirSync(ui, { recursive: true, encoding: 'utf8' }).filter((name) => /-words\.ts$/.test(name));

/** Names of the values that a message asks for. */
function valuesOf(message: string): string[] {
	const names = new Set<string>();
	const visit = (part: unknown): void => {
		if (!Array.isArray(part)) return;
		const [name, , choices] = part;
		names.add(name);
		for (const choice of Object.values((choices ?? {}) as object)) if (Array.isArray(choice)) choice.forEach(visit);
	};
	const compiled = compileMessage(message);
	if (Array.isArray(compiled)) compiled.forEach(visit);
	return [...names];
}

const isWords = (entry: unknown): entry is Words =>
	typeof entry === 'object' && entry !== null && 'en' in entry && 'zh' in entry && typeof entry.en === 'string';

test('the Chinese of a message asks for no value that the English does without', async () => {
	const modules = await Promise.all(tables.map((name) => import(join(ui, name))));
	const messages = modules
		.flatMap((module) => Object.values(module).flatMap((table) => Object.entries(table ?? {})))
		.filter((entry): entry is [string, Words] => isWords(entry[1]));
	expect(messages.length).toBeGreaterThan(500);
	const differ = messages.filter(([, { en, zh }]) => valuesOf(zh).some((name) => !valuesOf(en).includes(name)));
	expect(differ.map(([key]) => key)).toEqual([]);
});
