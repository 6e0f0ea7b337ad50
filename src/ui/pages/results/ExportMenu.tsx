// Results in the forms that people take elsewhere.

import { Download } from 'lucide-react';
import {
	canExport,
	exportResults,
	type ResultExportName,
	resultExportNames,
	type ShownResults,
} from '../../../state/result-exports';
import { useWorkspace } from '../../context/data-context';
import { useResults } from '../../context/results-context';
import { ActionMenu } from '../../kit/controls/ActionMenu';
import { Button } from '../../kit/controls/Button';
import { saveBlob } from '../../kit/controls/save-file';
import { useWords } from '../../words/words';
import { resultsWords } from './results-words';

type ExportMenuProps = Pick<ShownResults, 'rows' | 'row' | 'run' | 'rule'>;

const labels = {
	csv: 'exportCsv',
	json: 'exportJson',
	latex: 'exportLatex',
	types: 'exportTypes',
	report: 'exportReport',
	run: 'exportRun',
} as const satisfies Readonly<Record<ResultExportName, string>>;

export function ExportMenu(props: ExportMenuProps) {
	const t = useWords(resultsWords);
	const wholeRun = useResults((state) => state.exportRun);
	const claimed = useWorkspace((state) => state.list?.claimedRuns) ?? [];
	const save = async (name: ResultExportName) => {
		const exported = await exportResults(name, { ...props, claimed, wholeRun });
		if (exported) saveBlob(exported.name, exported.file);
	};
	return (
		<ActionMenu
			label={t('export')}
			button={
				<Button icon={<Download size={14} aria-hidden />} isDisabled={props.rows.length === 0}>
					{t('export')}
				</Button>
			}
			actions={resultExportNames.map((id) => ({
				id,
				label: t(labels[id]),
				isDisabled: !canExport(id, props),
				run: () => void save(id),
			}))}
		/>
	);
}
