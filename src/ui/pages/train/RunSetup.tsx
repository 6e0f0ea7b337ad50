// What to train and on what: corpus, preset, seeds, lexicon and vectors, stages, and every setting of the run with its
// preset's value beside it.

import { X } from 'lucide-react';
import { Fragment, type ReactNode, useEffect, useState } from 'react';
import { groupLabels } from '../../../experiment/fields';
import { findPreset, presetConfig } from '../../../experiment/presets';
import { mapSizes } from '../../../experiment/space-snapshot';
import {
	changeSetting,
	continuedSections,
	type FieldSection,
	type FormField,
	formSections,
	isCommon,
	offeredPresets,
	type SettingChanges,
} from '../../../state/new-run';
import { baselineOf, trainSentences, withPreset } from '../../../state/run-form';
import { defaultMapSize, fromTheStart } from '../../../state/run-form-store';
import { itemsOf } from '../../../state/workspace';
import { ownValue } from '../../../util/own-value';
import { useWorkspace } from '../../context/data-context';
import { useModels } from '../../context/models-context';
import { useRunForm } from '../../context/train-context';
import { IconButton } from '../../kit/controls/Button';
import { Dropdown } from '../../kit/controls/Choice';
import { Field } from '../../kit/controls/Field';
import { Switch } from '../../kit/controls/Toggle';
import { stageName } from '../../parts/stage-name';
import { countText } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { CorpusChoice, InputChoices, NoVectorsNote } from './InputChoices';
import { SettingField } from './SettingField';
import { SplitStrip } from './SplitStrip';
import { trainWords } from './train-words';

/** `notice`: what went wrong with the last start. */
export function RunSetup({ notice }: { notice: ReactNode }) {
	const t = useWords(trainWords);
	const form = useRunForm((state) => state.form);
	const change = useRunForm((state) => state.change);
	const { seeds, settings, checkpointId } = form;
	return (
		<form className="train-setup" aria-label={t('newRun')} onSubmit={(event) => event.preventDefault()}>
			{notice}
			<CheckpointStrip />
			<div className="train-setup-choices">
				<CorpusChoice />
				<PresetChoice />
				<Field
					label={t('seedField')}
					value={seeds}
					onChange={(text) => change({ seeds: text })}
					placeholder={t('seedPlaceholder')}
					inputMode="numeric"
					size="large"
				/>
			</div>
			<SplitStrip />
			<InputChoices />
			<NoVectorsNote />
			{checkpointId === null ? <Settings /> : <ContinuedSettings checkpointId={checkpointId} />}
			<MapSection />
			<details open={settings !== '' || undefined}>
				<summary>{t('asText')}</summary>
				<div className="train-setup-text">
					<Field
						label={t('settingsText')}
						showsLabel={false}
						hint={t('asTextHint')}
						rows={3}
						value={settings}
						onChange={(text) => change({ settings: text })}
					/>
				</div>
			</details>
		</form>
	);
}

/** Which model the run continues, and the way back to a run from the start. */
function CheckpointStrip() {
	const t = useWords(trainWords);
	const checkpointId = useRunForm((state) => state.form.checkpointId);
	const change = useRunForm((state) => state.change);
	const list = useWorkspace((state) => state.list);
	if (checkpointId === null) return null;
	const name = itemsOf(list, 'checkpoint').find(({ id }) => id === checkpointId)?.name ?? checkpointId;
	return (
		<div className="notice row train-checkpoint" role="note">
			<div>
				<strong>{t('continuesFrom', { name })}</strong>
				<p>{t('continuesFromText')}</p>
			</div>
			<span className="spacer" />
			<IconButton label={t('removeCheckpoint')} onPress={() => change(fromTheStart)}>
				<X size={14} aria-hidden />
			</IconButton>
		</div>
	);
}

function PresetChoice() {
	const t = useWords(trainWords);
	const language = useLanguage();
	const { preset, changes, checkpointId } = useRunForm((state) => state.form);
	const change = useRunForm((state) => state.change);
	const count = Object.keys(changes).length;
	return (
		<Dropdown
			label={t('preset')}
			showsLabel
			size="large"
			isDisabled={checkpointId !== null}
			options={offeredPresets.map(({ name, title }) => ({
				id: name as string,
				label: title[language],
				detail: (
					<>
						{name}
						{name === preset && count > 0 && <span className="train-changed-count"> {t('changed', { count })}</span>}
					</>
				),
			}))}
			value={preset}
			onChange={(name: string) => change((form) => withPreset(form, name))}
		/>
	);
}

/** What is kept to look at in Space: no setting of training, so it stands apart from them. */
function MapSection() {
	const t = useWords(trainWords);
	const size = useRunForm((state) => state.form.mapPoints);
	const change = useRunForm((state) => state.change);
	return (
		<section className="train-setting-section" aria-label={t('mapSection')}>
			<h2>{t('mapSection')}</h2>
			<div className="train-setting" data-changed={size !== defaultMapSize || undefined}>
				<span className="train-setting-name">{t('mapPoints')}</span>
				<Dropdown
					label={t('mapPoints')}
					options={mapSizes.map((count) => ({ id: String(count), label: countText(count) }))}
					value={String(size)}
					onChange={(id) => change({ mapPoints: mapSizes.find((count) => String(count) === id) ?? defaultMapSize })}
				/>
				<span className="train-setting-help quiet-text">{t('mapPointsHelp')}</span>
			</div>
		</section>
	);
}

