// Records of runs that this version cannot read: they stay listed, can be taken out as they are, and deleted.

import { Badge } from '../controls/Badge';
import { Button } from '../controls/Button';
import { saveBlob } from '../controls/save-file';
import { useDataStores, useWorkspace } from '../data-context';
import { resultsWords } from '../words/results-words';
import { useWords } from '../words/words';

export function UnreadableRuns() {
	const t = useWords(resultsWords);
	const { client } = useDataStores();
	const unreadable = useWorkspace((state) => state.list?.unreadable);
	const refresh = useWorkspace((state) => state.refresh);
	const runs = unreadable?.filter(({ kind }) => kind === 'run') ?? [];
	if (runs.length === 0) return null;
	return (
		<ul className="results-unreadable">
			{runs.map(({ kind, id, reason }) => (
				<li key={id} className="row">
					<span className="clip mono">{id}</span>
					<Badge tone="warn">{t('cannotRead')}</Badge>
					<span className="quiet-text clip">{reason}</span>
					<span className="spacer" />
					<Button
						size="small"
						onPress={() => void client.ask('export-item', { kind, id }).then(({ file }) => saveBlob(`${id}.zip`, file))}
					>
						{t('exportRaw')}
					</Button>
					<Button
						size="small"
						look="danger"
						onPress={() => void client.ask('delete-item', { kind, id }).then(() => refresh())}
					>
						{t('delete')}
					</Button>
				</li>
			))}
		</ul>
	);
}
