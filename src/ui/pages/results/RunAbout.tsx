// Where a run's figures come from, and what can be done with the run: its command, its curves, its name, the trash.

import { Terminal } from 'lucide-react';
import { useState } from 'react';
import { presetTitle } from '../../../experiment/presets';
import { runCommand } from '../../../experiment/run-command';
import type { RunItem } from '../../../state/result-rows';
import { parentOf, seedOf } from '../../../state/result-rows';
import { useWorkspace } from '../../context/data-context';
import { Button } from '../../kit/controls/Button';
import { FactList } from '../../kit/controls/FactList';
import { MoreMenu } from '../../kit/controls/MoreMenu';
import { notify, notifyProblem } from '../../kit/controls/toasts';
import { go, useRoute } from '../../navigation/navigation';
import { useBeginHere } from '../../navigation/open-when-done';
import { RenameDialog } from '../../parts/RenameDialog';
import { stageName } from '../../parts/stage-name';
import { stageWords } from '../../parts/stage-words';
import { useProblemText } from '../../words/problem-text';
import { deviceText, roleText } from '../../words/run-message-words';
import { useLanguage, useWords } from '../../words/words';
import { resultsWords } from './results-words';
import { keptQuery } from './use-results-query';

export function RunAbout({ run }: { run: RunItem }) {
	const t = useWords(resultsWords);
	const language = useLanguage();
	const tStage = useWords(stageWords);
	const { config, results, deviceName, dataHashes, versions, inputNames } = run.detail;
	const command = config && runCommand(config, inputNames);
	const facts: [string, string][] = [];
	if (config) {
		const preset = `${presetTitle(config.preset)[language]} · ${config.preset}`;
		facts.push([t('factPreset'), preset], [t('factSeed'), String(seedOf(run))]);
	}
	if (results && results.stage !== '')
		facts.push([t('factBest'), `${stageName(tStage, results.stage)} · ${results.epoch}`]);
	if (deviceName) facts.push([t('factDevice'), deviceText(deviceName, language)]);
	for (const [role, hash] of Object.entries(dataHashes))
		facts.push([t('factData', { role: roleText(role, language) }), hash]);
	for (const [name, version] of Object.entries(versions)) {
		if (name !== 'device') facts.push([t('factVersion', { name }), version]);
	}
	const copy = () => void navigator.clipboard.writeText(command ?? '').then(() => notify({ text: t('copied') }));
	return (
		<section className="results-about" aria-label={t('about')}>
			<div className="row">
				<h2>{t('about')}</h2>
				<span className="spacer" />
				{command && (
					<Button size="small" icon={<Terminal size={14} aria-hidden />} onPress={copy}>
						{t('copyCommand')}
					</Button>
				)}
				<RunActions run={run} />
			</div>
			<FactList className="results-facts" facts={facts} />
		</section>
	);
}

/** The run whose checkpoint this one went on from, where it is still there; both have the same id. */
function useParentRun(run: RunItem): string | null {
	const parentId = parentOf(run);
	const isThere = useWorkspace(({ list }) => list?.items.some(({ kind, id }) => kind === 'run' && id === parentId));
	return isThere ? parentId : null;
}

function RunActions({ run }: { run: RunItem }) {
	const t = useWords(resultsWords);
	const trash = useWorkspace((state) => state.trash);
	const restore = useWorkspace((state) => state.restore);
	const { query } = useRoute();
	const parentId = useParentRun(run);
	const problemText = useProblemText();
	const [isRenaming, setRenaming] = useState(false);
	const { id, name } = run;
	const ref = { kind: 'run', id } as const;
	const beginHere = useBeginHere();
	const leave = () => go('results', [], keptQuery(query));
	const remove = async () => {
		const opener = beginHere();
		const problem = await trash(ref);
		if (problem) return notifyProblem(problemText(problem));
		if (opener.isStillHere()) leave();
		notify({ text: t('deleted', { name }), action: { label: t('undo'), run: () => void restore(ref) } });
	};
	return (
		<>
			<MoreMenu
				label={t('more', { name })}
				actions={[
					{ id: 'train', label: t('openTrain'), run: () => go('train', [id]) },
					...(parentId
						? [
								{
									...{ id: 'parent', label: t('compareParent') },
									run: () => go('results', ['compare'], { ...keptQuery(query), a: parentId, b: id, show: 'fixed' }),
								},
							]
						: []),
					{ id: 'rename', label: t('rename'), run: () => setRenaming(true) },
					{ id: 'delete', label: t('delete'), isDanger: true, run: () => void remove() },
				]}
			/>
			{isRenaming && <RenameDialog item={run} onClose={() => setRenaming(false)} />}
		</>
	);
}
