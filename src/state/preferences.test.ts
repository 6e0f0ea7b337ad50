import { expect, test } from 'vitest';
import { createPreferences, type Preferences, readPreferences } from './preferences';

const defaults: Preferences = {
	language: 'en',
	theme: 'system',
	letterKeys: true,
	panes: {},
	dismissed: [],
	lastRoute: '',
};

test('a change is kept and found again', () => {
	let kept: string | null = null;
	const keeper = { read: () => kept, write: (text: string) => (kept = text) };
	createPreferences(keeper, defaults).setState({ language: 'zh', panes: { data: { list: 20, main: 80 } } });
	expect(createPreferences(keeper, defaults).getState()).toEqual({
		...defaults,
		language: 'zh',
		panes: { data: { list: 20, main: 80 } },
	});
});

test('parts that are damaged give way to the defaults one by one', () => {
	expect(readPreferences('{')).toEqual({});
	expect(readPreferences('[1]')).toEqual({});
	const text = JSON.stringify({ language: 'xx', theme: 'dark', letterKeys: 'no', panes: { data: { list: 300 } } });
	expect(readPreferences(text)).toEqual({ theme: 'dark', panes: {} });
});
