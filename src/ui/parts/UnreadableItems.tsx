// Records that this version of the page cannot read: they stay listed, can be taken out as they are, and deleted.

import { useDataStores, useWorkspace } from '../context/data-context';
import { classNames } from '../kit/controls/class-names';
import { MoreMenu } from '../kit/controls/MoreMenu';
import { saveBlob } from '../kit/controls/save-file';
import { useWords } from '../words/words';
import { itemWords } from './item-words';

/** `isListed`: whether records of a kind stand in this place; a kind may be one that only a newer page knows. */
export function UnreadableItems({ isListed, className }: { isListed(kind: string): boolean; className?: string }) {
	const t = useWords(itemWords);
	const { client } = useDataStores();
	const unreadable = useWorkspace((state) => state.list?.unreadable);
	const refresh = useWorkspace((state) => state.refresh);
	const items = unreadable?.filter(({ kind }) => isListed(kind)) ?? [];
	if (items.length === 0) return null;
	const takeOut = async (kind: string, id: string) => {
		const { file } = await client.ask('export-item', { kind, id });
		saveBlob(`${id}.zip`, file);
	};
	const remove = async (kind: string, id: string) => {
		await client.ask('delete-item', { kind, id });
		await refresh();
	};
	return (
		<ul className={classNames('unreadable-items', className)} aria-label={t('unreadable')}>
			{items.map(({ kind, id, reason }) => (
				<li key={`${kind} ${id}`} className="row" title={reason}>
					<span className="unreadable-name">
						<span className="clip mono">{id}</span>
						<span className="quiet-text">{t('unreadable')}</span>
					</span>
					<MoreMenu
						label={t('more', { name: id })}
						actions={[
							{ id: 'export', label: t('exportRaw'), run: () => void takeOut(kind, id) },
							{ id: 'delete', label: t('deleteForGood'), isDanger: true, run: () => void remove(kind, id) },
						]}
					/>
				</li>
			))}
		</ul>
	);
}
