// Results in the forms that people take elsewhere.

import { Download } from 'lucide-react';
import type { ScoringRule } from '../../experiment/events';
import { runsCsv, runsJson, runsLatex, typesText } from '../../state/result-exports';
import type { ResultRow, RunItem } from '../../state/result-rows';
import { ActionMenu } from '../controls/ActionMenu';
import { Button } from '../controls/Button';
import { saveBlob, saveText } from '../controls/save-file';
import { useWorkspace } from '../data-context';
import { useResults } from '../results-context';
import { resultsWords } from '../words/results-words';
import { useWords } from '../words/words';

export interface ExportMenuProps {
	/** As shown. */
	rows: readonly ResultRow[];
	/** The row of the open run; LaTeX has this one alone. */
	row: ResultRow | undefined;
	run: RunItem | undefined;
	rule: ScoringRule;
}

export function ExportMenu({ rows, row, run, rule }: ExportMenuProps) {
	const t = useWords(resultsWords);
	const exportRun = useResults((state) => state.exportRun);
	const claimed = useWorkspace((state) => state.list?.claimedRuns) ?? [];
	const name = run?.name ?? 'results';
	const saveTypes = (layout: 'csv' | 'report') => {
		const text = run && typesText(run, rule, layout);
		if (text) saveText(`${name}.${layout === 'csv' ? 'types.csv' : 'report.txt'}`, text);
	};
	const saveRun = async () => {
		const file = run && (await exportRun(run.id));
		if (file) saveBlob(`${name}.run.json`, file);
	};
	const hasTypes = run?.detail.results?.test !== undefined && run.detail.results?.test !== null;
	return (
		<ActionMenu
			label={t('export')}
			button={
				<Button icon={<Download size={14} aria-hidden />} isDisabled={rows.length === 0}>
					{t('export')}
				</Button>
			}
			actions={[
				{
					id: 'csv',
					label: t('exportCsv'),
					run: () => saveText('results.csv', runsCsv(rows, rule, claimed), 'text/csv'),
				},
				{
					id: 'json',
					label: t('exportJson'),
					run: () => saveText('results.json', runsJson(rows, claimed), 'application/json'),
				},
				{ id: 'latex', label: t('exportLatex'), run: () => saveText('results.tex', runsLatex(row ? [row] : rows)) },
				{ id: 'types', label: t('exportTypes'), isDisabled: !hasTypes, run: () => saveTypes('csv') },
				{ id: 'report', label: t('exportReport'), isDisabled: !hasTypes, run: () => saveTypes('report') },
				{ id: 'run', label: t('exportRun'), isDisabled: !run, run: () => void saveRun() },
			]}
		/>
	);
}
