// The two numbers of the claim, over the chosen points alone.

import { points as pointsText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { ratioText } from './measure-list';
import { spaceWords } from './space-words';
import { useAnswer } from './use-answer';
import type { ShownMap } from './use-shown-map';

const askAfterMs = 300;
/** Enough tokens for a number. */
const minTokens = 10;

export function SelectionMeasures({ shown, chosen }: { shown: ShownMap; chosen: readonly number[] }) {
	const t = useWords(spaceWords);
	const isEnough = chosen.length >= minTokens && shown.snapshot.hasVectors;
	const request = isEnough
		? { runId: shown.runId, snapshot: shown.snapshot.id, points: Int32Array.from(chosen) }
		: null;
	const { reply } = useAnswer('space-measures', request, askAfterMs);
	if (!isEnough || !reply) return null;
	return (
		<p className="quiet-text num">
			{t('ofSelection', {
				segmentation: ratioText(reply.segmentation.overall),
				purity: reply.purity.overall === null ? '—' : pointsText(reply.purity.overall),
			})}
		</p>
	);
}
