// The schemes of tags, BIO to BMEWO: the letters before an entity's type, how they become BIO (the scheme that is trained),
// and where a sequence breaks its own rules. Scores have their own readings of ill-formed tags (analysis/span-readings.ts).

import { invariant } from '../util/errors';
import type { Span } from './span';

/** BIO is IOB2: every entity begins with B. In IOB1 it does only where it touches another of its type. */
export type TagScheme = 'BIO' | 'IOB1' | 'BIOES' | 'BMES' | 'BILOU' | 'BMEWO';

type Role = 'begin' | 'inside' | 'end' | 'single';

/** The letters of each scheme; a letter that is missing never occurs in it. */
const letters: Record<TagScheme, Partial<Record<Role, string>>> = {
	BIO: { begin: 'B', inside: 'I' },
	IOB1: { begin: 'B', inside: 'I' },
	BIOES: { begin: 'B', inside: 'I', end: 'E', single: 'S' },
	BMES: { begin: 'B', inside: 'M', end: 'E', single: 'S' },
	BILOU: { begin: 'B', inside: 'I', end: 'L', single: 'U' },
	BMEWO: { begin: 'B', inside: 'M', end: 'E', single: 'W' },
};
export const tagSchemes = Object.keys(letters) as TagScheme[];

const roles: Record<string, Role> = {
	B: 'begin',
	I: 'inside',
	M: 'inside',
	E: 'end',
	L: 'end',
	S: 'single',
	U: 'single',
	W: 'single',
};

export interface TagParts {
	/** `O`, or one of B I M E L S U W. */
	prefix: string;
	/** Empty for `O`. */
	type: string;
}

/** `B-PER.NAM` as `B` and `PER.NAM`; null for anything that is neither `O` nor a known letter, '-' and a type. */
export function parseTag(tag: string): TagParts | null {
	if (tag === 'O') return { prefix: 'O', type: '' };
	if (tag.length < 3 || tag[1] !== '-' || !Object.hasOwn(roles, tag[0])) return null;
	return { prefix: tag[0], type: tag.slice(2) };
}

/** The first scheme that has all these letters, or null when no scheme mixes them. `O` belongs to every scheme. */
export function schemeOfPrefixes(prefixes: Iterable<string>): TagScheme | null {
	const seen = [...prefixes].filter((prefix) => prefix !== 'O');
	return tagSchemes.find((scheme) => seen.every((prefix) => Object.values(letters[scheme]).includes(prefix))) ?? null;
}

/**
 * The scheme of a corpus, or null when its letters belong to no single one. B and I alone are IOB1 when some entity
 * begins with I and B stands only where two entities of one type touch; the few slips of a BIO corpus do not make it IOB1.
 */
export function detectScheme(sentences: Iterable<readonly string[]>): TagScheme | null {
	const prefixes = new Set<string>();
	let beginsWithI = false;
	let bAfterOther = false;
	for (const tags of sentences) {
		let previousType = '';
		for (const tag of tags) {
			const { prefix, type } = parts(tag);
			prefixes.add(prefix);
			if (type !== '' && type !== previousType) {
				if (prefix === 'I') beginsWithI = true;
				else bAfterOther = true;
			}
			previousType = type;
		}
	}
	const scheme = schemeOfPrefixes(prefixes);
	return scheme === 'BIO' && beginsWithI && !bAfterOther ? 'IOB1' : scheme;
}

/**
 * The tags in BIO, by the rule of the published program: B, S become B and M, E become I, one by one, so that ill-formed
 * sequences stay as they are. U, W and L are other names of S and E. Only IOB1 looks at the tag before.
 */
export function toBio(tags: readonly string[], scheme: TagScheme): string[] {
	let previousType = '';
	return tags.map((tag) => {
		const { prefix, type } = parts(tag);
		const touches = type === previousType;
		previousType = type;
		if (prefix === 'O') return tag;
		const role = roles[prefix];
		if (role === 'begin' || role === 'single') return `B-${type}`;
		return scheme === 'IOB1' && !touches ? `B-${type}` : `I-${type}`;
	});
}

/**
 * Positions where a tag breaks its scheme: an I or E without the entity it continues, a new entity or an O before the
 * open one has ended, or a sentence that ends inside an entity (given as its last position).
 */
export function illegalTransitions(tags: readonly string[], scheme: TagScheme): number[] {
	if (scheme === 'IOB1') return illegalBegins(tags);
	const mustEnd = letters[scheme].end !== undefined;
	const positions: number[] = [];
	let open = '';
	tags.forEach((tag, position) => {
		const { prefix, type } = parts(tag);
		const role = roles[prefix];
		const goesOn = role === 'inside' || role === 'end';
		if (goesOn ? open !== type : mustEnd && open !== '') positions.push(position);
		open = role === 'begin' || role === 'inside' ? type : '';
	});
	if (mustEnd && open !== '') positions.push(tags.length - 1);
	return positions;
}

function illegalBegins(tags: readonly string[]): number[] {
	const isOutOfPlace = (tag: string, position: number) =>
		tag[0] === 'B' && (position === 0 || parts(tags[position - 1]).type !== parts(tag).type);
	return tags.flatMap((tag, position) => (isOutOfPlace(tag, position) ? [position] : []));
}

/** Entities in order. An I or E that continues nothing begins an entity; an entity ends before what cannot be in it. */
export function tagsToSpans(tags: readonly string[], scheme: TagScheme): Span[] {
	const spans: Span[] = [];
	let open: Span | null = null;
	toBio(tags, scheme).forEach((tag, position) => {
		const { prefix, type } = parts(tag);
		if (prefix === 'O') {
			open = null;
			return;
		}
		if (prefix === 'B' || open === null || open.type !== type)
			spans.push((open = { start: position, end: position, type }));
		open.end = position + 1;
		const role = roles[tags[position][0]];
		if (role === 'end' || role === 'single') open = null;
	});
	return spans;
}

/** Tags of `length` characters. Spans lie inside, are not empty and do not overlap. */
export function spansToTags(spans: readonly Span[], length: number, scheme: TagScheme): string[] {
	const tags: string[] = new Array(length).fill('O');
	const { begin, inside, end = inside, single = begin } = letters[scheme];
	const sorted = [...spans].sort((left, right) => left.start - right.start);
	sorted.forEach((span, index) => {
		const before = sorted[index - 1];
		invariant(span.start >= (before?.end ?? 0) && span.end > span.start && span.end <= length, 'spans out of place');
		for (let position = span.start; position < span.end; position++) tags[position] = `${inside}-${span.type}`;
		const touches = before?.end === span.start && before.type === span.type;
		if (scheme === 'IOB1') {
			if (touches) tags[span.start] = `${begin}-${span.type}`;
			return;
		}
		tags[span.end - 1] = `${end}-${span.type}`;
		tags[span.start] = `${span.end - span.start === 1 ? single : begin}-${span.type}`;
	});
	return tags;
}

/** Parts of a tag that a reader has already checked. */
function parts(tag: string): TagParts {
	const parsed = parseTag(tag);
	invariant(parsed, `an unchecked tag ${tag}`);
	return parsed;
}
