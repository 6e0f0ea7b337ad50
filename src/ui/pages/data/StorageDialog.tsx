// The workspace as a whole: how storage stands, one file of everything out and in, the trash.

import { useMemo, useState } from 'react';
import { isDiskFull } from '../../../state/workspace';
import { requestPersistence } from '../../../storage/storage-status';
import type { AnyItem } from '../../../storage/workspace/item-kinds';
import { useDataStores, useWorkspace } from '../../context/data-context';
import { Button } from '../../kit/controls/Button';
import { Dialog } from '../../kit/controls/Dialog';
import { saveBlob } from '../../kit/controls/save-file';
import { notify, notifyProblem } from '../../kit/controls/toasts';
import { bytesText } from '../../words/number-words';
import { useProblemText } from '../../words/problem-text';
import { useWords } from '../../words/words';
import { chooseFiles } from './choose-files';
import { dataWords } from './data-words';
import { useAddFiles } from './use-add-files';

export function StorageDialog({ onClose }: { onClose(): void }) {
	const t = useWords(dataWords);
	const { client } = useDataStores();
	const status = useWorkspace((state) => state.status);
	const trashed = useTrashed();
	const exportWorkspace = useWorkspace((state) => state.exportWorkspace);
	const refresh = useWorkspace((state) => state.refresh);
	const addFiles = useAddFiles();
	const [isBusy, setBusy] = useState(false);
	const save = async () => {
		setBusy(true);
		const file = await exportWorkspace();
		setBusy(false);
		if (file) saveBlob('workspace.nerco.zip', file);
	};
	const keep = async () => {
		if (!(await requestPersistence())) notify({ text: t('keepRefused') });
		await refresh();
	};
	const load = () =>
		chooseFiles((files) => {
			void addFiles(files, 'workspace');
			onClose();
		});
	const { isKept = true, isPersistent = null, usageBytes = null, quotaBytes = null } = status ?? {};
	const isFull = isDiskFull(status);
	const used =
		usageBytes === null || quotaBytes === null
			? t('storageUnknown')
			: t('storageUsed', { used: bytesText(usageBytes), quota: bytesText(quotaBytes) });
	return (
		<Dialog title={t('workspace')} isOpen onClose={onClose} width={480}>
			<div className="dialog-form">
				<h3>{t('storage')}</h3>
				<p className="num">{used}</p>
				{isKept ? (
					<p className="row quiet-text">
						{t(isPersistent ? 'persistent' : 'notPersistent')}
						<span className="spacer" />
						{!isPersistent && (
							<Button size="small" onPress={() => void keep()}>
								{t('keepIt')}
							</Button>
						)}
					</p>
				) : (
					<p className="notice notice-warn">{t(isFull ? 'diskFullText' : 'memoryOnlyText')}</p>
				)}
				<h3>{t('oneFile')}</h3>
				<p className="quiet-text">{t('workspaceText')}</p>
				<div className="row wrap">
					<Button isDisabled={isBusy} onPress={() => void save()}>
						{t('exportWorkspace')}
					</Button>
					<Button onPress={load}>{t('importWorkspace')}</Button>
				</div>
				{trashed.length > 0 && (
					<>
						<h3>{t('trash')}</h3>
						<Trash items={trashed} />
						<div>
							<Button variant="danger" onPress={() => void client.ask('empty-trash', {}).then(() => refresh())}>
								{t('emptyTrash', { count: trashed.length })}
							</Button>
						</div>
					</>
				)}
			</div>
		</Dialog>
	);
}

const kindNames = {
	corpus: 'kindCorpus',
	vectors: 'kindVectors',
	lexicon: 'kindLexicon',
	run: 'kindRun',
	checkpoint: 'kindCheckpoint',
	setting: 'workspace',
} as const;

/** What was deleted, the latest first. */
function useTrashed(): AnyItem[] {
	const list = useWorkspace((state) => state.list);
	return useMemo(
		() =>
			(list?.items ?? [])
				.filter(({ trashedAtMs }) => trashedAtMs !== null)
				.sort((left, right) => (right.trashedAtMs ?? 0) - (left.trashedAtMs ?? 0)),
		[list],
	);
}

function Trash({ items }: { items: readonly AnyItem[] }) {
	const t = useWords(dataWords);
	const problemText = useProblemText();
	const restore = useWorkspace((state) => state.restore);
	const bringBack = async ({ kind, id }: AnyItem) => {
		const problem = await restore({ kind, id });
		if (problem) notifyProblem(problemText(problem));
	};
	return (
		<ul className="data-trash" aria-label={t('trash')}>
			{items.map((item) => (
				<li key={`${item.kind} ${item.id}`} className="row">
					<span className="medium clip">{item.name}</span>
					<span className="quiet-text">{t(kindNames[item.kind])}</span>
					<span className="spacer" />
					<Button size="small" aria-label={t('restoreItem', { name: item.name })} onPress={() => void bringBack(item)}>
						{t('restore')}
					</Button>
				</li>
			))}
		</ul>
	);
}
