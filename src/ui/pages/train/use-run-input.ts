// How the data of a saved run are now, beside what it began with, and whether it has a model to keep.

import { useEffect, useState } from 'react';
import { itemsOf } from '../../../state/workspace';
import type { Commands } from '../../../wire/messages';
import { useDataStores, useWorkspace } from '../../context/data-context';
import { useRun } from '../../context/run-store-context';
import { useIsResumable, useRunItem } from '../../parts/use-run-item';

export type RunInputState = Commands['run-input']['reply'];

/** Null for a run that cannot be resumed, for one that is under way, and until the answer is there. */
export function useRunInput(): RunInputState {
	const { client } = useDataStores();
	const runId = useRun((state) => state.runId);
	const item = useRunItem(runId);
	const isResumable = useIsResumable(runId);
	const corpusId = item?.detail.input.corpusId;
	const corpus = useWorkspace(({ list }) => itemsOf(list, 'corpus').find(({ id }) => id === corpusId)?.revision ?? 0);
	const [answer, setAnswer] = useState<RunInputState>(null);
	const revision = item?.revision;
	// biome-ignore lint/correctness/useExhaustiveDependencies: revisions say when to ask again
	useEffect(() => {
		setAnswer(null);
		if (!runId || !isResumable) return;
		let isCurrent = true;
		client.ask('run-input', { runId }).then(
			(reply) => isCurrent && setAnswer(reply),
			() => undefined, // what cannot be read is said when it is resumed
		);
		return () => {
			isCurrent = false;
		};
	}, [client, runId, isResumable, revision, corpus]);
	return answer;
}
