// Files on their way in: what each is, how it reads, what that changes, labels and splits. Nothing is stored before the
// button Import, and nothing when a file cannot be read.

import { useEffect, useState } from 'react';
import { formatExamples } from '../../../data/formats/format-list';
import { countImport, type ImportFile, shownFiles } from '../../../state/import';
import { splitCounts } from '../../../storage/workspace/corpus-record';
import { useImport } from '../../context/data-context';
import { Button } from '../../kit/controls/Button';
import { EmptyState } from '../../kit/controls/EmptyState';
import { Field } from '../../kit/controls/Field';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { PageFrame } from '../../kit/frame/PageFrame';
import { currentRoute, go, routeHref } from '../../navigation/navigation';
import { useBeginHere } from '../../navigation/open-when-done';
import { countText } from '../../words/number-words';
import { formatText } from '../../words/run-message-words';
import { useLanguage, useWords } from '../../words/words';
import { chooseFiles } from './choose-files';
import { dataWords } from './data-words';
import { ImportFiles } from './ImportFiles';
import { ImportPreview } from './ImportPreview';
import { ImportProblem } from './ImportProblem';
import { ImportSettings } from './ImportSettings';
import { PasteDialog } from './PasteDialog';
import { SourceList } from './SourceList';
import { useAddFiles } from './use-add-files';

export function ImportView() {
	const t = useWords(dataWords);
	const files = useImport((state) => state.files);
	const chosenId = useImport((state) => state.chosenId);
	const problem = useImport((state) => state.problem);
	const leave = useImport((state) => state.leave);
	useEffect(
		() => () => {
			const { page, path } = currentRoute();
			if (page !== 'data' || path[0] !== 'import') leave();
		},
		[leave],
	);
	const shown = shownFiles(files);
	const chosen = shown.find(({ id }) => id === chosenId) ?? shown[0];
	const crumbs = [{ label: t('importTitle') }];
	if (!chosen) {
		return (
			<PageFrame
				page="data"
				crumbs={crumbs}
				list={{ label: t('sources'), content: <SourceList open="" />, width: 264 }}
			>
				<ImportEmpty />
			</PageFrame>
		);
	}
	return (
		<PageFrame
			page="data"
			crumbs={crumbs}
			list={{ label: t('files'), content: <ImportFiles files={shown} chosen={chosen} />, width: 264 }}
			side={{ label: t('labels'), content: <ImportSettings />, width: 316 }}
		>
			{problem && (
				<div className="data-notice">
					<ProblemNotice problem={problem} />
				</div>
			)}
			<ChosenFile file={chosen} hasOthers={shown.length > 1} />
			<ImportFooter />
		</PageFrame>
	);
}

function ChosenFile({ file, hasOthers }: { file: ImportFile; hasOthers: boolean }) {
	const { preview } = file;
	if (preview === null) return <div className="data-loading" aria-busy />;
	if (!preview.isRead) return <ImportProblem file={file} preview={preview} hasOthers={hasOthers} />;
	return <ImportPreview file={file} preview={preview} />;
}

function ImportFooter() {
	const t = useWords(dataWords);
	const files = useImport((state) => state.files);
	const name = useImport((state) => state.name);
	const isImporting = useImport((state) => state.isImporting);
	const setName = useImport((state) => state.setName);
	const importAll = useImport((state) => state.importAll);
	const clear = useImport((state) => state.clear);
	const counts = countImport(files);
	const isReady = counts.broken === 0 && counts.waiting === 0 && counts.sentences > 0 && !isImporting;
	const beginHere = useBeginHere();
	const store = async () => {
		const opener = beginHere();
		const item = await importAll();
		if (!item) return;
		const { train, dev, test } = splitCounts(item.detail);
		const { repair, 'left-out': leftOut, warning } = counts.noted;
		const parts = [
			t('imported', { name: item.name, number: train + dev + test, count: countText(train + dev + test) }),
			...(repair > 0 ? [t('importRepaired', { count: repair })] : []),
			...(leftOut > 0 ? [t('importLeftOut', { count: leftOut })] : []),
			...(warning > 0 ? [t('importWarned', { count: warning })] : []),
		];
		const text = parts.length > 1 ? parts.join(' · ') : `${parts[0]} · ${t('importClean')}`;
		opener.open({ page: 'data', path: [item.id] }, text);
	};
	const cancel = () => {
		clear();
		go('data');
	};
	return (
		<footer className="import-footer">
			<Field
				className="import-name"
				label={t('corpusName')}
				showsLabel={false}
				placeholder={t('corpusName')}
				value={name}
				onChange={setName}
			/>
			<span className="quiet-text num clip">
				{t('importSum', {
					files: shownFiles(files).length,
					sentenceNumber: counts.sentences,
					sentences: countText(counts.sentences),
					mentionNumber: counts.mentions,
					mentions: countText(counts.mentions),
				})}
			</span>
			<span className="spacer" />
			<Button variant="quiet" onPress={cancel}>
				{t('cancel')}
			</Button>
			<Button variant="primary" isDisabled={!isReady} onPress={() => void store()}>
				{t('importButton')}
			</Button>
		</footer>
	);
}

function ImportEmpty() {
	const t = useWords(dataWords);
	const language = useLanguage();
	const addFiles = useAddFiles();
	const [pastes, setPastes] = useState(false);
	return (
		<div className="scroll">
			<EmptyState
				className="import-empty-state"
				title={t('importEmpty')}
				actions={
					<>
						<Button variant="primary" onPress={() => chooseFiles((files) => void addFiles(files))}>
							{t('choose')}
						</Button>
						<Button onPress={() => setPastes(true)}>{t('paste')}</Button>
						<a href={routeHref('data')}>{t('cancel')}</a>
					</>
				}
			>
				<p>{t('importEmptyText')}</p>
			</EmptyState>
			<section className="import-examples">
				<h3>{t('formatExamples')}</h3>
				<dl>
					{formatExamples.map(({ title, example }) => (
						<div key={title}>
							<dt>{formatText(title, language)}</dt>
							<dd className="mono">{example}</dd>
						</div>
					))}
				</dl>
			</section>
			{pastes && <PasteDialog onClose={() => setPastes(false)} />}
		</div>
	);
}
