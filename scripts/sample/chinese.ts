// The Chinese sample's language: a token is a code point; names and words come from the gazetteers beside this file.

import { forkSeed, RandomStream } from '../../src/util/random';
import { type Draw, type Language, readLines } from './annotated-text';
import { Drawer } from './drawer';
import { fillers } from './fillers';
import { organisationSlots } from './organisations';
import { personSlots } from './people';
import { governedSlots, otherPlaceSlots } from './places';

const seed = 20261122;
/** How often a mention is one of the names that everybody talks about, and how many such names a slot has. */
const recurringChance = 0.3;
const recurringNames = 40;

/** As in real text, some names come again and again, in all splits. */
function recurring(slot: string, draw: Draw): Draw {
	const drawer = new Drawer('train', new RandomStream(forkSeed(seed, `recurring ${slot}`)));
	const names = Array.from({ length: recurringNames }, () => draw(drawer));
	return (other) => (other.chance(recurringChance) ? other.any(names) : draw(other));
}

const slots = { ...personSlots, ...organisationSlots, ...governedSlots, ...otherPlaceSlots };

const clauseChance = 0.4;
const clauses: Record<string, string[]> = {};
for (const { text, genre } of readLines('clauses.txt')) (clauses[genre] ??= []).push(text);

/** Some sentences go on with a clause that mentions nothing; lines that are no sentences do not. */
function goOn(text: string, genre: string, drawer: Drawer): string {
	if (!drawer.chance(clauseChance) || /[：）]/u.test(text)) return text;
	const clause = drawer.name(clauses[genre]);
	const sentence = text.replace(/[。，]$/u, '');
	if (/\{情\}$/u.test(text) || !/[\u4e00-\u9fff\])}]$/u.test(sentence)) return `${text}${clause}`;
	return `${sentence}，${clause}${sentence === text ? '' : '。'}`;
}

export const chinese: Language = {
	split: (text) => Array.from(text),
	slots: Object.fromEntries(Object.entries(slots).map(([slot, draw]) => [slot, recurring(slot, draw)])),
	fillers,
	goOn,
};
