// Gives the mentions of chosen tokens another type in the corpus as it is now: one change for all of them, which one undo takes back.

import type { RelabelPlan, SentenceTokens } from '../data/relabel-mentions';
import { refKey } from '../data/take-back';
import type { WorkerClient } from '../wire/client';
import type { SpacePoints } from '../wire/space';
import { takeBackChanges } from './corpus-edits';
import type { CorpusWriter } from './corpus-writer';
import type { Problem } from './problem';

export type RelabelResult =
	| { kind: 'done'; plan: RelabelPlan; undo(): Promise<UndoResult> }
	| { kind: 'nothing'; plan: RelabelPlan | null }
	/** Nothing was changed. */
	| { kind: 'refused'; problem: Problem };

export type UndoResult = { kind: 'done' } | { kind: 'refused'; problem: Problem };

/** Never rejects. `type` null takes labels away. */
export async function relabelMentions(
	{ client, writer }: { client: WorkerClient; writer: CorpusWriter },
	points: SpacePoints,
	chosen: readonly number[],
	type: string | null,
): Promise<RelabelResult> {
	const { corpusId: id } = points;
	if (id === null) return { kind: 'nothing', plan: null };
	const tokens = tokensOf(points, chosen);
	let plan: RelabelPlan | null = null;
	const options = { by: 'space', waits: false } as const;
	const result = await writer.write(
		id,
		async (draft) => {
			plan = await client.ask('plan-relabel', { id, changes: [...draft.changes], tokens, type });
			return plan.change ? { ...draft, changes: [...draft.changes, plan.change] } : draft;
		},
		options,
	);
	if (result.kind === 'refused' || result.kind === 'waiting') return { kind: 'refused', problem: result.problem };
	const { change = null } = (plan as RelabelPlan | null) ?? {};
	if (plan === null || change === null) return { kind: 'nothing', plan };
	const undo = async (): Promise<UndoResult> => {
		const undone = await writer.write(id, takeBackChanges(change), options);
		return undone.kind === 'refused' || undone.kind === 'waiting'
			? { kind: 'refused', problem: undone.problem }
			: { kind: 'done' };
	};
	return { kind: 'done', plan, undo };
}

/** Positions by whole sentence: a run may have read a long one in pieces. */
function tokensOf({ sentences, sentence, character }: SpacePoints, chosen: readonly number[]): SentenceTokens[] {
	const byRef = new Map<string, SentenceTokens>();
	for (const point of chosen) {
		const { ref, start } = sentences[sentence[point]];
		const tokens = byRef.get(refKey(ref)) ?? { ref, positions: [] };
		tokens.positions.push(start + character[point]);
		byRef.set(refKey(ref), tokens);
	}
	return [...byRef.values()];
}
