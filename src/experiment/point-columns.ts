// The tokens of a run that are looked at, in columns: as analysis chooses them, storage keeps them and the page shows them.
// n points, C characters of their sentences, T entity types.

import type { PointChoice } from './space-snapshot';

/** What was chosen of one split. */
export interface ChosenCount {
	/** Sentences chosen, of how many. */
	sentences: number;
	of: number;
	/** Points within mentions and outside. */
	mentionTokens: number;
	outsideTokens: number;
}

export interface PointColumns {
	/** `type` counts in it. [T] */
	entityTypes: string[];
	/** Sentence of each point among the chosen ones, and its character within the sentence, from 0. [n] */
	sentence: Int32Array;
	character: Int32Array;
	/** Annotated tag id. [n] */
	gold: Uint8Array;
	/** Place in `entityTypes`, -1 outside mentions. [n] */
	type: Int8Array;
	/** 1 for the first token of a mention. [n] */
	isBegin: Uint8Array;
	/** Annotated tag ids of all characters of all chosen sentences, in their order. [C] */
	goldOfCharacters: Uint8Array;
	/** How they were chosen, and out of how many. */
	choice: PointChoice;
	chosenFrom: Record<'dev' | 'train', ChosenCount>;
}
