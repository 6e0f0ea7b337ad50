// Gives the mentions of chosen tokens another type, as changes of the corpus as it stands now. Taken back in the corpus's own history.

import type { WorkerClient } from '../worker/client';
import { mostRows } from '../worker/data-commands';
import type { SpacePoints } from '../worker/space-commands';
import type { CorpusBrowserStore } from './corpus-browser';
import { type Problem, toProblem } from './problem';
import { relabelPlan, sentencesOf } from './space-selection';

export type RelabelResult =
	/** `changes`: how many steps of undo take it back. */
	| { kind: 'done'; mentions: number; leftOut: number; changes: number }
	| { kind: 'nothing' }
	| { kind: 'failed'; problem: Problem };

/** Never rejects. `type` null takes labels away. At most `mostRows` sentences at once. */
export async function relabelMentions(
	{ client, browser }: { client: WorkerClient; browser: CorpusBrowserStore },
	points: SpacePoints,
	chosen: readonly number[],
	type: string | null,
): Promise<RelabelResult> {
	const { corpusId } = points;
	if (corpusId === null) return { kind: 'nothing' };
	try {
		const refs = sentencesOf(points, chosen).slice(0, mostRows);
		const { rows } = await client.ask('sentences', { id: corpusId, filter: { refs }, offset: 0, limit: mostRows });
		const { changes, mentions, leftOut } = relabelPlan(points, chosen, rows, type);
		if (changes.length === 0) return { kind: 'nothing' };
		await browser.getState().open(corpusId);
		const isDone = await browser.getState().change(...changes);
		const { problem } = browser.getState();
		if (!isDone && problem) return { kind: 'failed', problem };
		return { kind: 'done', mentions, leftOut, changes: changes.length };
	} catch (error) {
		return { kind: 'failed', problem: toProblem(error) };
	}
}

/** Takes the last `changes` changes of the corpus back, unless another one was opened since. */
export async function undoRelabel(browser: CorpusBrowserStore, corpusId: string, changes: number): Promise<void> {
	if (browser.getState().id !== corpusId) await browser.getState().open(corpusId);
	for (let done = 0; done < changes; done++) await browser.getState().undo();
}
