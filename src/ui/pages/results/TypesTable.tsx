// Precision, recall and F1 by type: means over the seeds of the experiment, with their deviation.

import { type SeedStatistics, seedStatistics } from '../../../analysis/seed-statistics';
import type { PrecisionRecallF1, SpanScores } from '../../../experiment/events';
import type { ResultRow } from '../../../state/result-rows';
import { isOver } from '../../../state/result-rows';
import { ownValue } from '../../../util/own-value';
import type { OpenedResult } from '../../../wire/results';
import { Badge } from '../../kit/controls/Badge';
import { numeric, TableHead } from '../../kit/controls/TableHead';
import { entitySlot } from '../../kit/sentences/entity-slot';
import { changeQuery } from '../../navigation/navigation';
import { countText, points } from '../../words/number-words';
import { useWords } from '../../words/words';
import { ScoreCell } from './result-numbers';
import { resultsWords } from './results-words';
import { useResultsQuery } from './use-results-query';

/** Below this many mentions a type's scores say little. */
const fewMentions = 20;

export function TypesTable({ row, opened }: { row: ResultRow; opened: OpenedResult | null }) {
	const t = useWords(resultsWords);
	const { rule, split } = useResultsQuery();
	const told = row.runs.filter(isOver).flatMap(({ detail }) => detail.results?.[split]?.scores[rule] ?? []);
	const scores = told.length > 0 ? told : opened ? [opened.scores] : [];
	if (scores.length === 0) return null;
	const types = opened?.types ?? Object.keys(scores[0].perType).map((type) => type.toUpperCase());
	const keys = { split: t(split), count: scores.length };
	return (
		<section className="results-types" aria-label={t('types')}>
			<h2>{scores.length > 1 ? t('typesMean', keys) : t('typesOne', keys)}</h2>
			<table>
				<TableHead
					columns={[t('type'), numeric('F1'), numeric(t('precision')), numeric(t('recall')), numeric(t('mentions'))]}
				/>
				<tbody>
					{types.map((type) => (
						<TypeRow key={type} type={type} types={types} scores={scores} />
					))}
					<tr className="results-all">
						<th scope="row">{t('microAverage')}</th>
						<ScoreCells rows={scores.map(({ micro }) => micro)} />
						<td className="num">{countText(scores[0].support)}</td>
					</tr>
				</tbody>
			</table>
		</section>
	);
}

function TypeRow({ type, types, scores }: { type: string; types: readonly string[]; scores: readonly SpanScores[] }) {
	const t = useWords(resultsWords);
	const rows = scores.flatMap(({ perType }) => ownValue(perType, type) ?? ownValue(perType, type.toLowerCase()) ?? []);
	const support = rows[0]?.support ?? 0;
	const { slot } = entitySlot(type, types);
	return (
		<tr data-ent={slot}>
			<th scope="row">
				<button
					type="button"
					className="row results-type"
					onClick={() => changeQuery({ gold: type, pred: '', kind: '' })}
				>
					<span className="results-type-dot" aria-hidden />
					{type}
					{support < fewMentions && <Badge tone="warn">{t('fewMentions')}</Badge>}
				</button>
			</th>
			<ScoreCells rows={rows} />
			<td className="num">{countText(support)}</td>
		</tr>
	);
}

function ScoreCells({ rows }: { rows: readonly PrecisionRecallF1[] }) {
	const over = (key: keyof PrecisionRecallF1): SeedStatistics | null => seedStatistics(rows.map((row) => row[key]));
	return (
		<>
			<td className="num">
				<ScoreCell score={over('f1')} />
			</td>
			<td className="num">{points(over('precision')?.mean)}</td>
			<td className="num">{points(over('recall')?.mean)}</td>
		</>
	);
}
