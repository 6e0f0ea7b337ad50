// Words of the page in both languages, side by side, so that a missing translation does not compile. A table belongs to
// its page and is loaded with it. Messages with braces are ICU: `{count, plural, one {# sentence} other {# sentences}}`.

import { type I18n, setupI18n } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { useMemo } from 'react';
import type { Language } from '../../state/preferences';
import { usePreferences } from '../context/preferences-context';

export interface Words {
	en: string;
	zh: string;
}

export type WordTable = Readonly<Record<string, Words>>;

/** Values for the braces of a message. Numbers are written by the caller where they need more than digits. */
export type WordValues = Readonly<Record<string, string | number>>;

/** The words of a table in the page's language. A message with braces asks for their values. */
export type Translate<Table extends WordTable> = <Key extends keyof Table & string>(
	key: Key,
	...values: Table[Key]['en'] extends `${string}{${string}` ? [WordValues] : [WordValues?]
) => string;

export const languageTags: Record<Language, string> = { en: 'en', zh: 'zh-Hans' };

const formatters: Record<Language, I18n> = {
	en: setupI18n({ locale: 'en', messages: { en: {} } }),
	zh: setupI18n({ locale: 'zh', messages: { zh: {} } }),
};

/** One message in one language. */
export function formatWords(words: Words, language: Language, values?: WordValues): string {
	const message = words[language];
	if (!message.includes('{')) return message;
	const formatter = formatters[language];
	if (!Object.hasOwn(formatter.messages, message)) formatter.load(language, { [message]: compileMessage(message) });
	return formatter._(message, values);
}

export function translator<Table extends WordTable>(table: Table, language: Language): Translate<Table> {
	return (key, ...[values]) => formatWords(table[key], language, values);
}

export function useWords<Table extends WordTable>(table: Table): Translate<Table> {
	const language = useLanguage();
	return useMemo(() => translator(table, language), [table, language]);
}

export function useLanguage(): Language {
	return usePreferences((preferences) => preferences.language);
}
