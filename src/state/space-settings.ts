// Settings of a map of the user's own, as they stand in the address. Pure.

import type { MapMethod, MapSettings } from '../wire/space';

export const mapMethods: readonly MapMethod[] = ['pca', 'tsne', 'umap'];

type Numbers = Exclude<keyof MapSettings, 'method'>;

export const settingRanges: Record<Numbers, { least: number; most: number; isWhole: boolean }> = {
	perplexity: { least: 2, most: 500, isWhole: false },
	iterations: { least: 50, most: 5000, isWhole: true },
	neighbours: { least: 2, most: 200, isWhole: true },
	leastDistance: { least: 0, most: 1, isWhole: false },
	seed: { least: 0, most: 1_000_000, isWhole: true },
};

/** What each method reads. */
export const settingsOf: Record<MapMethod, readonly Numbers[]> = {
	pca: [],
	tsne: ['perplexity', 'iterations', 'seed'],
	umap: ['neighbours', 'leastDistance', 'iterations', 'seed'],
};

/** A number of the form, or null where it is none or out of its range. */
export function readSetting(name: Numbers, text: string): number | null {
	const { least, most, isWhole } = settingRanges[name];
	const value = text.trim() === '' ? Number.NaN : Number(text);
	return value >= least && value <= most && (!isWhole || Number.isInteger(value)) ? value : null;
}

/** The address's settings over those of the frames' own maps; null where they ask for nothing else than those. */
export function ownSettings(query: Readonly<Record<string, string>>, base: MapSettings): MapSettings | null {
	const method = mapMethods.find((one) => one === query.proj) ?? base.method;
	const settings: MapSettings = { ...base, method };
	for (const name of settingsOf[method]) settings[name] = readSetting(name, query[name] ?? '') ?? base[name];
	const isSame = method === base.method && settingsOf[method].every((name) => settings[name] === base[name]);
	return isSame ? null : settings;
}

/** The query that says these settings; '' takes a key away. */
export function settingsQuery(settings: MapSettings, base: MapSettings): Record<string, string> {
	const query: Record<string, string> = { proj: '' };
	for (const name of Object.keys(settingRanges) as Numbers[]) {
		const isSaid = settingsOf[settings.method].includes(name) && settings[name] !== base[name];
		query[name] = isSaid ? String(settings[name]) : '';
	}
	if (settings.method !== base.method) query.proj = settings.method;
	return query;
}
