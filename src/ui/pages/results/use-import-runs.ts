// Runs from files: chosen, or dropped as folders. What came in is said and opened.

import { type DragEvent, useCallback } from 'react';
import type { SourceFile } from '../../../wire/source-file';
import { useResults } from '../../context/results-context';
import { useFileDrop } from '../../kit/controls/use-file-drop';
import { useBeginHere } from '../../navigation/open-when-done';
import { useWords } from '../../words/words';
import { resultsWords } from './results-words';

export function useImportRuns() {
	const t = useWords(resultsWords);
	const importFiles = useResults((state) => state.importFiles);
	const beginHere = useBeginHere();
	const take = useCallback(
		async (files: readonly SourceFile[]) => {
			if (files.length === 0) return;
			const opener = beginHere();
			const ids = await importFiles(files);
			if (ids.length === 0) return;
			opener.open({ page: 'results', path: [ids[0]] }, t('imported', { count: ids.length }));
		},
		[importFiles, t, beginHere],
	);
	const takeList = (files: FileList | null) => void take([...(files ?? [])].map(namedFile));
	const { isDropping, dropProps } = useFileDrop(() => {});
	const onDrop = (event: DragEvent) => {
		dropProps.onDrop(event);
		const entries = [...event.dataTransfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
		void filesOf(entries).then(take);
	};
	return { takeList, isDropping, dropProps: { ...dropProps, onDrop } };
}

/** A file of a chosen folder has its path within it. */
function namedFile(file: File): SourceFile {
	return { name: file.webkitRelativePath || file.name, content: file };
}

/** All files of dropped folders, with their paths. */
async function filesOf(entries: readonly FileSystemEntry[]): Promise<SourceFile[]> {
	const files: SourceFile[] = [];
	for (const entry of entries) {
		if (entry.isDirectory) files.push(...(await filesOf(await childrenOf(entry as FileSystemDirectoryEntry))));
		else files.push({ name: entry.fullPath.slice(1), content: await fileOf(entry as FileSystemFileEntry) });
	}
	return files;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
	return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader gives a folder in parts. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
	const reader = folder.createReader();
	const all: FileSystemEntry[] = [];
	for (;;) {
		const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
		if (part.length === 0) return all;
		all.push(...part);
	}
}
