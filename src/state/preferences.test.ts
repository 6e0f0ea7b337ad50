import { expect, test } from 'vitest';
import { createPreferences, layoutOf, type Preferences, readPreferences } from './preferences';

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

test.each([
	'https://elsewhere.example/#/data',
	'//elsewhere.example',
	'javascript:alert(1)',
	'data:text/html,x',
	'/other/page',
	'?lang=zh',
	'#/nowhere',
	'#data/sample',
	`#/data/${'x'.repeat(3000)}`,
	'\u0000',
	'#/data/\ud800',
])('the last address %j is none of this page and is not opened', (lastRoute) => {
	expect(readPreferences(JSON.stringify({ lastRoute, theme: 'dark' }))).toEqual({ theme: 'dark', lastRoute: '' });
});

test('an address of this page is opened as it was', () => {
	const lastRoute = '#/data/sample?type=PER';
	expect(readPreferences(JSON.stringify({ lastRoute }))).toEqual({ lastRoute });
});

test('lists that are too long, names that are no text and layouts of other panes are left out', () => {
	const dismissed = [...Array.from({ length: 5000 }, (_, place) => `notice ${place}`), 3, null, 'x'.repeat(1e6)];
	const kept = readPreferences(JSON.stringify({ dismissed }));
	expect(kept.dismissed).toHaveLength(200);
	expect(kept.dismissed?.at(-1)).toBe('notice 4999');
	expect(layoutOf({ list: 20, main: 80 }, ['list', 'main'])).toEqual({ list: 20, main: 80 });
	expect(layoutOf({ list: 20, side: 80 }, ['list', 'main'])).toBeUndefined();
	expect(layoutOf({ list: 20, main: 20 }, ['list', 'main'])).toBeUndefined();
	expect(layoutOf({ main: 100, list: 0, side: 0 }, ['list', 'main'])).toBeUndefined();
	expect(layoutOf(undefined, ['main'])).toBeUndefined();
});
