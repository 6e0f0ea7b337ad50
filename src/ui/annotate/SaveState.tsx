// Whether what was labelled is saved; where it is not, why, and the ways on, until it is.

import { Check } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type Problem, toProblem } from '../../state/problem';
import { Button } from '../controls/Button';
import { ProblemNotice } from '../controls/ProblemNotice';
import { saveBlob } from '../controls/save-file';
import { useDataStores } from '../data-context';
import { annotateWords } from '../words/annotate-words';
import { useWords } from '../words/words';
import { useDesk, useDeskStore } from './desk-context';

export function SavedMark() {
	const t = useWords(annotateWords);
	const kind = useDesk((state) => state.saving.kind);
	if (kind === 'failed') return <span className="badge badge-bad">{t('notSaved')}</span>;
	return (
		<span className="row quiet-text annotate-saved" data-kind={kind}>
			<Check size={14} aria-hidden />
			{t(kind)}
		</span>
	);
}

export function SaveProblem() {
	const t = useWords(annotateWords);
	const saving = useDesk((state) => state.saving);
	useLeaveWarning(saving.kind === 'failed');
	if (saving.kind !== 'failed') return null;
	const { problem } = saving;
	const code = problem.kind === 'user' ? problem.code : '';
	const title =
		code === 'storage-full' ? t('notSavedFull') : code === 'workspace-conflict' ? t('conflict') : t('notSaved');
	return (
		<div className="annotate-notice">
			<h2>{title}</h2>
			<p className="quiet-text">{t('keptHere')}</p>
			<ProblemNotice problem={problem}>{code === 'workspace-conflict' ? <ConflictWays /> : <FullWays />}</ProblemNotice>
		</div>
	);
}

/** The browser asks before the page is closed. */
function useLeaveWarning(isWanted: boolean): void {
	useEffect(() => {
		if (!isWanted) return;
		const warn = (event: BeforeUnloadEvent) => event.preventDefault();
		window.addEventListener('beforeunload', warn);
		return () => window.removeEventListener('beforeunload', warn);
	}, [isWanted]);
}

function ConflictWays() {
	const t = useWords(annotateWords);
	const settle = useDesk((state) => state.settle);
	return (
		<>
			<Button onPress={() => void settle(true)}>{t('keepBoth')}</Button>
			<Button onPress={() => void settle(false)}>{t('takeTheirs')}</Button>
		</>
	);
}

function FullWays() {
	const t = useWords(annotateWords);
	const save = useDesk((state) => state.save);
	const { client } = useDataStores();
	const desk = useDeskStore();
	const [problem, setProblem] = useState<Problem | null>(null);
	const exportAll = async () => {
		const { id, history } = desk.getState();
		if (id === null) return;
		try {
			const changes = [...history.changes.done];
			const { files } = await client.ask('export-corpus', { id, format: 'conll', changes });
			for (const { name, file } of files) saveBlob(name, file);
		} catch (error) {
			setProblem(toProblem(error));
		}
	};
	return (
		<>
			<Button onPress={() => void save()}>{t('saveAgain')}</Button>
			<Button onPress={() => void exportAll()}>{t('export')}</Button>
			{problem && <ProblemNotice problem={problem} />}
		</>
	);
}