/** Of the one stage that is repeated; the model's own values stand where the preset's would. */
function ContinuedSettings({ checkpointId }: { checkpointId: string }) {
	const changes = useRunForm((state) => state.form.changes);
	const change = useRunForm((state) => state.change);
	const isListed = useModels((state) => state.models.some(({ key }) => key === checkpointId));
	const config = useModels((state) => ownValue(state.cards, checkpointId)?.config);
	const refresh = useModels((state) => state.refresh);
	const loadCard = useModels((state) => state.loadCard);
	useEffect(() => {
		if (isListed) void loadCard(checkpointId);
		else void refresh();
	}, [isListed, checkpointId, loadCard, refresh]);
	if (!config) return null;
	const set = (next: SettingChanges) => change({ changes: next });
	return <SectionsInView sections={continuedSections(config, changes)} changes={changes} onChange={set} />;
}

function Settings() {
	const language = useLanguage();
	const { preset, changes, corpusId } = useRunForm((state) => state.form);
	const change = useRunForm((state) => state.change);
	const list = useWorkspace((state) => state.list);
	const sentences = trainSentences(list, { corpusId, preset, changes });
	const set = (next: SettingChanges) => change({ changes: next });
	return (
		<>
			<p className="quiet-text">{findPreset(preset).summary[language]}</p>
			<StageCards preset={preset} changes={changes} sentences={sentences} />
			<SectionsInView sections={formSections(preset, changes, sentences)} changes={changes} onChange={set} />
		</>
	);
}

interface SectionsProps {
	sections: readonly FieldSection[];
	changes: SettingChanges;
	onChange(changes: SettingChanges): void;
}

/** What most people change; all else is one click away. */
function SectionsInView({ sections: all, changes, onChange: set }: SectionsProps) {
	const t = useWords(trainWords);
	const sections = all.map((section) => ({
		...section,
		fields: section.fields.filter(isShown),
		others: section.fields.filter((field) => !isShown(field)),
	}));
	const hidden = sections.filter(({ others }) => others.length > 0);
	const [isOpen, setOpen] = useState(false);
	const count = hidden.reduce((sum, { others }) => sum + others.length, 0);
	return (
		<>
			{sections
				.filter(({ fields }) => fields.length > 0)
				.map((section) => (
					<Section key={section.name} section={section} onChange={set} changes={changes} />
				))}
			<details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
				<summary>{t('moreSettings', { count })}</summary>
				{isOpen &&
					hidden.map(({ others, ...section }) => (
						<Section key={section.name} section={{ ...section, fields: others }} onChange={set} changes={changes} />
					))}
			</details>
		</>
	);
}

/** Settings that most people change, those that were changed, and those that are wrong stand in view. */
function isShown({ field, isChanged, error }: FormField): boolean {
	return isCommon(field) || isChanged || error !== null;
}

const stageTexts = { contrastive: 'contrastiveText', head: 'headText', full: 'fullText' } as const;

interface StageCardsProps {
	preset: string;
	changes: SettingChanges;
	sentences: number | undefined;
}

function StageCards({ preset, changes, sentences }: StageCardsProps) {
	const t = useWords(trainWords);
	const hasBaseline = useRunForm((state) => state.form.hasBaseline);
	const change = useRunForm((state) => state.change);
	const baseline = baselineOf(preset);
	const { stages } = presetConfig(preset, sentences);
	return (
		<section className="train-setup-stages" aria-label={t('stages')}>
			<div className="row">
				<h2>{t('stages')}</h2>
				<span className="spacer" />
				{baseline && (
					<Switch isOn={hasBaseline} onChange={(isOn) => change({ hasBaseline: isOn })}>
						<span className="quiet-text">{t('alsoBaseline', { preset: baseline })}</span>
					</Switch>
				)}
			</div>
			<ol className="train-stage-cards">
				{stages.map(({ name, objective, trains, epochs, patience }, index) => {
					const kind = objective === 'contrastive' ? 'contrastive' : trains === 'head' ? 'head' : 'full';
					const planned = Number(changes[`stages.${index}.epochs`] ?? epochs);
					const most = Number(changes[`stages.${index}.patience`] ?? patience);
					return (
						<li key={name} className="card">
							<div className="row">
								<kbd>{index + 1}</kbd>
								<span className="medium">{stageName(t, name)}</span>
							</div>
							<p>{t(stageTexts[kind])}</p>
							<p className="quiet-text num">
								{t('upTo', { count: planned || epochs, patience: most || patience })}
								<br />
								{t(kind === 'contrastive' ? 'bestDevLoss' : 'bestDevF1')}
							</p>
						</li>
					);
				})}
			</ol>
		</section>
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
	const title =
		section.stage === null
			? groupLabels[section.name as keyof typeof groupLabels][language]
			: stageName(t, section.name);
	return (
		<section className="train-setting-section" aria-label={title}>
			<h2>{title}</h2>
			{section.fields.map((field, index) => (
				<Fragment key={field.path}>
					{field.field.group === 'groups' && section.fields[index - 1]?.field.group !== 'groups' && (
						<h3 className="medium">{groupLabels.groups[language]}</h3>
					)}
					<SettingField field={field} onChange={(text) => onChange(changeSetting(changes, field, text))} />
				</Fragment>
			))}
		</section>
	);
}
