// Errors in the page's language. What was found is the user's own input or a number and is kept, except for a few fixed
// phrases; a code without Chinese words is shown in English.

import type { Language } from '../../state/preferences';
import type { ChineseError } from './error-words-zh';

export interface ErrorParts {
	code: string;
	expected: string;
	found: string;
	remedy: string;
}

/** The parts in the page's language where it has words for them. */
export interface ErrorSentences {
	expected: string;
	found: string;
	remedy: string;
	/** The English sentence that was translated, with its numbers and names; empty when nothing was. */
	original: string;
}

type ChineseWords = typeof import('./error-words-zh');

let chinese: ChineseWords | null = null;

/** Resolves when errors can be told in the language; until then they are told in English. */
export async function loadErrorWords(language: Language): Promise<void> {
	if (language === 'zh') chinese ??= await import('./error-words-zh');
}

export function hasErrorWords(language: Language): boolean {
	return language !== 'zh' || chinese !== null;
}

function findingInChinese({ findingsInChinese, countsInChinese }: ChineseWords, found: string): string {
	if (Object.hasOwn(findingsInChinese, found)) return findingsInChinese[found];
	const counted = countsInChinese.find(([pattern]) => pattern.test(found));
	return counted ? found.replace(...counted) : found;
}

/** What a problem says in the page's language. */
export function errorSentences({ code, expected, found, remedy }: ErrorParts, language: Language): ErrorSentences {
	const words = language === 'zh' && chinese ? chineseOf(chinese, code) : null;
	if (!words || !chinese) return { expected, found, remedy: withoutOptionNames(remedy), original: '' };
	return {
		expected: withSplit(chinese, words[0], expected),
		found: findingInChinese(chinese, found),
		remedy: withSplit(chinese, words[1], expected),
		original: `Expected ${expected}, found ${found}. ${remedy}`,
	};
}

/** Without what only a command line needs: `(overlaps=longest)`, `(data.clipLength)`. */
function withoutOptionNames(remedy: string): string {
	return remedy.replace(/ \((?:[a-zA-Z]+=[^\s)]+|[a-z]+\.[a-zA-Z]+)\)/g, '');
}

function chineseOf({ errorsInChinese, familiesInChinese }: ChineseWords, code: string): ChineseError | null {
	if (Object.hasOwn(errorsInChinese, code)) return errorsInChinese[code];
	const family = Object.keys(familiesInChinese).find((prefix) => code.startsWith(prefix));
	return family === undefined ? null : familiesInChinese[family];
}

/** Puts the split that the English part names in the place of `{split}`. */
function withSplit({ splitsInChinese }: ChineseWords, words: string, english: string): string {
	const [name] = /\b(?:train|dev|test)\b/.exec(english) ?? [''];
	return words.replace('{split}', splitsInChinese[name] ?? '该划分');
}
