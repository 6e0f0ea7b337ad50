import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { showNotices } from '../kit/controls/toasts';
import { beginHere } from './open-when-done';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** The text between a brace and the one that closes it. */
function block(code: string, open: number): string {
	let depth = 0;
	for (let at = open; at < code.length; at++) {
		if (code[at] === '{') depth++;
		if (code[at] === '}' && --depth === 0) return code.slice(open, at + 1);
	}
	return code.slice(open);
}

/** Addresses that are set by asynchronous code after it has waited; those within a callback are the user's own press. */
function lateMoves(source: string): string[] {
	const code = source.replace(/\/\/.*$|\/\*[\s\S]*?\*\//gm, '');
	const move = /(?<!=> )(?<!function )\b(?:go|location\.assign|pushState)\(|location\.(?:hash|href) = /;
	const found: string[] = [];
	for (const { index } of code.matchAll(/\basync\b[^{;]*?\{/g)) {
		const body = block(code, code.indexOf('{', index + code.slice(index).search(/=>|\)\s*[:{]/)));
		const late = body.slice(body.search(/\bawait\b/));
		if (/\bawait\b/.test(body) && move.test(late)) found.push(late.match(move)?.[0] ?? '');
	}
	for (const { index } of code.matchAll(/\.(?:then|finally)\(/g)) {
		const rest = code.slice(index, index + 200).split(';')[0];
		if (/\bgo\(/.test(rest)) found.push(rest.slice(0, 60));
	}
	return found;
}

test('the check finds a move after an await, and after a promise, but none in a callback', () => {
	expect(lateMoves('const a = async () => { await b(); go("x"); };')).toHaveLength(1);
	expect(lateMoves('async function a(): Promise<void> { const x = await b(); if (x) { go("x"); } }')).toHaveLength(1);
	expect(lateMoves('void ask().then(() => go("x"));')).toHaveLength(1);
	expect(lateMoves('const a = async () => { go("x"); await b(); };')).toEqual([]);
	expect(lateMoves('const a = async () => { await b(); notify({ run: () => go("x") }); };')).toEqual([]);
});

test('no work that waits moves the user by itself: open-when-done does, where the user still is', () => {
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => /(?<!\.test)\.tsx?$/.test(name))
		.map((name) => join(folder, name));
	const late = files.flatMap((file) =>
		lateMoves(readFileSync(file, 'utf8')).map((move) => `${relative(folder, file)}: ${move}`),
	);
	expect(late).toEqual([]);
});

const listeners = new Map<string, (() => void)[]>();
const send = (event: string) => {
	for (const listener of listeners.get(event) ?? []) listener();
};
const location = { hash: '' };
const history = {};
let dialog: unknown = null;
const notices: { text: string; action?: { label: string; run(): void } }[] = [];

beforeEach(() => {
	const addEventListener = (event: string, listener: () => void) =>
		void listeners.set(event, [...(listeners.get(event) ?? []), listener]);
	vi.stubGlobal('window', { location, history, addEventListener });
	vi.stubGlobal('document', { querySelector: () => dialog });
	location.hash = '#/data/import';
	send('hashchange');
	dialog = null;
	notices.length = 0;
	showNotices((notice) => void notices.push(notice));
});
afterEach(() => vi.unstubAllGlobals());

const target = { page: 'data', path: ['notes'] } as const;

test('who is still where the work began sees what it made', () => {
	const opener = beginHere('Open');
	location.hash = '#/data/import?q=filtered';
	send('popstate');
	opener.open(target, 'Imported notes');
	expect(location.hash).toBe('#/data/notes');
	expect(notices).toEqual([{ text: 'Imported notes' }]);
});

const moveTo = (hash: string) => {
	location.hash = hash;
	send('hashchange');
};

test.each<[string, () => void]>([
	['went elsewhere', () => moveTo('#/tag')],
	[
		'went and came back',
		() => {
			moveTo('#/tag');
			moveTo('#/data/import');
		},
	],
	['types', () => send('input')],
	[
		'has a dialog open',
		() => {
			dialog = {};
		},
	],
])('who %s stays there and gets a notice with a link', (_, act) => {
	const opener = beginHere('Open');
	act();
	const before = location.hash;
	opener.open(target, 'Imported notes');
	expect(location.hash).toBe(before);
	expect(notices).toMatchObject([{ text: 'Imported notes', action: { label: 'Open' } }]);
	notices[0].action?.run();
	expect(location.hash).toBe('#/data/notes');
});
