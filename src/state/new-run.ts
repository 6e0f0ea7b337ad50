// The form of a new run: what was chosen, the settings that follow from it, and what is wrong with them. Pure.

import { withSetting } from '../experiment/check-config';
import { type EncoderName, type ExperimentConfig, encoderNames, usesBert } from '../experiment/config';
import { type Field, fields } from '../experiment/fields';
import { presetConfig, presets } from '../experiment/presets';
import { settingAt, settingText } from '../experiment/setting-differences';
import { groupsOf } from '../experiment/stage-groups';
import { UserError } from '../util/errors';

/** Settings that differ from the preset's, by path (`stages.0.epochs`), as typed. */
export type SettingChanges = Readonly<Record<string, string>>;

export interface FormField {
	field: Field;
	/** With the index of the stage. */
	path: string;
	/** As typed, or the preset's. */
	text: string;
	presetText: string;
	isChanged: boolean;
	/** What is wrong with the text; null when nothing is. */
	error: { expected: string; found: string } | null;
}

export interface FieldSection {
	/** Index of the stage, or null for settings of the whole run. */
	stage: number | null;
	/** Name of the stage, or the group of fields. */
	name: string;
	fields: FormField[];
}

/** Fields that most people change; the others stand behind one more click. */
const commonFields: ReadonlySet<string> = new Set([
	'model.heads',
	'model.headSize',
	'model.fusion',
	'model.outputDropout',
	'model.encoder',
	'bert.features',
	'stages.*.epochs',
	'stages.*.batchSize',
	'stages.*.temperature',
	'stages.*.optimizer.learningRate',
	'stages.*.optimizer.weightDecay',
	'stages.*.groups.bert.rate',
	'stages.*.groups.bert.firstEpoch',
]);

/** Presets that the form offers: the page cannot load a BERT. */
export const offeredPresets = presets.filter(({ config }) => !usesBert(config.model));

/** Preset and seed have fields of their own. */
const ownFields: ReadonlySet<string> = new Set(['preset', 'seed']);

export function isCommon(field: Field): boolean {
	return commonFields.has(field.path);
}

/** The form's sections: one a stage, then the groups of the whole run. `trainSentences` scales the epochs of presets for own corpora. */
export function formSections(preset: string, changes: SettingChanges, trainSentences?: number): FieldSection[] {
	const config = presetConfig(preset, trainSentences);
	const stages = config.stages.map((_, stage) => stageSection(config, stage, changes));
	const encoder = encoderOf(config, changes);
	const groups = new Map<string, FormField[]>();
	for (const field of fields) {
		const { path } = field;
		if (path.startsWith('stages.') || ownFields.has(path) || (!isRead(path, encoder) && !(path in changes))) continue;
		const list = groups.get(field.group) ?? [];
		list.push(formField(field, field.path, config, changes));
		groups.set(field.group, list);
	}
	return [...stages, ...[...groups].map(([name, list]) => ({ stage: null, name, fields: list }))];
}

/** The section of a run that goes on from a model: of the stage that is repeated, with the model's own values. */
export function continuedSections(config: ExperimentConfig, changes: SettingChanges): FieldSection[] {
	const last = config.stages.findLast(({ objective }) => objective === 'crf') ?? config.stages[0];
	return [stageSection({ ...config, stages: [last] }, 0, changes)];
}

function stageSection(config: ExperimentConfig, stage: number, changes: SettingChanges): FieldSection {
	const { name, objective } = config.stages[stage];
	const encoder = encoderOf(config, changes);
	const own = fields
		.filter(({ path }) => path.startsWith('stages.*.'))
		.map((field) => formField(field, field.path.replace('*', String(stage)), config, changes))
		.filter(({ field: { path }, isChanged }) => isChanged || (concerns(path, objective) && isRead(path, encoder)));
	return { stage, name, fields: own };
}

/** The temperature is the contrastive loss's alone, which does not reach the output layer. */
function concerns(path: string, objective: string): boolean {
	return objective === 'contrastive' ? !path.includes('.groups.head.') : !path.endsWith('.temperature');
}

function encoderOf({ model }: ExperimentConfig, changes: SettingChanges): EncoderName {
	return encoderNames.find((name) => name === changes['model.encoder']) ?? model.encoder;
}

const bertPaths = /^bert\.|^model\.encoder$|\.groups\.|\.layerDecay$|\.(bareWordPieces|refuseLongSentences)$/;
const latticePaths = /^data\.normalizeEmbeddings$|^model\.(?!encoder$|crfStartEnd$|constrainedDecoding$)/;

/** Whether a network with this encoder reads the setting. */
function isRead(path: string, encoder: EncoderName): boolean {
	if (encoder === 'flat') return !bertPaths.test(path);
	if (encoder === 'flat-bert') return path !== 'bert.outputDropout';
	const group = /\.groups\.(\w+)\./.exec(path)?.[1];
	const isThere = group === undefined || groupsOf({ encoder }).some((name) => name === group);
	return isThere && !latticePaths.test(path);
}

function formField(field: Field, path: string, config: ExperimentConfig, changes: SettingChanges): FormField {
	const presetText = settingText(settingAt(config, path));
	const text = changes[path] ?? presetText;
	return { field, path, text, presetText, isChanged: text !== presetText, error: errorOf(config, path, text) };
}

function errorOf(config: ExperimentConfig, path: string, text: string): FormField['error'] {
	try {
		withSetting(config, path, text);
		return null;
	} catch (error) {
		if (error instanceof UserError) return { expected: error.expected, found: error.found };
		throw error;
	}
}

/** The changes after a field was edited; a value equal to the preset's is no change. */
export function changeSetting(changes: SettingChanges, { path, presetText }: FormField, text: string): SettingChanges {
	const { [path]: _, ...rest } = changes;
	return text === presetText ? rest : { ...rest, [path]: text };
}

/** Changes that another preset has no place for are left out: a third stage, for example. */
export function changesFor(preset: string, changes: SettingChanges): SettingChanges {
	const config = presetConfig(preset);
	return Object.fromEntries(Object.entries(changes).filter(([path]) => settingAt(config, path) !== undefined));
}
