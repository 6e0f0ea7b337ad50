// The queue of sentences to label as the page holds it: two numbers a sentence. Pure.

import { type SentenceRef, splitNames } from '../data/corpus';
import { refKey } from '../data/take-back';
import type { AnnotationQueue } from '../wire/annotation';

/** Below this probability of its best labelling a model is called unsure of a sentence. */
const unsureBelow = 0.7;

export function queueLength({ indices }: AnnotationQueue): number {
	return indices.length;
}

export function refAt({ splits, indices }: AnnotationQueue, index: number): SentenceRef {
	return { split: splitNames[splits[index]], index: indices[index] };
}

/** The index of a sentence in the queue, or -1. */
export function indexOfRef({ splits, indices }: AnnotationQueue, { split, index }: SentenceRef): number {
	const number = splitNames.indexOf(split);
	for (let position = 0; position < indices.length; position++) {
		if (indices[position] === index && splits[position] === number) return position;
	}
	return -1;
}

export function isUnsure({ probabilities }: AnnotationQueue, index: number): boolean {
	return probabilities[index] < unsureBelow;
}

/** The next index after `index` that the model is unsure of and that is not done; -1 for none. */
export function nextUnsure(queue: AnnotationQueue, index: number, isDone: (ref: SentenceRef) => boolean): number {
	const length = queueLength(queue);
	for (let step = 1; step <= length; step++) {
		const next = (index + step) % length;
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
	for (const [index, probability] of queue.probabilities.entries()) {
		if (Number.isNaN(probability)) unscored++;
		else if (isUnsure(queue, index) && !confirmed.has(refKey(refAt(queue, index)))) unsure++;
	}
	return { unsure, unscored };
}

/** `test:12,test:40` as sentences of the corpus as imported; parts that name none are left out. */
export function readRefs(text: string): SentenceRef[] {
	return text.split(',').flatMap((part) => {
		const [, split, index] = /^(train|dev|test):(\d{1,9})$/.exec(part) ?? [];
		return split ? [{ split: split as SentenceRef['split'], index: Number(index) }] : [];
	});
}

/** The key of each type: digits, then letters that mean nothing else here; '' for those beyond. */
export function typeKeys(types: readonly string[]): { type: string; key: string }[] {
	const keys = [...'123456789qwertyasdfzxcvbn'];
	return types.map((type, index) => ({ type, key: keys[index] ?? '' }));
}
