// A file that can be read: its lines on the left, the sentences they give on the right, and what reading changes.

import { useMemo } from 'react';
import type { ListedChoice } from '../../../data/formats/reading';
import { countImport, type ImportFile } from '../../../state/import';
import type { FilePreview } from '../../../wire/imports';
import { useImport } from '../../context/data-context';
import { Badge } from '../../kit/controls/Badge';
import { Dropdown } from '../../kit/controls/Choice';
import { numeric, TableHead } from '../../kit/controls/TableHead';
import { SentenceText } from '../../kit/sentences/SentenceText';
import { countText } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { dataWords } from './data-words';
import { changeTitles, choiceNames, outcomeTitles } from './import-words';

type Readable = Extract<FilePreview, { isRead: true }>;

export function ImportPreview({ file, preview }: { file: ImportFile; preview: Readable }) {
	const t = useWords(dataWords);
	const { raw, first, changes, unit } = preview;
	const files = useImport((state) => state.files);
	const types = useMemo(() => countImport(files).types.map(({ type }) => type), [files]);
	const marked = new Set(changes.flatMap((change) => change.lines));
	return (
		<div className="import-preview">
			<div className="bar">
				<h2>{t('fileAndReading')}</h2>
				<span className="quiet-text clip">{file.name}</span>
			</div>
			<div className="import-panes">
				{raw && <RawPane raw={raw} marked={marked} />}
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
				<section className="scroll" tabIndex={0} aria-label={t('fileAndReading')}>
					<ul>
						{first.map((sentence, index) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: sentences may be alike
							<li className="data-row data-row-preview" key={index}>
								<span className="num data-row-number">{sentence.line > 0 ? sentence.line : index + 1}</span>
								<span className="data-row-text">
									<SentenceText
										className="data-row-sentence"
										characters={sentence.characters}
										spans={sentence.spans}
										types={types}
										unit={unit}
									/>
								</span>
							</li>
						))}
					</ul>
					<ChangesTable file={file} changes={changes} />
				</section>
			</div>
		</div>
	);
}

function RawPane({ raw, marked }: { raw: NonNullable<Readable['raw']>; marked: ReadonlySet<number> }) {
	const t = useWords(dataWords);
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section className="scroll import-raw" tabIndex={0} aria-label={t('vectorsFile')}>
			<ol lang="zh-Hans">
				{raw.lines.map((line, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its place
					<li key={index} data-marked={marked.has(raw.from + index) || undefined}>
						<span className="num import-line-number">{raw.from + index}</span>
						<code>{line}</code>
					</li>
				))}
			</ol>
		</section>
	);
}

function ChangesTable({ file, changes }: { file: ImportFile; changes: Readable['changes'] }) {
	const t = useWords(dataWords);
	const language = useLanguage();
	const setChoices = useImport((state) => state.setChoices);
	const showLine = useImport((state) => state.showLine);
	return (
		<section className="import-changes">
			<div className="row">
				<h3>{t('willChange')}</h3>
				{changes.length > 0 && <Badge tone="warn">{t('kinds', { count: changes.length })}</Badge>}
			</div>
			{changes.length === 0 ? (
				<p className="quiet-text">{t('nothingChanges')}</p>
			) : (
				<table>
					<TableHead columns={[t('foundColumn'), numeric(t('lines')), t('handling'), null]} />
					<tbody>
						{changes.map(({ code, count, lines, example, outcome, choice }) => (
							<tr key={code}>
								<td title={example}>{changeTitles[code]?.[language] ?? example}</td>
								<td className="num">{countText(count)}</td>
								<td>
									{choice ? (
										<Dropdown
											label={t('handling')}
											value={choice.value}
											onChange={(value) => void setChoices(file.id, { [choice.name]: value })}
											options={choice.values.map((value) => ({ id: value, label: choiceName(choice.name, value) }))}
										/>
									) : (
										(outcomeTitles[code]?.[language] ?? outcome)
									)}
								</td>
								<td>
									{lines[0] !== undefined && lines[0] > 0 && (
										<button type="button" className="import-link" onClick={() => void showLine(file.id, lines[0])}>
											{t('show')}
										</button>
									)}
								</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
			<p className="quiet-text">{t('nothingLost')}</p>
		</section>
	);

	function choiceName(name: ListedChoice, value: string): string {
		return choiceNames[`${name}:${value}`]?.[language] ?? value;
	}
}
