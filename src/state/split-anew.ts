// Dealing the sentences of a stored corpus to train, dev and test again: what is usual, what it gives, what a run lacks, and
// the change itself, which the History of the corpus takes back.

import type { SplitName } from '../data/corpus';
import { type SplitRequest, wholeShares } from '../data/split-corpus';
import { presetConfig } from '../experiment/presets';
import { addChanges, type EditStep, takeBackChanges } from './corpus-edits';
import type { CorpusWriter } from './corpus-writer';
import { ProblemError } from './problem';

type Counts = Record<SplitName, number>;

/** Eight to one to one; for fewer sentences than that serves, one each for dev and test. */
export function defaultSplit(sentences: number): SplitRequest {
	const rest = { seed: 1, byType: true, keepDuplicatesTogether: true };
	if (sentences >= 10 || sentences < 2) return { ratios: [8, 1, 1], ...rest };
	return { ratios: sentences === 2 ? [1, 1, 0] : [sentences - 2, 1, 1], ...rest };
}

/** Sentences of each split, up to what types and equal texts bring with them. */
export function splitSizes({ ratios }: SplitRequest, sentences: number): Counts {
	const [train, dev, test] = wholeShares(ratios, sentences);
	return { train, dev, test };
}

/** `8:1:1` and the like; null for anything else, and for ratios that leave train empty. */
export function readRatios(text: string): [number, number, number] | null {
	const parts = text
		.split(/[:/,\s]+/)
		.filter((part) => part !== '')
		.map(Number);
	const isGood = parts.length === 3 && parts.every((part) => Number.isFinite(part) && part >= 0) && parts[0] > 0;
	return isGood ? [parts[0], parts[1], parts[2]] : null;
}

/** The split without which a run from the start cannot begin; null when it has all it needs. Dev stands in for a missing test. */
export function missingSplit(
	{ train, dev, test }: Counts,
	{ preset, changes }: { preset: string; changes: Readonly<Record<string, string>> },
): 'train' | 'dev' | null {
	if (train === 0) return 'train';
	const devIsTest = changes['data.devIsTest'] ?? String(presetConfig(preset).data.devIsTest);
	const isThere = devIsTest === 'true' ? test + dev > 0 : dev > 0;
	return isThere ? null : 'dev';
}

/** Splits the corpus again; gives back how to undo exactly that. Where either is refused it rejects with the reason. */
export async function splitStored(
	writer: CorpusWriter,
	id: string,
	request: SplitRequest,
): Promise<() => Promise<void>> {
	const change = { kind: 'split-anew', ...request } as const;
	const write = async (step: EditStep) => {
		const result = await writer.write(id, step, { by: 'train', waits: false });
		if (result.kind === 'refused') throw new ProblemError(result.problem);
	};
	await write(addChanges(change));
	return () => write(takeBackChanges(change));
}
