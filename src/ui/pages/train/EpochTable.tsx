// Scores of every epoch: the figures behind the curves.

import { memo } from 'react';
import type { EpochRow, RunStoreState } from '../../../state/run-progress';
import { useSlowRun } from '../../context/run-store-context';
import { Badge } from '../../kit/controls/Badge';
import { TableHead } from '../../kit/controls/TableHead';
import { stageName } from '../../parts/stage-name';
import { lossText, points } from '../../words/number-words';
import { useWords } from '../../words/words';
import { trainWords } from './train-words';

/** Rows shown: the latest ones. */
const rowLimit = 100;
const redrawMs = 500;
const selectEpochs = (state: RunStoreState) => state.epochs;

export function EpochTable() {
	const t = useWords(trainWords);
	const epochs = useSlowRun(selectEpochs, redrawMs);
	const shown = epochs.slice(-rowLimit);
	if (epochs.length === 0) return null;
	return (
		<div className="card">
			<header>
				<h2>{t('epochTable')}</h2>
				<Badge>{t('published')}</Badge>
				<span className="spacer" />
				{epochs.length > rowLimit && (
					<span className="quiet-text">{t('latestOf', { shown: rowLimit, all: epochs.length })}</span>
				)}
			</header>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className="card-body scroll train-epochs" tabIndex={0} aria-label={t('epochTable')}>
				<table>
					<TableHead
						columns={[t('stage'), t('epoch'), t('trainLoss'), t('devLoss'), t('devF1'), t('testF1'), t('bestColumn')]}
					/>
					<tbody>
						{shown.map((row) => (
							<Row key={`${row.stage} ${row.epoch}`} row={row} />
						))}
					</tbody>
				</table>
			</section>
		</div>
	);
}

const Row = memo(function Row({ row }: { row: EpochRow }) {
	const t = useWords(trainWords);
	return (
		<tr>
			<td>{stageName(t, row.stage)}</td>
			<td>{row.epoch}</td>
			<td data-value={row.trainLoss}>{lossText(row.trainLoss)}</td>
			<td>{lossText(row.dev?.loss)}</td>
			<td>{points(row.dev?.scores?.published.micro.f1)}</td>
			<td>{points(row.test?.scores?.published.micro.f1)}</td>
			<td>{row.isBest ? '●' : ''}</td>
		</tr>
	);
});
