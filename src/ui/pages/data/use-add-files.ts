// What happens with files that were dropped, picked or pasted: corpora go to the import, all else is added by its sort.

import { useCallback } from 'react';
import type { VectorUnits } from '../../../data/vectors/unit-text';
import type { SourceFile } from '../../../wire/source-file';
import { useDataStores } from '../../context/data-context';
import { notify, notifyProblem } from '../../kit/controls/toasts';
import { go } from '../../navigation/navigation';
import { useBeginHere } from '../../navigation/open-when-done';
import { countText } from '../../words/number-words';
import { useProblemText } from '../../words/problem-text';
import { useWords } from '../../words/words';
import { dataWords } from './data-words';
import { askForVectors } from './vectors-request';

/** `wanted` overrides what the content says, for files chosen through a button of that sort. */
export function useAddFiles(): (files: readonly File[], wanted?: 'vectors' | 'lexicon' | 'workspace') => Promise<void> {
	const t = useWords(dataWords);
	const problemText = useProblemText();
	const { importing, workspace } = useDataStores();
	const beginHere = useBeginHere();
	return useCallback(
		async (files, wanted) => {
			const opener = beginHere();
			const sources = files.map((file): SourceFile => ({ name: file.name, content: file }));
			const addLexicon = async (file: SourceFile) => {
				const item = await workspace.getState().addLexicon(file);
				if (!item) return;
				const count = countText(item.detail.wordCount);
				opener.open({ page: 'data', path: ['lexicon', item.id] }, t('lexiconAdded', { name: item.name, count }));
			};
			const addWorkspace = async (file: SourceFile) => {
				const report = await workspace.getState().importWorkspace(file);
				if (!report) return;
				const { added, replaced, kept, refused } = report;
				const counts = { added: added.length, replaced: replaced.length, kept: kept.length, refused: refused.length };
				notify({ text: t('workspaceImported', counts) });
			};
			const addVectors = (file: SourceFile, units: VectorUnits | null) => askForVectors({ file, units });
			if (wanted === 'lexicon') for (const file of sources) await addLexicon(file);
			else if (wanted === 'workspace') for (const file of sources) await addWorkspace(file);
			else {
				const isCorpus = wanted === undefined;
				if (isCorpus && sources.length > 0) importing.setState({ problem: null });
				const others = await importing.getState().add(sources);
				const count = importing.getState().files.length;
				if (count > 0) opener.open({ page: 'data', path: ['import'] }, null, t('filesReady', { count }));
				const { problem } = importing.getState();
				if (problem && importing.getState().files.length === 0) notifyProblem(problemText(problem));
				for (const { file, sort } of others) {
					if (sort.kind === 'vectors') addVectors(file, sort.units);
					else if (sort.kind === 'lexicon') await addLexicon(file);
					else if (sort.kind === 'workspace') await addWorkspace(file);
					else {
						const action = { label: t('goModels'), run: () => go('models') };
						notify({ text: t('isCheckpoint', { name: file.name }), action });
					}
				}
			}
		},
		[t, problemText, importing, workspace, beginHere],
	);
}
