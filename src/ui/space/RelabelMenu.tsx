// Gives the mentions of chosen tokens another type, as a change of the corpus that can be undone here and in the corpus's history.

import { toProblem } from '../../state/run';
import { relabelPlan, sentencesOf } from '../../state/space-selection';
import { mostRows } from '../../worker/data-commands';
import type { SpacePoints } from '../../worker/space-commands';
import { ActionMenu } from '../controls/ActionMenu';
import { Button } from '../controls/Button';
import { notify, notifyProblem } from '../controls/toasts';
import { useDataStores } from '../data-context';
import { problemText } from '../problem-text';
import { shellWords } from '../words/shell-words';
import { spaceWords } from '../words/space-words';
import { useWords } from '../words/words';

export function RelabelMenu({ points, chosen }: { points: SpacePoints; chosen: readonly number[] }) {
	const t = useWords(spaceWords);
	const relabel = useRelabel(points);
	return (
		<ActionMenu
			label={t('relabelAs')}
			button={<Button isDisabled={points.corpusId === null}>{t('relabelAs')}</Button>}
			actions={[
				...points.entityTypes.map((type) => ({
					id: `type ${type}`,
					label: type,
					run: () => void relabel(chosen, type),
				})),
				{ id: 'none', label: t('noEntity'), run: () => void relabel(chosen, null) },
			]}
		/>
	);
}

/** Relabels mentions; the notice about it undoes it. */
export function useRelabel(points: SpacePoints): (chosen: readonly number[], type: string | null) => Promise<void> {
	const t = useWords(spaceWords);
	const shell = useWords(shellWords);
	const { client, browser } = useDataStores();
	return async (chosen, type) => {
		const { corpusId } = points;
		if (corpusId === null) return;
		try {
			const refs = sentencesOf(points, chosen).slice(0, mostRows);
			const { rows } = await client.ask('sentences', { id: corpusId, filter: { refs }, offset: 0, limit: mostRows });
			const { changes, mentions, leftOut } = relabelPlan(points, chosen, rows, type);
			if (changes.length === 0) return notify({ text: t('nothingToRelabel') });
			await browser.getState().open(corpusId);
			const isDone = await browser.getState().change(...changes);
			const { problem } = browser.getState();
			if (!isDone && problem) return notifyProblem(problemText(problem));
			const said = t('relabelled', { count: mentions, type: type ?? t('noEntity') });
			notify({
				text: leftOut > 0 ? `${said}. ${t('leftOut', { count: leftOut })}` : said,
				action: { label: shell('undo'), run: () => void undoAll(changes.length) },
			});
		} catch (error) {
			notifyProblem(problemText(toProblem(error)));
		}
	};
	async function undoAll(count: number) {
		for (let done = 0; done < count; done++) await browser.getState().undo();
	}
}
