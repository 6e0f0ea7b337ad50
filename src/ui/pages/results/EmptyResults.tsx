// Before the first run: what an error will look like, and the ways to a result.

import type { ReactNode } from 'react';
import { Button } from '../../kit/controls/Button';
import { EmptyState } from '../../kit/controls/EmptyState';
import { go } from '../../navigation/navigation';
import { useWords } from '../../words/words';
import { AlignedSentence } from './AlignedSentence';
import { resultsWords } from './results-words';

const characters = [...'白云昨天爬了白云山'];
const mountain = { start: 6, end: 9, type: 'LOC' };
const gold = [{ start: 0, end: 2, type: 'PER' }, mountain];
const predicted = [{ start: 0, end: 2, type: 'LOC' }, mountain];

/** `children`: the buttons that import. */
export function EmptyResults({ children }: { children: ReactNode }) {
	const t = useWords(resultsWords);
	return (
		<div className="results-empty">
			<div className="results-example">
				<AlignedSentence
					characters={characters}
					types={[]}
					seen={{ start: 0, end: 2 }}
					rows={[
						{ name: t('gold'), mentions: gold },
						{ name: t('pred'), mentions: predicted },
					]}
				/>
			</div>
			<EmptyState
				title={t('empty')}
				actions={
					<>
						<Button variant="primary" size="large" onPress={() => go('train')}>
							{t('startTraining')}
						</Button>
						{children}
					</>
				}
			>
				<p>{t('emptyText')}</p>
			</EmptyState>
		</div>
	);
}
