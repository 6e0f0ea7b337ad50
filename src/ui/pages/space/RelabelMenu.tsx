// Gives the mentions of chosen tokens another type, as a change of the corpus that can be undone here and in the corpus's history.

import type { RelabelPlan } from '../../../data/relabel-mentions';
import type { Problem } from '../../../state/problem';
import { relabelMentions } from '../../../state/space-relabel';
import type { SpacePoints } from '../../../wire/space';
import { useDataStores } from '../../context/data-context';
import { ActionMenu } from '../../kit/controls/ActionMenu';
import { Button } from '../../kit/controls/Button';
import { notify, notifyProblem } from '../../kit/controls/toasts';
import { commonWords } from '../../words/common-words';
import { useProblemText } from '../../words/problem-text';
import { type Translate, useWords } from '../../words/words';
import { spaceWords } from './space-words';

export function RelabelMenu({ points, chosen }: { points: SpacePoints; chosen: readonly number[] }) {
	const t = useWords(spaceWords);
	const problemText = useProblemText();
	const shell = useWords(commonWords);
	const { client, writer } = useDataStores();
	const { corpusId } = points;
	const relabel = async (type: string | null) => {
		const result = await relabelMentions({ client, writer }, points, chosen, type);
		const refused = (problem: Problem) => notifyProblem(t('relabelRefused', { reason: problemText(problem) }));
		switch (result.kind) {
			case 'nothing':
				return notify({ text: [t('nothingToRelabel'), ...(result.plan ? leftOver(result.plan, t) : [])].join(' ') });
			case 'refused':
				return refused(result.problem);
			case 'done': {
				const { mentions, sentences } = result.plan;
				const done = t('relabelled', { count: mentions, sentences, type: type ?? t('noEntity') });
				const takeBack = async () => {
					const undone = await result.undo();
					if (undone.kind === 'refused') notifyProblem(t('undoRefused', { reason: problemText(undone.problem) }));
				};
				const undo = { label: shell('undo'), run: () => void takeBack() };
				return notify({ text: [done, ...leftOver(result.plan, t)].join(' '), action: undo });
			}
			default:
				return result satisfies never;
		}
	};
	return (
		<ActionMenu
			label={t('relabelAs')}
			button={
				<Button className="space-action" isDisabled={corpusId === null}>
					{t('relabelAs')}
				</Button>
			}
			actions={[
				...points.entityTypes.map((type) => ({ id: `type ${type}`, label: type, run: () => void relabel(type) })),
				{ id: 'none', label: t('noEntity'), run: () => void relabel(null) },
			]}
		/>
	);
}

/** The tokens that were chosen and whose labels are as before, by reason. */
function leftOver({ unchanged, outside, missing }: RelabelPlan, t: Translate<typeof spaceWords>): string[] {
	return [
		...(unchanged > 0 ? [t('relabelUnchanged', { count: unchanged })] : []),
		...(outside > 0 ? [t('relabelOutside', { count: outside })] : []),
		...(missing > 0 ? [t('relabelMissing', { count: missing })] : []),
	];
}
