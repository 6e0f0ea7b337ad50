// The files of an import as cards, and below what the chosen one was recognised as, each guess open to change.

import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { SplitName, TextUnit } from '../../../data/corpus';
import { type TextEncoding, textEncodings } from '../../../data/decode-text';
import { type CorpusFormat, corpusFormats, titleOf } from '../../../data/formats/format-list';
import type { TagScheme } from '../../../data/tag-scheme';
import type { ImportFile } from '../../../state/import';
import { useImport } from '../../context/data-context';
import { Dot } from '../../kit/controls/Badge';
import { Button, IconButton } from '../../kit/controls/Button';
import { Dropdown } from '../../kit/controls/Choice';
import { bytesText, countText } from '../../words/number-words';
import { formatText } from '../../words/run-message-words';
import { useLanguage, useWords } from '../../words/words';
import { chooseFiles } from './choose-files';
import { dataWords } from './data-words';
import { PasteDialog } from './PasteDialog';
import { useAddFiles } from './use-add-files';

export function ImportFiles({ files, chosen }: { files: readonly ImportFile[]; chosen: ImportFile }) {
	const t = useWords(dataWords);
	const addFiles = useAddFiles();
	const [pastes, setPastes] = useState(false);
	return (
		<div className="scroll import-files">
			<h2>{t('files')}</h2>
			<ul>
				{files.map((file) => (
					<FileCard key={file.id} file={file} isChosen={file.id === chosen.id} />
				))}
			</ul>
			<div className="import-more-files">
				<Button icon={<Plus size={14} aria-hidden />} onPress={() => chooseFiles((more) => void addFiles(more))}>
					{t('chooseFiles')}
				</Button>
				<Button variant="quiet" size="small" onPress={() => setPastes(true)}>
					{t('paste')}
				</Button>
			</div>
			<FileFacts file={chosen} />
			{pastes && <PasteDialog onClose={() => setPastes(false)} />}
		</div>
	);
}

function FileCard({ file, isChosen }: { file: ImportFile; isChosen: boolean }) {
	const t = useWords(dataWords);
	const language = useLanguage();
	const choose = useImport((state) => state.choose);
	const remove = useImport((state) => state.remove);
	const setChoices = useImport((state) => state.setChoices);
	const { id, name, content, preview, choices } = file;
	const isBroken = preview !== null && !preview.isRead;
	const scheme = preview?.isRead ? (preview.fileScheme ?? preview.scheme) : null;
	const reading = preview?.isRead
		? [formatText(titleOf(preview.format), language), scheme].filter(Boolean).join(' · ')
		: t('reading');
	const parts = preview?.isRead ? preview.parts : [];
	const split = choices.split ?? parts[0]?.split ?? 'train';
	return (
		<li className="import-file" data-chosen={isChosen || undefined} data-broken={isBroken || undefined}>
			<div className="row">
				<button
					type="button"
					className="import-file-name clip"
					aria-pressed={isChosen}
					title={name}
					onClick={() => choose(id)}
				>
					{name}
				</button>
				<span className="spacer" />
				<span className="quiet-text num import-file-size">{bytesText(content.size)}</span>
				<IconButton label={t('removeFile', { name })} size="small" onPress={() => remove(id)}>
					<X size={12} aria-hidden />
				</IconButton>
			</div>
			<div className="row">
				<Dot tone={isBroken ? 'bad' : preview ? 'ok' : 'plain'} />
				<span className="quiet-text clip">{isBroken ? t('cannotRead') : reading}</span>
				<span className="spacer" />
				{parts.length > 1 ? (
					<span className="quiet-text">{parts.map((part) => t(part.split ?? 'train')).join(' ')}</span>
				) : (
					<Dropdown
						variant="quiet"
						size="small"
						label={`${t('split')}: ${name}`}
						value={split}
						onChange={(next) => void setChoices(id, { split: next as SplitName })}
						options={[
							{ id: 'train', label: t('train') },
							{ id: 'dev', label: t('dev') },
							{ id: 'test', label: t('test') },
						]}
					/>
				)}
			</div>
		</li>
	);
}

const schemes: readonly TagScheme[] = ['BIO', 'BMES', 'BIOES', 'BILOU', 'BMEWO'];

function FileFacts({ file }: { file: ImportFile }) {
	const t = useWords(dataWords);
	const language = useLanguage();
	const setChoices = useImport((state) => state.setChoices);
	const { preview, choices, id } = file;
	if (preview === null) return null;
	const read = preview.isRead ? preview : null;
	const change = (choice: ImportFile['choices']) => void setChoices(id, choice);
	const columns = read?.columns;
	const columnOptions = Array.from({ length: columns?.count ?? 0 }, (_, index) => ({
		id: String(index + 1),
		label: String(index + 1),
	}));
	const sum = (count: (part: { sentences: number; mentions: number; characters: number }) => number) =>
		countText((read?.parts ?? []).reduce((total, part) => total + count(part), 0));
	const longest = Math.max(0, ...(read?.parts ?? []).map((part) => part.longest));
	return (
		<section className="import-file-facts" aria-label={file.name}>
			<Dropdown
				className="import-file-choice"
				label={t('format')}
				showsLabel
				value={choices.format ?? read?.format ?? 'conll'}
				onChange={(format: CorpusFormat) => change({ format })}
				options={corpusFormats.map((format) => ({ id: format, label: formatText(titleOf(format), language) }))}
			/>
			<Dropdown
				className="import-file-choice"
				label={t('encoding')}
				showsLabel
				value={choices.encoding ?? read?.encoding ?? 'UTF-8'}
				onChange={(encoding: TextEncoding) => change({ encoding })}
				options={textEncodings.map((encoding) => ({ id: encoding, label: encoding }))}
			/>
			{read?.scheme && (
				<Dropdown
					className="import-file-choice"
					label={t('scheme')}
					showsLabel
					value={choices.scheme ?? read.scheme}
					onChange={(scheme: TagScheme) => change({ scheme })}
					options={schemes.map((scheme) => ({ id: scheme, label: scheme }))}
				/>
			)}
			<Dropdown
				className="import-file-choice"
				label={t('unit')}
				showsLabel
				value={choices.unit ?? read?.unit ?? 'character'}
				onChange={(unit: TextUnit) => change({ unit })}
				options={[
					{ id: 'character', label: t('unitCharacter') },
					{ id: 'word', label: t('unitWord') },
				]}
			/>
			{columns && columns.count > 2 && (
				<>
					<Dropdown
						className="import-file-choice"
						label={t('tokenColumn')}
						showsLabel
						value={String(columns.token)}
						onChange={(column) => change({ tokenColumn: Number(column) })}
						options={columnOptions}
					/>
					<Dropdown
						className="import-file-choice"
						label={t('tagColumn')}
						showsLabel
						value={String(columns.tag)}
						onChange={(column) => change({ tagColumn: Number(column) })}
						options={columnOptions}
					/>
				</>
			)}
			{read && (
				<dl className="data-facts">
					{read.packed.length > 0 && <Fact name={t('packed')} value={read.packed.join(', ')} />}
					<Fact name={t('sentences')} value={sum((part) => part.sentences)} />
					<Fact name={t('characters')} value={sum((part) => part.characters)} />
					<Fact name={t('mentions')} value={sum((part) => part.mentions)} />
					<Fact name={t('longestSentence')} value={countText(longest)} />
				</dl>
			)}
			<p className="quiet-text">{t('fromContent')}</p>
		</section>
	);
}

export function Fact({ name, value }: { name: string; value: string }) {
	return (
		<div>
			<dt>{name}</dt>
			<dd className="num">{value}</dd>
		</div>
	);
}
