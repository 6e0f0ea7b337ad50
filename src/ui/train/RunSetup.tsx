// What to train and on what: corpus, preset, seed, stages, and every setting of the run with its preset's value beside it.

import { type Dispatch, type ReactNode, type SetStateAction, useState } from 'react';
import { groupLabels } from '../../experiment/fields';
import { findPreset, presetConfig, presets } from '../../experiment/presets';
import {
	changeSetting,
	changesFor,
	type FieldSection,
	formSections,
	isCommon,
	type SettingChanges,
} from '../../state/new-run';
import { Button } from '../controls/Button';
import { Dropdown } from '../controls/Choice';
import { Field } from '../controls/Field';
import { useRun } from '../run-store-context';
import { trainWords } from '../words/train-words';
import { useLanguage, useWords } from '../words/words';
import { type ChosenFiles, type CorpusChoice, fileSlots, type RunForm, servedCorpora } from './run-request';
import { SettingField } from './SettingField';
import { stageName } from './stage-name';

/** What a first visit trains: the sample with the preset that is made for it. */
export const freshForm: RunForm = {
	corpus: 'sample',
	files: {},
	preset: 'sample',
	seed: '',
	settings: '',
	changes: {},
	continuesSaved: false,
};

export interface RunSetupProps {
	form: RunForm;
	onChange: Dispatch<SetStateAction<RunForm>>;
	onContinue(): void;
	/** What went wrong with the last start. */
	notice: ReactNode;
}

export function RunSetup({ form, onChange, onContinue, notice }: RunSetupProps) {
	const t = useWords(trainWords);
	const language = useLanguage();
	const saved = useRun((state) => state.saved);
	const hasDevice = useRun((state) => state.device !== null);
	const { corpus, preset, seed, settings, files } = form;
	const changes = form.changes ?? {};
	const set = (part: Partial<RunForm>) => onChange((before) => ({ ...before, ...part }));
	const changeCount = Object.keys(changes).length;
	return (
		<form className="setup" aria-label={t('newRun')} onSubmit={(event) => event.preventDefault()}>
			{notice}
			<div className="setup-choices">
				<Dropdown
					label={t('corpus')}
					showsLabel
					size="large"
					options={[...servedCorpora, 'own' as const].map((id) => ({
						id,
						label: t(`corpus.${id}`),
						detail: id === 'own' ? undefined : t(`sentences.${id}`),
					}))}
					value={corpus}
					onChange={(id: CorpusChoice) => set({ corpus: id })}
				/>
				<Dropdown
					label={t('preset')}
					showsLabel
					size="large"
					options={presets.map(({ name }) => ({
						id: name as string,
						label: name,
						detail: name === preset && changeCount > 0 ? t('changed', { count: changeCount }) : undefined,
					}))}
					value={preset}
					onChange={(name: string) => set({ preset: name, changes: changesFor(name, changes) })}
				/>
				<Field
					label={t('seedField')}
					value={seed}
					onChange={(text) => set({ seed: text })}
					placeholder={t('seedPlaceholder')}
					inputMode="numeric"
					size="large"
				/>
			</div>
			<p className="quiet-text">{findPreset(preset).summary[language]}</p>
			{saved && (
				<div className="row">
					<Button isDisabled={!hasDevice} onPress={onContinue}>
						{t('continueSaved')}
					</Button>
					<span className="quiet-text">
						{t('savedRun', { preset: saved.preset, stage: saved.stage, epoch: saved.epoch })}
					</span>
				</div>
			)}
			{corpus === 'own' && <FileFields files={files} onChange={(chosen) => set({ files: chosen })} />}
			<StageCards preset={preset} changes={changes} />
			{formSections(preset, changes).map((section) => (
				<Section key={section.name} section={section} onChange={(next) => set({ changes: next })} changes={changes} />
			))}
			<details>
				<summary>{t('asText')}</summary>
				<div className="setup-text">
					<Field
						label={t('settingsText')}
						showsLabel={false}
						hint={t('asTextHint')}
						rows={3}
						value={settings}
						onChange={(text) => set({ settings: text })}
					/>
				</div>
			</details>
		</form>
	);
}

const stageTexts = { contrastive: 'contrastiveText', head: 'headText', full: 'fullText' } as const;

function StageCards({ preset, changes }: { preset: string; changes: SettingChanges }) {
	const t = useWords(trainWords);
	const { stages } = presetConfig(preset);
	return (
		<ol className="stage-cards">
			{stages.map(({ name, objective, trains, epochs, patience }, index) => {
				const kind = objective === 'contrastive' ? 'contrastive' : trains === 'head' ? 'head' : 'full';
				const count = Number(changes[`stages.${index}.epochs`] ?? epochs);
				return (
					<li key={name} className="card">
						<div className="row">
							<kbd>{index + 1}</kbd>
							<span className="medium">{stageName(t, name)}</span>
						</div>
						<p>{t(stageTexts[kind])}</p>
						<p className="quiet-text num">{t('upTo', { count: Number.isFinite(count) ? count : epochs, patience })}</p>
					</li>
				);
			})}
		</ol>
	);
}

interface SectionProps {
	section: FieldSection;
	changes: SettingChanges;
	onChange(changes: SettingChanges): void;
}

function Section({ section, changes, onChange }: SectionProps) {
	const t = useWords(trainWords);
	const language = useLanguage();
	const [isOpen, setOpen] = useState(false);
	const common = section.fields.filter(({ field, isChanged, error }) => isCommon(field) || isChanged || error !== null);
	const others = section.fields.filter((field) => !common.includes(field));
	const title =
		section.stage === null
			? groupLabels[section.name as keyof typeof groupLabels][language]
			: stageName(t, section.name);
	const row = (field: (typeof common)[number]) => (
		<SettingField key={field.path} field={field} onChange={(text) => onChange(changeSetting(changes, field, text))} />
	);
	return (
		<section className="setting-section" aria-label={title}>
			<h2>{title}</h2>
			{common.map(row)}
			{others.length > 0 && (
				<details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
					<summary>{t('moreSettings', { count: others.length })}</summary>
					{isOpen && others.map(row)}
				</details>
			)}
		</section>
	);
}

function FileFields({ files, onChange }: { files: ChosenFiles; onChange(files: ChosenFiles): void }) {
	const t = useWords(trainWords);
	return (
		<div className="file-fields">
			{fileSlots.map((slot) => (
				<label key={slot}>
					<span>{t(`slot.${slot}`)}</span>
					<input
						type="file"
						title={t(`hint.${slot}`)}
						onChange={(event) => onChange({ ...files, [slot]: event.target.files?.[0] ?? undefined })}
					/>
				</label>
			))}
		</div>
	);
}
