// How the user likes the page: language, theme, keys, sizes of panes. Kept as one text record by whoever makes the store.

import { createStore, type StoreApi } from 'zustand/vanilla';
import { formatRoute, parseRoute } from './route';

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export interface Preferences {
	language: Language;
	theme: Theme;
	/** Whether single letters act outside text fields (WCAG 2.1.4 asks that they can be switched off). */
	letterKeys: boolean;
	/** Shares of the panes in percent, by name of the page and of the pane. */
	panes: Readonly<Record<string, Readonly<Record<string, number>>>>;
	/** Dismissed notices, by name. */
	dismissed: readonly string[];
	/** The last address within the page; empty before the first visit ends. */
	lastRoute: string;
}

export type PreferenceStore = StoreApi<Preferences>;

/** Where one text is kept between visits. Either function may fail silently: then nothing is kept. */
export interface TextKeeper {
	read(): string | null;
	write(text: string): void;
}

/** A store that begins with what was kept, `defaults` for the rest, and keeps each change. */
export function createPreferences(keeper: TextKeeper, defaults: Preferences): PreferenceStore {
	const store = createStore<Preferences>(() => ({ ...defaults, ...readPreferences(keeper.read()) }));
	store.subscribe((preferences) => keeper.write(JSON.stringify(preferences)));
	return store;
}

/** The parts of a kept text that are what they should be. */
export function readPreferences(text: string | null): Partial<Preferences> {
	const value = parseRecord(text);
	const kept: Partial<Preferences> = {};
	const language = languages.find((name) => name === value.language);
	const theme = themes.find((name) => name === value.theme);
	if (language) kept.language = language;
	if (theme) kept.theme = theme;
	if (typeof value.letterKeys === 'boolean') kept.letterKeys = value.letterKeys;
	if (isRecord(value.panes)) kept.panes = readPanes(value.panes);
	if (Array.isArray(value.dismissed)) kept.dismissed = readNames(value.dismissed);
	if (typeof value.lastRoute === 'string') kept.lastRoute = readAddress(value.lastRoute);
	return kept;
}

/** More than the page ever keeps; what is beyond was not written by it. */
const maxEntries = 200;
const maxAddress = 2000;

function readNames(names: readonly unknown[]): string[] {
	const isName = (name: unknown): name is string => typeof name === 'string' && name.length <= maxEntries;
	return [...new Set(names.filter(isName))].slice(-maxEntries);
}

/** An address within this page, written anew; empty for any other, which the browser would refuse or which leads nowhere. */
function readAddress(address: string): string {
	try {
		const route = address.startsWith('#/') && address.length <= maxAddress ? parseRoute(address) : null;
		return route ? formatRoute(route) : '';
	} catch {
		return ''; // half a character cannot be written as an address
	}
}

function readPanes(panes: Record<string, unknown>): Preferences['panes'] {
	const isLayout = (layout: unknown): layout is Record<string, number> =>
		isRecord(layout) && Object.values(layout).every((share) => typeof share === 'number' && share >= 0 && share <= 100);
	return Object.fromEntries(
		Object.entries(panes)
			.filter((entry): entry is [string, Record<string, number>] => isLayout(entry[1]))
			.slice(-maxEntries),
	);
}

/** A layout for exactly these panes that fills the width; undefined for any other. */
export function layoutOf(layout: Readonly<Record<string, number>> | undefined, panes: readonly string[]) {
	if (!layout) return undefined;
	const names = Object.keys(layout);
	const isSame = names.length === panes.length && panes.every((pane) => Object.hasOwn(layout, pane));
	const total = Object.values(layout).reduce((sum, share) => sum + share, 0);
	return isSame && Math.abs(total - 100) < 1 ? { ...layout } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseRecord(text: string | null): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text ?? '{}');
		return isRecord(value) ? value : {};
	} catch {
		return {};
	}
}
