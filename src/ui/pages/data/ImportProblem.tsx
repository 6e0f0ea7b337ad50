// A file that cannot be read: where it stops making sense, its lines there, and the ways on. Nothing is stored meanwhile.

import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ListedChoice, ReadingChoices } from '../../../data/formats/reading';
import { choiceValues } from '../../../data/formats/reading';
import type { ImportFile } from '../../../state/import';
import type { FilePreview } from '../../../wire/imports';
import { useImport } from '../../context/data-context';
import { Button } from '../../kit/controls/Button';
import { notify } from '../../kit/controls/toasts';
import { errorSentences } from '../../words/error-words';
import { countText } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { chooseFiles } from './choose-files';
import { dataWords } from './data-words';
import { useAddFiles } from './use-add-files';

type Unreadable = Extract<FilePreview, { isRead: false }>;

const wayWords: Readonly<Record<string, keyof typeof dataWords>> = {
	'malformed:outside': 'wayMissingOutside',
	'malformed:stop': 'wayStop',
	'overlaps:longest': 'wayLongest',
	'badSpans:skip': 'waySkip',
	'discontinuous:skip': 'waySkip',
	'discontinuous:join': 'wayJoin',
	'offsets:code-points': 'wayCodePoints',
	'offsets:utf-16': 'wayUtf16',
};

/** Lines before and after the location of the error. */
const contextLines = 3;

export function ImportProblem({
	file,
	preview,
	hasOthers,
}: {
	file: ImportFile;
	preview: Unreadable;
	hasOthers: boolean;
}) {
	const t = useWords(dataWords);
	const { error, raw } = preview;
	const language = useLanguage();
	if (error.kind === 'bug') return <p className="data-notice">{error.message}</p>;
	const { location, expected, found, remedy, code } = error.parts;
	const told = errorSentences(error.parts, language);
	const { line } = location ?? {};
	const title = line ? t('stopsAt', { file: file.name, line: countText(line) }) : t('stops', { file: file.name });
	const near =
		line && raw ? raw.lines.slice(Math.max(0, line - raw.from - contextLines), line - raw.from + contextLines + 1) : [];
	const nearFrom = line && raw ? raw.from + Math.max(0, line - raw.from - contextLines) : 1;
	const report = `${title}\nexpected ${expected}, found ${found}\n${remedy}\n(${code})`;
	const copy = () => void navigator.clipboard.writeText(report).then(() => notify({ text: t('copied') }));
	return (
		<div className="scroll import-problem" role="alert" data-code={code}>
			<div className="import-problem-body">
				<div className="import-problem-title">
					<CircleAlert className="import-problem-icon" size={16} strokeWidth={1.8} aria-hidden />
					<h2>{title}</h2>
				</div>
				<p>{t('expectedFound', { expected: told.expected, found: told.found })}</p>
				{near.length > 0 && (
					<ol className="import-problem-lines" lang="zh-Hans">
						{near.map((text, index) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its location
							<li key={index} data-bad={nearFrom + index === line || undefined}>
								<span className="num import-line-number">{nearFrom + index}</span>
								<code>{text}</code>
							</li>
						))}
					</ol>
				)}
				<p className="quiet-text">{told.remedy}</p>
				<h3>{t('whatToDo')}</h3>
				<Ways file={file} preview={preview} badLine={raw && line ? raw.lines[line - raw.from] : undefined} />
				<MendWays file={file} hasOthers={hasOthers} />
				<p className="quiet-text">
					{t('nothingStored')}{' '}
					<button type="button" className="import-link" onClick={copy}>
						{t('copyReport')}
					</button>
				</p>
			</div>
		</div>
	);
}

interface WaysProps {
	file: ImportFile;
	preview: Unreadable;
	/** The line in question. */
	badLine: string | undefined;
}

function Ways({ file, preview, badLine }: WaysProps) {
	const t = useWords(dataWords);
	const setChoices = useImport((state) => state.setChoices);
	const use = (choices: ReadingChoices) => void setChoices(file.id, choices);
	const columns = badLine?.trim().split(/\s+/).length ?? 0;
	const isColumnCount = preview.error.kind === 'user' && preview.error.parts.code === 'corpus-column-count';
	const line = preview.error.kind === 'user' ? (preview.error.parts.location?.line ?? 0) : 0;
	const answers = preview.answers.flatMap((choice) => waysOf(choice));
	return (
		<>
			{isColumnCount && columns > 2 && (
				<Way
					title={t('wayColumns', { token: 1, tag: columns })}
					text={t('wayColumnsText', { line: countText(line), count: columns })}
				>
					<Button variant="primary" onPress={() => use({ tokenColumn: 1, tagColumn: -1 })}>
						{t('use')}
					</Button>
				</Way>
			)}
			{answers.map(({ choice, value }) => (
				<Way key={`${choice}:${value}`} title={t(wayWords[`${choice}:${value}`])} text={t('wayText')}>
					<Button onPress={() => use({ [choice]: value })}>{t('use')}</Button>
				</Way>
			))}
		</>
	);
}

function waysOf(choice: ListedChoice): { choice: ListedChoice; value: string }[] {
	const values: readonly string[] = choiceValues[choice];
	return values.filter((value) => wayWords[`${choice}:${value}`]).map((value) => ({ choice, value }));
}

function MendWays({ file, hasOthers }: { file: ImportFile; hasOthers: boolean }) {
	const t = useWords(dataWords);
	const addFiles = useAddFiles();
	const remove = useImport((state) => state.remove);
	return (
		<>
			<Way title={t('mend')} text={hasOthers ? t('mendText') : ''}>
				<Button onPress={() => chooseFiles((files) => void addFiles(files))}>{t('chooseFile')}</Button>
			</Way>
			{hasOthers && (
				<Way title={t('leaveOut')} text={t('leaveOutText')}>
					<Button onPress={() => remove(file.id)}>{t('use')}</Button>
				</Way>
			)}
		</>
	);
}

function Way({ title, text, children }: { title: string; text: string; children: ReactNode }) {
	return (
		<div className="import-way">
			<div>
				<p className="medium">{title}</p>
				{text !== '' && <p className="quiet-text">{text}</p>}
			</div>
			{children}
		</div>
	);
}
