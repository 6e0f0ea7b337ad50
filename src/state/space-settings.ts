// The user's own settings of a map, as written in the address: their names there are fixed. Pure.

import type { MapMethod, MapSettings } from '../wire/space';

export const mapMethods: readonly MapMethod[] = ['pca', 'tsne', 'umap'];

type Numbers = Exclude<keyof MapSettings, 'method'>;

export const settingRanges: Record<Numbers, { min: number; max: number; isWhole: boolean }> = {
	perplexity: { min: 2, max: 500, isWhole: false },
	iterations: { min: 50, max: 5000, isWhole: true },
	neighbours: { min: 2, max: 200, isWhole: true },
	leastDistance: { min: 0, max: 1, isWhole: false },
	seed: { min: 0, max: 1_000_000, isWhole: true },
};

/** What each method reads. */
export const settingsOf: Record<MapMethod, readonly Numbers[]> = {
	pca: [],
	tsne: ['perplexity', 'iterations', 'seed'],
	umap: ['neighbours', 'leastDistance', 'iterations', 'seed'],
};

/** A number of the form, or null where it is none or out of its range. */
export function readSetting(name: Numbers, text: string): number | null {
	const { min, max, isWhole } = settingRanges[name];
	const value = text.trim() === '' ? Number.NaN : Number(text);
	return value >= min && value <= max && (!isWhole || Number.isInteger(value)) ? value : null;
}

/** The address's settings over those of the snapshots' own maps; null where they are the same. */
export function ownSettings(query: Readonly<Record<string, string>>, base: MapSettings): MapSettings | null {
	const method = mapMethods.find((one) => one === query.proj) ?? base.method;
	const settings: MapSettings = { ...base, method };
	for (const name of settingsOf[method]) settings[name] = readSetting(name, query[name] ?? '') ?? base[name];
	const isSame = method === base.method && settingsOf[method].every((name) => settings[name] === base[name]);
	return isSame ? null : settings;
}

/** The query for these settings; '' removes a key. */
export function settingsQuery(settings: MapSettings, base: MapSettings): Record<string, string> {
	const query: Record<string, string> = { proj: '' };
	for (const name of Object.keys(settingRanges) as Numbers[]) {
		const isSaid = settingsOf[settings.method].includes(name) && settings[name] !== base[name];
		query[name] = isSaid ? String(settings[name]) : '';
	}
	if (settings.method !== base.method) query.proj = settings.method;
	return query;
}
