// Gives the mentions of chosen tokens another type, as a change of the corpus that can be undone here and in the corpus's history.

import { relabelMentions, undoRelabel } from '../../state/space-relabel';
import type { SpacePoints } from '../../worker/space-commands';
import { ActionMenu } from '../controls/ActionMenu';
import { Button } from '../controls/Button';
import { notify, notifyProblem } from '../controls/toasts';
import { useDataStores } from '../data-context';
import { useProblemText } from '../problem-text';
import { shellWords } from '../words/shell-words';
import { spaceWords } from '../words/space-words';
import { useWords } from '../words/words';

export function RelabelMenu({ points, chosen }: { points: SpacePoints; chosen: readonly number[] }) {
	const t = useWords(spaceWords);
	const problemText = useProblemText();
	const shell = useWords(shellWords);
	const { client, browser } = useDataStores();
	const { corpusId } = points;
	const relabel = async (type: string | null) => {
		const result = await relabelMentions({ client, browser }, points, chosen, type);
		switch (result.kind) {
			case 'nothing':
				return notify({ text: t('nothingToRelabel') });
			case 'failed':
				return notifyProblem(problemText(result.problem));
			case 'done': {
				const { mentions, leftOut, changes } = result;
				const said = t('relabelled', { count: mentions, type: type ?? t('noEntity') });
				const undo = { label: shell('undo'), run: () => void undoRelabel(browser, corpusId ?? '', changes) };
				return notify({ text: leftOut > 0 ? `${said}. ${t('leftOut', { count: leftOut })}` : said, action: undo });
			}
			default:
				return result satisfies never;
		}
	};
	return (
		<ActionMenu
			label={t('relabelAs')}
			button={<Button isDisabled={corpusId === null}>{t('relabelAs')}</Button>}
			actions={[
				...points.entityTypes.map((type) => ({ id: `type ${type}`, label: type, run: () => void relabel(type) })),
				{ id: 'none', label: t('noEntity'), run: () => void relabel(null) },
			]}
		/>
	);
}
