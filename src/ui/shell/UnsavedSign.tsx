// Says on every page that something of the user's is not stored yet, with the ways out.

import { TriangleAlert } from 'lucide-react';
import { useStore } from 'zustand';
import type { Problem } from '../../state/problem';
import type { UnsavedWork } from '../../state/unsaved-work';
import { useDataStores } from '../context/data-context';
import { Button } from '../kit/controls/Button';
import { saveBlob } from '../kit/controls/save-file';
import { notifyProblem } from '../kit/controls/toasts';
import { go } from '../navigation/navigation';
import { useProblemText } from '../words/problem-text';
import { useWords } from '../words/words';
import { shellWords } from './shell-words';

export function UnsavedSign() {
	const t = useWords(shellWords);
	const { unsaved } = useDataStores();
	const { works, isSaving, saveAll } = useStore(unsaved);
	if (works.length === 0) return null;
	const what = works.map(({ kind, name }) => t(`unsaved-${kind}`, { name })).join(t('listComma'));
	const files = works.flatMap(({ toFiles }) => (toFiles ? [toFiles] : []));
	const undecided = works.find(({ problem }) => codeOf(problem) === 'workspace-conflict')?.corpusId;
	return (
		<div className="banner" role="alert" data-banner="unsaved">
			<TriangleAlert size={16} aria-hidden />
			<p>
				<strong>{t('unsavedTitle', { what })}</strong> <Reason works={works} />
			</p>
			<span className="spacer" />
			{undecided !== undefined && (
				<Button size="small" onPress={() => go('annotate', [undecided])}>
					{t('decide')}
				</Button>
			)}
			<Button size="small" isDisabled={isSaving} onPress={() => void saveAll()}>
				{t('saveAgain')}
			</Button>
			{files.length > 0 && (
				<Button size="small" onPress={() => void download(files)}>
					{t('download')}
				</Button>
			)}
		</div>
	);
}

/** Why, and what to do, for the most frequent causes; for others what the browser said. */
function Reason({ works }: { works: readonly UnsavedWork[] }) {
	const t = useWords(shellWords);
	const problemText = useProblemText();
	const codes = works.map(({ problem }) => codeOf(problem));
	if (codes.includes('workspace-conflict')) return t('unsavedConflict');
	if (codes.includes('storage-full')) return t('unsavedFull');
	return `${problemText(works[0].problem)} ${t('unsavedText')}`;
}

function codeOf(problem: Problem): string {
	return problem.kind === 'user' ? problem.code : '';
}

async function download(files: readonly NonNullable<UnsavedWork['toFiles']>[]): Promise<void> {
	try {
		for (const toFiles of files) for (const { name, file } of await toFiles()) saveBlob(name, file);
	} catch (error) {
		notifyProblem(error instanceof Error ? error.message : String(error));
	}
}
