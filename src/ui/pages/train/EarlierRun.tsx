// An earlier run, read from the workspace and shown like the one under way.

import { useEffect, useState } from 'react';
import { type Problem, toProblem } from '../../../state/problem';
import type { RunStore } from '../../../state/run-progress';
import { openStoredRun } from '../../../state/stored-run';
import { useDataStores, usePresence } from '../../context/data-context';
import { RunStoreContext, useRunStore } from '../../context/run-store-context';
import { Button } from '../../kit/controls/Button';
import { EmptyState } from '../../kit/controls/EmptyState';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { PageFrame } from '../../kit/frame/PageFrame';
import { go } from '../../navigation/navigation';
import { useRunItem } from '../../parts/use-run-item';
import { commonWords } from '../../words/common-words';
import { useWords } from '../../words/words';
import { RunView } from './RunView';
import { trainWords } from './train-words';

export function EarlierRun({ id }: { id: string }) {
	const t = useWords(trainWords);
	const shell = useWords(commonWords);
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
			<PageFrame page="train">
				<EmptyState
					title={shell('unknownObject', { kind: shell('run').toLowerCase() })}
					actions={<Button onPress={() => go('train', ['new'])}>{t('newRun')}</Button>}
				>
					{t('notHereText')}
				</EmptyState>
			</PageFrame>
		);
	}
	return (
		<PageFrame page="train" crumbs={item ? [{ label: item.name }] : []}>
			<div className="scroll train-body">{problem ? <ProblemNotice problem={problem} /> : <GreyRun />}</div>
		</PageFrame>
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
		<div className="train-charts train-grey" aria-busy="true">
			{['loss', 'scores', 'types', 'dev'].map((name) => (
				<div key={name} className="card train-grey-chart" />
			))}
		</div>
	);
}
