// Which type is taken for which: rows gold, columns predicted, O for none. A cell shows its errors in the list.

import type { Confusion } from '../../../analysis/entity-errors';
import { outsideType } from '../../../analysis/prediction-readings';
import { TableHead } from '../../kit/controls/TableHead';
import { changeQuery } from '../../navigation/navigation';
import { useWords } from '../../words/words';
import { resultsWords } from './results-words';
import { useResultsQuery } from './use-results-query';

/** Strongest shares of colour that are mixed into a cell, in per cent. */
const strongest = { right: 34, wrong: 58 };

export function ConfusionTable({ confusion, note }: { confusion: Confusion; note: string }) {
	const t = useWords(resultsWords);
	const { filter } = useResultsQuery();
	const names = [...confusion.types, outsideType];
	const all = confusion.counts.flatMap((row, gold) => row.map((count, predicted) => ({ count, gold, predicted })));
	const most = (isRight: boolean) =>
		Math.max(1, ...all.filter(({ gold, predicted }) => (gold === predicted) === isRight).map(({ count }) => count));
	const [maxRight, maxWrong] = [most(true), most(false)];
	const choose = (gold: string, pred: string) => {
		const isChosen = filter.gold === gold && filter.predicted === pred;
		changeQuery(isChosen ? { gold: '', pred: '' } : { gold, pred, kind: '' });
	};
	return (
		<section className="results-confusion" aria-label={t('confusion')}>
			<div className="row">
				<h2 title={t('diagonalHint')}>{t('confusion')}</h2>
				<span className="quiet-text">
					{t('confusionHint')}
					{note && ` · ${note}`}
				</span>
			</div>
			<div className="results-matrix">
				<table aria-label={t('confusionTable')}>
					<TableHead columns={[null, ...names]} />
					<tbody>
						{names.map((gold, row) => (
							<tr key={gold}>
								<th scope="row">{gold}</th>
								{names.map((predicted, column) => {
									const count = confusion.counts[row][column];
									if (gold === outsideType && predicted === outsideType) return <td key={predicted}>·</td>;
									const isRight = row === column;
									const share = isRight ? strongest.right * (count / maxRight) : strongest.wrong * (count / maxWrong);
									const heat = isRight ? 'var(--heat-1)' : 'var(--heat-bad)';
									return (
										<td key={predicted}>
											<button
												type="button"
												className="results-cell num"
												aria-pressed={filter.gold === gold && filter.predicted === predicted}
												aria-label={t('confusionCell', { count, gold, predicted })}
												style={{ background: `color-mix(in srgb, ${heat} ${share.toFixed(0)}%, var(--bg-sunken))` }}
												onClick={() => choose(gold, predicted)}
											>
												{count}
											</button>
										</td>
									);
								})}
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}
