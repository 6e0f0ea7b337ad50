// Words that must not come back, in the texts that people read: of the page, of settings, of errors, of findings. They are
// read from the sources, as far as a text is a literal there.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Inversions and literary verbs, and terms that gave way to those of the field. */
const refusedInEnglish = [
	/\bmend(s|ed|ing)?\b/i,
	/\banew\b/i,
	/\breckon(s|ed|ing)?\b/i,
	/\bst(ands?|ood)\b/i,
	/\bgo(es|ing)? on\b/i,
	/\bput away\b/i,
	/\bin silence\b/i,
	/\bwithout end\b/i,
	/\bis called so\b/i,
	/\bone a (line|character|stage|sentence)\b/i,
	/\b(each|steps a) (step|second|epoch)$/i,
	/\bbrings?\b/i,
	/\b(mention|moment)s?\b/i,
	/\bheadless\b/i,
	/\bgraphics adapter\b/i,
	/[\d}] %/,
	/\d\u2009\d/,
];

/** Word-for-word renderings, and second names of things that have one. */
const refusedInChinese = [
	/带来/,
	/冒烟/,
	/耐心/,
	/受训/,
	/词格|格点/,
	/开发集/,
	/改标/,
	/丢弃率/,
	/地图/,
	/时刻/,
	/约剩/,
	/跨度/,
	/图形适配器|处理器/,
	/宽松 FMA/,
	/个运行/,
	/您/,
	/[\d}] %/,
	/[\u4e00-\u9fff][,;:?!](?![\w/])/,
];

interface Text {
	file: string;
	text: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
	.filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|^testing/.test(name))
	.map((file) => ({ file, source: readFileSync(join(root, file), 'utf8') }));

/** The literals that stand after one of the names, such as `en: 'Data'`. */
function textsAfter(names: string): Text[] {
	const pattern = new RegExp(`\\b(?:${names}):\\s*(['"\`])((?:(?!\\1)[^\\\\]|\\\\.)*)\\1`, 'g');
	return sources.flatMap(({ file, source }) =>
		[...source.matchAll(pattern)].map(([, , text]) => ({ file, text: text.replaceAll("\\'", "'") })),
	);
}

/** Every literal with a Chinese character in the files that hold Chinese alone. */
function chineseTexts(): Text[] {
	return sources
		.filter(({ file }) => /error-words-zh|run-message-words/.test(file))
		.flatMap(({ file, source }) =>
			[...source.matchAll(/(['`])((?:(?!\1)[^\\\n])*[\u4e00-\u9fff](?:(?!\1)[^\\\n])*)\1/g)].map(([, , text]) => ({
				file,
				text,
			})),
		);
}

/** Values that a text names in its braces are not read by people. */
function withoutNames(text: string): string {
	return text.replace(/\$\{[^}]*\}/g, '').replace(/\{\w+(?=[,}])/g, '{');
}

function refused(texts: readonly Text[], words: readonly RegExp[]): string[] {
	return texts
		.filter(({ text }) => words.some((word) => word.test(withoutNames(text))))
		.map(({ file, text }) => `${file}: ${text}`);
}

test('English texts of the page, settings, errors and findings hold no refused word', () => {
	const texts = textsAfter('en|expected|found|remedy');
	expect(texts.length).toBeGreaterThan(1000);
	expect(refused(texts, refusedInEnglish)).toEqual([]);
});

test('Chinese texts of the page, settings, errors and findings hold no refused word', () => {
	const texts = [...textsAfter('zh'), ...chineseTexts()];
	expect(texts.length).toBeGreaterThan(1000);
	expect(refused(texts, refusedInChinese)).toEqual([]);
});
