// Files dropped or pasted anywhere on the page; while they hang over it, it says what will happen. Holds the dialogs of
// vectors, which may be asked for from everywhere on the page.

import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { brokenDialog } from '../../kit/controls/broken-part';
import { lazyPart } from '../../kit/controls/lazy-part';
import { useWords } from '../../words/words';
import { dataWords } from './data-words';
import { useAddFiles } from './use-add-files';
import { addTextFiles, addVectorsDialog, closeAddVectors, nextVectors, waitingVectors } from './vectors-request';

const AddVectorsDialog = lazyPart(async () => ({ default: (await import('./AddVectorsDialog')).AddVectorsDialog }), {
	broken: (failure) => brokenDialog(failure, { onClose: closeAddVectors }),
});
const VectorsDialog = lazyPart(async () => ({ default: (await import('./VectorsDialog')).VectorsDialog }), {
	broken: (failure) => brokenDialog(failure, { onClose: nextVectors }),
});

export function DropArea() {
	const t = useWords(dataWords);
	const addFiles = useAddFiles();
	const [hangs, setHangs] = useState(false);
	const isAdding = useStore(addVectorsDialog, ({ way }) => way !== null);
	const isAsked = useStore(waitingVectors, ({ waiting }) => waiting.length > 0);
	useEffect(() => {
		const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
		const over = (event: DragEvent) => {
			if (!event.dataTransfer || !hasFiles(event)) return;
			event.preventDefault();
			event.dataTransfer.dropEffect = 'copy';
			setHangs(true);
		};
		const leave = (event: DragEvent) => {
			if (event.relatedTarget === null) setHangs(false);
		};
		const drop = (event: DragEvent) => {
			setHangs(false);
			if (!hasFiles(event)) return;
			event.preventDefault();
			const files = [...(event.dataTransfer?.files ?? [])];
			const { way } = addVectorsDialog.getState();
			if (way === 'text') addTextFiles(files);
			else {
				closeAddVectors();
				void addFiles(files, way === 'file' ? 'vectors' : undefined);
			}
		};
		const paste = (event: ClipboardEvent) => {
			const files = [...(event.clipboardData?.files ?? [])];
			if (files.length > 0) void addFiles(files);
		};
		window.addEventListener('dragover', over);
		window.addEventListener('dragleave', leave);
		window.addEventListener('drop', drop);
		window.addEventListener('paste', paste);
		return () => {
			window.removeEventListener('dragover', over);
			window.removeEventListener('dragleave', leave);
			window.removeEventListener('drop', drop);
			window.removeEventListener('paste', paste);
		};
	}, [addFiles]);
	return (
		<>
			{hangs && (
				<div className="data-drop-overlay" aria-hidden>
					<div className="data-drop-card">
						<strong>{t('dropHere')}</strong>
						<p>{t('dropDetail')}</p>
					</div>
				</div>
			)}
			{isAdding && <AddVectorsDialog />}
			{isAsked && <VectorsDialog />}
		</>
	);
}
