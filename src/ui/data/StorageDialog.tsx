// The workspace as a whole: how storage stands, one file of everything out and in, the trash.

import { useState } from 'react';
import { isDiskFull } from '../../state/workspace';
import { requestPersistence } from '../../storage/storage-status';
import { Button } from '../controls/Button';
import { Dialog } from '../controls/Dialog';
import { saveBlob } from '../controls/save-file';
import { notify } from '../controls/toasts';
import { useDataStores, useWorkspace } from '../data-context';
import { bytesText } from '../number-words';
import { dataWords } from '../words/data-words';
import { useWords } from '../words/words';
import { chooseFiles } from './choose-files';
import { useAddFiles } from './use-add-files';

export function StorageDialog({ onClose }: { onClose(): void }) {
	const t = useWords(dataWords);
	const { client } = useDataStores();
	const status = useWorkspace((state) => state.status);
	const trashed = useWorkspace(
		(state) => state.list?.items.filter(({ trashedAtMs }) => trashedAtMs !== null).length ?? 0,
	);
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
					{trashed > 0 && (
						<Button look="danger" onPress={() => void client.ask('empty-trash', {}).then(() => refresh())}>
							{t('emptyTrash', { count: trashed })}
						</Button>
					)}
				</div>
			</div>
		</Dialog>
	);
}
