// Saves an item as files: a corpus in any text format, anything as a file that the workbench imports again.

import { useState } from 'react';
import { listedFormats, type TextFormat } from '../../../data/formats/format-list';
import type { TagScheme } from '../../../data/tag-scheme';
import {
	isVectorFormat,
	type VectorFormat,
	vectorFormatNames,
	vectorFormats,
} from '../../../data/vectors/vector-formats';
import { type Problem, toProblem } from '../../../state/problem';
import type { AnyItem } from '../../../storage/workspace/item-kinds';
import { useDataStores } from '../../context/data-context';
import { Button } from '../../kit/controls/Button';
import { Dropdown } from '../../kit/controls/Choice';
import { Dialog } from '../../kit/controls/Dialog';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { saveBlob } from '../../kit/controls/save-file';
import { notify } from '../../kit/controls/toasts';
import { formatText } from '../../words/run-message-words';
import { useLanguage, useWords } from '../../words/words';
import { dataWords } from './data-words';

const schemes: readonly TagScheme[] = ['BIO', 'BMES', 'BIOES', 'BILOU', 'BMEWO', 'IOB1'];

type Choice = TextFormat | VectorFormat | 'workbench';

const vectorChoices = vectorFormatNames.map((id) => {
	const { title, extension } = vectorFormats[id];
	return { id: id as Choice, label: title, detail: extension };
});

const firstChoices: Partial<Record<AnyItem['kind'], Choice>> = { corpus: 'conll', vectors: 'word2vec-text' };

export function ExportDialog({ item, onClose }: { item: AnyItem; onClose(): void }) {
	const t = useWords(dataWords);
	const language = useLanguage();
	const { client } = useDataStores();
	const isCorpus = item.kind === 'corpus';
	const isVectors = item.kind === 'vectors';
	const [format, setFormat] = useState<Choice>(firstChoices[item.kind] ?? 'workbench');
	const [scheme, setScheme] = useState<TagScheme | 'same'>('same');
	const [problem, setProblem] = useState<Problem | null>(null);
	const save = async () => {
		setProblem(null);
		try {
			const files = await filesOf();
			for (const { name, file } of files) saveBlob(name, file);
			notify({ text: t('exported', { files: files.map(({ name }) => name).join(', ') }) });
			onClose();
		} catch (error) {
			setProblem(toProblem(error));
		}
	};
	const filesOf = async () => {
		const { kind, id } = item;
		if (format === 'workbench') {
			const { file } = await client.ask('export-item', { kind, id });
			return [{ name: `${item.name}.nerco.zip`, file }];
		}
		if (isVectorFormat(format)) return (await client.ask('export-vectors', { id, format })).files;
		const chosen = scheme === 'same' ? undefined : scheme;
		return (await client.ask('export-corpus', { id, format, scheme: chosen, withoutTags: format === 'plain-text' }))
			.files;
	};
	const hasScheme = listedFormats.some((listed) => listed.format === format && listed.hasTags);
	return (
		<Dialog title={t('exportTitle', { name: item.name })} isOpen onClose={onClose} width={460}>
			<div className="dialog-form">
				{isCorpus && <p className="quiet-text">{t('exportText')}</p>}
				{isVectors && !item.detail.training && <p className="quiet-text">{t('exportRowsText')}</p>}
				<Dropdown
					label={t('format')}
					showsLabel
					value={format}
					onChange={setFormat}
					options={[
						...(isCorpus
							? listedFormats.map(({ format: id, name, extension }) => ({
									id: id as Choice,
									label: formatText(name, language),
									detail: extension,
								}))
							: []),
						...(isVectors ? vectorChoices : []),
						{ id: 'workbench' as Choice, label: t('asWorkspaceItem') },
					]}
				/>
				{isCorpus && hasScheme && (
					<Dropdown
						label={t('scheme')}
						showsLabel
						value={scheme}
						onChange={setScheme}
						options={[
							{ id: 'same' as const, label: t('allScheme'), detail: item.detail.scheme },
							...schemes.map((id) => ({ id, label: id })),
						]}
					/>
				)}
				{problem && <ProblemNotice problem={problem} />}
				<div className="row dialog-buttons">
					<Button onPress={onClose}>{t('cancel')}</Button>
					<Button variant="primary" onPress={() => void save()}>
						{t('export')}
					</Button>
				</div>
			</div>
		</Dialog>
	);
}
