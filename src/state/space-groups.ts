// Points of a map in groups by what their colour means, and which of them a filter leaves. Pure.

import type { SnapshotData, SpacePoints } from '../wire/space';

export const colourings = ['type', 'tag', 'split', 'right', 'run', 'confidence'] as const;
export type Colouring = (typeof colourings)[number];

/** The address's word as a colouring; `type` for anything else. */
export function colouringOf(text: string): Colouring {
	return colourings.find((colouring) => colouring === text) ?? 'type';
}

export interface PointGroup {
	/** A type, a tag, a split, `right`, `wrong`, `unknown`, a run, or the lower end of a range of confidence. */
	id: string;
	count: number;
	/** For types and tags: the index of the type; -1 outside mentions. */
	type: number;
	/** For types and tags: whether the group holds first tokens, later tokens. */
	hasBegin: boolean;
	hasInside: boolean;
}

export interface PointGroups {
	groups: PointGroup[];
	/** Group of each point. [n] */
	of: Uint8Array;
}

/** Lower ends of the ranges of confidence. */
const confidenceRanges = [0, 0.5, 0.7, 0.9] as const;

/** Groups in a fixed order, those without points left out but for types. */
export function groupPoints(points: SpacePoints, data: SnapshotData, by: Colouring): PointGroups {
	const names = groupNames(points, data, by);
	const all: PointGroup[] = names.ids.map((id) => ({ id, count: 0, type: -1, hasBegin: false, hasInside: false }));
	const of = new Uint8Array(points.count);
	for (let point = 0; point < points.count; point++) {
		of[point] = names.of(point);
		const group = all[of[point]];
		group.count++;
		const type = points.type[point];
		if (type < 0 || (by !== 'type' && by !== 'tag')) continue;
		group.type = type;
		if (points.isBegin[point]) group.hasBegin = true;
		else group.hasInside = true;
	}
	const kept = all.filter(({ count }) => count > 0);
	const index = all.map((group) => kept.indexOf(group));
	return { groups: kept, of: of.map((group) => index[group]) };
}

interface GroupNames {
	ids: readonly string[];
	of(point: number): number;
}

function groupNames(points: SpacePoints, { predicted, confidence, isRight }: SnapshotData, by: Colouring): GroupNames {
	switch (by) {
		case 'type': {
			const outside = points.entityTypes.length;
			const of = (point: number) => (points.type[point] < 0 ? outside : points.type[point]);
			return { ids: [...points.entityTypes, 'O'], of };
		}
		case 'tag':
			return { ids: points.tags, of: (point) => points.gold[point] };
		case 'split': {
			const ids = ['train', 'dev', 'test'];
			return { ids, of: (point) => ids.indexOf(points.sentences[points.sentence[point]].split) };
		}
		case 'right':
			return {
				ids: ['right', 'wrong', 'unknown'],
				of: (point) => (!isRight || !predicted ? 2 : isRight[point] ? 0 : 1),
			};
		case 'run':
			return { ids: [points.runId], of: () => 0 };
		case 'confidence': {
			const ids = [...confidenceRanges.map(String), 'unknown'];
			const of = (point: number) =>
				confidence ? confidenceRanges.findLastIndex((from) => confidence[point] >= from) : confidenceRanges.length;
			return { ids, of };
		}
		default:
			return by satisfies never;
	}
}

/** The points whose token is within an occurrence of the text, or has that type or tag; null for an empty search. */
export function findPoints(points: SpacePoints, search: string): Set<number> | null {
	const wanted = search.trim().toLowerCase();
	if (wanted === '') return null;
	const found = new Set<number>();
	const type = points.entityTypes.findIndex((name) => name.toLowerCase() === wanted);
	const tag = points.tags.findIndex((name) => name.toLowerCase() === wanted);
	const covered = points.sentences.map(({ characters }) => coveredCharacters(characters, wanted));
	for (let point = 0; point < points.count; point++) {
		const isNamed = (type >= 0 && points.type[point] === type) || (tag >= 0 && points.gold[point] === tag);
		if (isNamed || covered[points.sentence[point]].has(points.character[point])) found.add(point);
	}
	return found;
}

/** Positions of the characters that occurrences of a text cover. */
function coveredCharacters(characters: readonly string[], wanted: string): Set<number> {
	const covered = new Set<number>();
	const lower = characters.map((character) => character.toLowerCase());
	for (let start = 0; start < lower.length; start++) {
		let end = start;
		let rest = wanted;
		while (rest !== '' && end < lower.length && rest.startsWith(lower[end])) rest = rest.slice(lower[end++].length);
		if (rest === '') for (let index = start; index < end; index++) covered.add(index);
	}
	return covered;
}
