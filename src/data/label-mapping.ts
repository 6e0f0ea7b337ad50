// A table of what becomes of each entity type, as the import shows it, turned into corpus changes. The table means all
// at once, changes act one after another: their order, and a passing name in circles, make that the same.

import { invariant } from '../util/errors';
import type { CorpusChange } from './corpus-changes';

/** New name of each type that changes; null ignores it. Types that are missing or keep their name stay. */
export type LabelMapping = ReadonlyMap<string, string | null>;

/** The fewest changes: types with one new name are merged by one change. An empty list where nothing changes. */
export function changesOfMapping(mapping: LabelMapping): CorpusChange[] {
	const ignored = [...mapping].filter(([, to]) => to === null).map(([type]) => type);
	const changes: CorpusChange[] = ignored.length > 0 ? [{ kind: 'ignore-types', types: ignored }] : [];
	const sources = new Map<string, string[]>();
	for (const [type, to] of mapping) {
		if (to === null || to === type) continue;
		const types = sources.get(to);
		if (types) types.push(type);
		else sources.set(to, [type]);
	}
	while (sources.size > 0) changes.push(nextRename(sources, mapping));
	return changes;
}

/** Takes a name out of the table that no type still has to give up; where all wait for each other, one steps aside. */
function nextRename(sources: Map<string, string[]>, mapping: LabelMapping): CorpusChange {
	const waiting = new Set([...sources.values()].flat());
	const free = [...sources].find(([to]) => !waiting.has(to));
	if (free) {
		sources.delete(free[0]);
		return { kind: 'rename-types', types: free[1], to: free[0] };
	}
	// Every name is still held by a type that waits for another: one such type steps aside, which frees its name.
	for (const types of sources.values()) {
		const index = types.findIndex((type) => sources.has(type));
		if (index < 0) continue;
		const type = types[index];
		types[index] = freshName(type, mapping);
		return { kind: 'rename-types', types: [type], to: types[index] };
	}
	invariant(false, 'names wait for one another without a circle');
}

function freshName(type: string, mapping: LabelMapping): string {
	const taken = new Set([...mapping].flat());
	let name = `${type}'`;
	while (taken.has(name)) name += "'";
	return name;
}
