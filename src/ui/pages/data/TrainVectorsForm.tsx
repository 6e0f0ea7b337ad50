// Vectors from text: what to learn from, what gets a vector, how. The training then continues in the list of sources.

import { FileText, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { type VectorUnits, vectorUnits } from '../../../data/vectors/unit-text';
import { type TrainingNumber, trainingRanges } from '../../../data/vectors/vector-training';
import { defaultTexts, readTrainingForm } from '../../../state/vector-training-form';
import { freeName, nameOfFile } from '../../../state/workspace';
import { sampleId } from '../../../state/workspace-samples';
import { splitCounts } from '../../../storage/workspace/corpus-record';
import { ownValue } from '../../../util/own-value';
import { useBrowser, useDataStores, useItems } from '../../context/data-context';
import { Button, IconButton } from '../../kit/controls/Button';
import { Dropdown, Segments } from '../../kit/controls/Choice';
import { Field } from '../../kit/controls/Field';
import { Checkbox } from '../../kit/controls/Toggle';
import { useBeginHere } from '../../navigation/open-when-done';
import { bytesText, countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { chooseFiles } from './choose-files';
import { dataWords } from './data-words';
import { unitWords } from './VectorsDialog';
import { addTextFiles, addVectorsDialog, closeAddVectors, removeTextFile } from './vectors-request';
import { vectorsWords } from './vectors-words';

const numbers = ['dimension', 'epochs', 'seed', 'window', 'negatives', 'minCount'] as const;

export function TrainVectorsForm() {
	const t = useWords(vectorsWords);
	const tUnits = useWords(dataWords);
	const { workspace } = useDataStores();
	const open = useBrowser((state) => state.id);
	const files = useStore(addVectorsDialog, (state) => state.files);
	const corpora = useItems('corpus');
	const lexicons = useItems('lexicon');
	const [corpusIds, setCorpusIds] = useState<readonly string[]>(
		corpora.filter(({ id }) => id === (open ?? sampleId)).map(({ id }) => id),
	);
	const [units, setUnits] = useState<VectorUnits>('characters');
	const [lexiconId, setLexiconId] = useState(lexicons[0]?.id ?? '');
	const [changedName, setName] = useState<string | null>(null);
	const [changed, setChanged] = useState<Partial<Record<TrainingNumber, string>>>({});
	const texts = { ...defaultTexts(units), ...changed };
	const { training, wrong } = readTrainingForm(units, texts);
	const chosen = corpora.filter(({ id }) => corpusIds.includes(id));
	const firstName = chosen[0]?.name ?? nameOfFile(files[0]?.name ?? '');
	const taken = useItems('vectors').map((item) => item.name);
	const name = changedName ?? freeName(`${firstName} ${tUnits(unitWords[units])}`.trim(), taken);
	const hasText = chosen.length > 0 || files.length > 0;
	const lacksLexicon = units === 'words' && lexiconId === '';
	const beginHere = useBeginHere();
	const train = async () => {
		if (!training) return;
		closeAddVectors();
		const opener = beginHere();
		const usedLexicon = units === 'words' ? lexiconId : null;
		const coverageCorpusId = chosen[0]?.id ?? open ?? corpora[0]?.id ?? null;
		const request = { name, files: [...files], corpusIds: chosen.map(({ id }) => id), lexiconId: usedLexicon };
		const item = await workspace.getState().trainVectors({ ...request, training, coverageCorpusId });
		if (!item) return;
		const coverage = ownValue(workspace.getState().coverage, item.id);
		const figures = { found: countText(coverage?.found ?? 0), wanted: countText(coverage?.wanted ?? 0) };
		const text = coverage
			? t('trainedCovered', { name: item.name, ...figures })
			: t('trained', { name: item.name, count: countText(item.detail.rowCount) });
		const query = { corpus: coverageCorpusId ?? '', units, lexicon: usedLexicon ?? '' };
		opener.open({ page: 'data', path: ['vectors', item.id], query }, text);
	};
	return (
		<>
			<p className="quiet-text">{t('textText')}</p>
			<fieldset className="data-text-sources" aria-label={t('text')}>
				<legend className="field-label">{t('text')}</legend>
				{corpora.map(({ id, name: corpusName, detail }) => (
					<Checkbox
						key={id}
						isOn={corpusIds.includes(id)}
						onChange={(isOn) => setCorpusIds(isOn ? [...corpusIds, id] : corpusIds.filter((other) => other !== id))}
					>
						<span className="clip">{corpusName}</span>
						<span className="detail num">{t('trainSentences', { count: countText(splitCounts(detail).train) })}</span>
					</Checkbox>
				))}
				{files.map((file) => (
					<span key={file.name} className="row data-text-file">
						<FileText size={14} aria-hidden />
						<span className="clip">{file.name}</span>
						<span className="detail num">{bytesText(file.content.size)}</span>
						<span className="spacer" />
						<IconButton
							label={t('removeText', { name: file.name })}
							size="small"
							onPress={() => removeTextFile(file.name)}
						>
							<X size={14} aria-hidden />
						</IconButton>
					</span>
				))}
				<div className="row">
					<Button size="small" icon={<Plus size={14} aria-hidden />} onPress={() => chooseFiles(addTextFiles)}>
						{t('chooseTexts')}
					</Button>
					<span className="field-hint">{t('textsHint')}</span>
				</div>
				{chosen.length > 0 && <span className="field-hint">{t('corpusHint')}</span>}
			</fieldset>
			<div className="data-vector-choices">
				<div className="data-vector-units">
					<span className="field-label">{t('units')}</span>
					<div>
						<Segments
							label={t('units')}
							value={units}
							onChange={setUnits}
							options={vectorUnits.map((id) => ({ id, label: tUnits(unitWords[id]) }))}
						/>
					</div>
				</div>
				{units === 'words' && (
					<Dropdown
						label={t('lexicon')}
						showsLabel
						value={lexiconId}
						onChange={setLexiconId}
						isDisabled={lexicons.length === 0}
						options={lexicons.map(({ id, name: label }) => ({ id, label }))}
					/>
				)}
			</div>
			{lacksLexicon && <p className="notice notice-warn">{t('noLexicon')}</p>}
			<div className="data-vector-settings">
				{numbers.map((id) => (
					<Field
						key={id}
						label={t(id)}
						value={texts[id]}
						onChange={(text) => setChanged({ ...changed, [id]: text })}
						inputMode="numeric"
						placeholder={id === 'epochs' ? t('byLength') : undefined}
						hint={t(`${id}Hint`)}
						error={wrong.includes(id) ? t('range', { ...rangeOf(id) }) : undefined}
					/>
				))}
			</div>
			<Field label={t('name')} value={name} onChange={setName} />
			<div className="row dialog-buttons">
				{!hasText && <span className="quiet-text">{t('needsText')}</span>}
				<Button onPress={closeAddVectors}>{t('cancel')}</Button>
				<Button
					variant="primary"
					isDisabled={!training || !hasText || lacksLexicon || name.trim() === ''}
					onPress={() => void train()}
				>
					{t('train')}
				</Button>
			</div>
		</>
	);
}

function rangeOf(id: TrainingNumber): { least: string; most: string } {
	const { least, most } = trainingRanges[id];
	return { least: countText(least), most: countText(most) };
}
