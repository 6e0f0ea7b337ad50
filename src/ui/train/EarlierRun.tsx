// An earlier run, read from the workspace and shown like the one under way.

import { useEffect, useState } from 'react';
import { type Problem, toProblem } from '../../state/problem';
import type { RunStore } from '../../state/run-progress';
import { openStoredRun } from '../../state/stored-run';
import { Button } from '../controls/Button';
import { EmptyState } from '../controls/EmptyState';
import { ProblemNotice } from '../controls/ProblemNotice';
import { useDataStores, usePresence } from '../data-context';
import { go } from '../navigation/navigation';
import { RunStoreContext, useRunStore } from '../run-store-context';
import { PlaceFrame } from '../shell/PlaceFrame';
import { shellWords } from '../words/shell-words';
import { trainWords } from '../words/train-words';
import { useWords } from '../words/words';
import { RunView } from './RunView';
import { useRunItem } from './use-run-item';

export function EarlierRun({ id }: { id: string }) {
	const t = useWords(trainWords);
	const shell = useWords(shellWords);
	const presence = usePresence('run', id);
	const item = useRunItem(id);
	const { store, problem } = useStoredRun(id, item?.revision);
	if (store) {
		return (
			<RunStoreContext value={store}>
				<RunView />
			</RunStoreContext>
		);
	}
	if (presence.kind === 'absent') {
		return (
			<PlaceFrame place="train">
				<EmptyState
					title={shell('unknownObject', { kind: shell('run').toLowerCase() })}
					actions={<Button onPress={() => go('train', ['new'])}>{t('newRun')}</Button>}
				>
					{t('notHereText')}
				</EmptyState>
			</PlaceFrame>
		);
	}
	return (
		<PlaceFrame place="train" crumbs={item ? [{ label: item.name }] : []}>
			<div className="scroll run-body">{problem ? <ProblemNotice problem={problem} /> : <GreyRun />}</div>
		</PlaceFrame>
	);
}

/** The run's store, read again whenever its record changes: another tab may train it. */
function useStoredRun(id: string, revision: number | undefined): { store: RunStore | null; problem: Problem | null } {
	const { client } = useDataStores();
	const live = useRunStore();
	const [read, setRead] = useState<{ store: RunStore | null; problem: Problem | null }>({ store: null, problem: null });
	useEffect(() => {
		if (revision === undefined) return;
		let isCurrent = true;
		openStoredRun(client, live, id).then(
			(store) => isCurrent && setRead({ store, problem: null }),
			(error) => isCurrent && setRead({ store: null, problem: toProblem(error) }),
		);
		return () => {
			isCurrent = false;
		};
	}, [client, live, id, revision]);
	return read;
}

/** Grey shapes of the size of what comes; they appear only when reading takes a moment. */
function GreyRun() {
	return (
		<div className="charts grey-run" aria-busy="true">
			{['loss', 'scores', 'types', 'dev'].map((name) => (
				<div key={name} className="card grey-chart" />
			))}
		</div>
	);
}
