// The queue of sentences to label as the page holds it: two numbers a sentence. Pure.

import { type SentenceRef, splitNames } from '../data/corpus';
import { refKey } from '../data/take-back';
import type { AnnotationQueue } from '../wire/annotation';

/** Below this probability of its best labelling a model is called unsure of a sentence. */
const unsureBelow = 0.7;

export function queueLength({ indices }: AnnotationQueue): number {
	return indices.length;
}

export function refAt({ splits, indices }: AnnotationQueue, place: number): SentenceRef {
	return { split: splitNames[splits[place]], index: indices[place] };
}

/** Where a sentence stands in the queue, or -1. */
export function placeOf({ splits, indices }: AnnotationQueue, { split, index }: SentenceRef): number {
	const number = splitNames.indexOf(split);
	for (let place = 0; place < indices.length; place++) {
		if (indices[place] === index && splits[place] === number) return place;
	}
	return -1;
}

export function isUnsure({ probabilities }: AnnotationQueue, place: number): boolean {
	return probabilities[place] < unsureBelow;
}

/** The next place behind `place` that the model is unsure of and that `isDone` does not say is done; -1 for none. */
export function nextUnsure(queue: AnnotationQueue, place: number, isDone: (ref: SentenceRef) => boolean): number {
	const length = queueLength(queue);
	for (let step = 1; step <= length; step++) {
		const next = (place + step) % length;
		if (isUnsure(queue, next) && !isDone(refAt(queue, next))) return next;
	}
	return -1;
}

/** How many the model is unsure of, without those that are confirmed (by name), and how many it was not asked for. */
export function countQueue(
	queue: AnnotationQueue,
	confirmed: ReadonlySet<string> = new Set(),
): { unsure: number; unscored: number } {
	let unsure = 0;
	let unscored = 0;
	for (const [place, probability] of queue.probabilities.entries()) {
		if (Number.isNaN(probability)) unscored++;
		else if (isUnsure(queue, place) && !confirmed.has(refKey(refAt(queue, place)))) unsure++;
	}
	return { unsure, unscored };
}

/** `test:12,test:40` as places in the corpus as imported; parts that are none are left out. */
export function readRefs(text: string): SentenceRef[] {
	return text.split(',').flatMap((part) => {
		const [, split, index] = /^(train|dev|test):(\d{1,9})$/.exec(part) ?? [];
		return split ? [{ split: split as SentenceRef['split'], index: Number(index) }] : [];
	});
}

/** The key of each type: digits, then letters that mean nothing else here; '' for those beyond. */
export function typeKeys(types: readonly string[]): { type: string; key: string }[] {
	const keys = [...'123456789qwertyasdfzxcvbn'];
	return types.map((type, place) => ({ type, key: keys[place] ?? '' }));
}
