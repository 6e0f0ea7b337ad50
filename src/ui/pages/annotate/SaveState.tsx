// Whether what was labelled is saved, and the question that a conflict asks.

import { Check } from 'lucide-react';
import { Button } from '../../kit/controls/Button';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { useWords } from '../../words/words';
import { annotateWords } from './annotate-words';
import { useSession } from './session-context';

export function SavedMark() {
	const t = useWords(annotateWords);
	const kind = useSession((state) => state.saving.kind);
	if (kind === 'failed') return <span className="badge badge-bad">{t('notSaved')}</span>;
	return (
		<span className="row quiet-text annotate-saved" data-kind={kind}>
			<Check size={14} aria-hidden />
			{t(kind)}
		</span>
	);
}

/** Another tab labelled the same sentence. What else cannot be saved is told by the sign of the whole page (shell/UnsavedSign.tsx). */
export function SaveConflict() {
	const t = useWords(annotateWords);
	const saving = useSession((state) => state.saving);
	if (saving.kind !== 'failed') return null;
	const { problem } = saving;
	if (problem.kind !== 'user' || problem.code !== 'workspace-conflict') return null;
	return (
		<div className="annotate-notice">
			<h2>{t('conflict')}</h2>
			<ProblemNotice problem={problem}>
				<ConflictWays />
			</ProblemNotice>
		</div>
	);
}

function ConflictWays() {
	const t = useWords(annotateWords);
	const settle = useSession((state) => state.settle);
	return (
		<>
			<Button onPress={() => void settle(true)}>{t('keepBoth')}</Button>
			<Button onPress={() => void settle(false)}>{t('takeTheirs')}</Button>
		</>
	);
}
