// Checks settings that come from outside (a form, a command line, a file) against fields.ts, and sets single values
// by path. What passes here is trusted below.

import { UserError } from '../util/errors';
import { isVersion, type JsonObject } from '../util/migrations';
import type { ExperimentConfig, StageConfig } from './config';
import { describeRange, type Field, type FieldValue, fields, findField } from './fields';
import { reachedGroups } from './stage-groups';

const namePattern = /^[\p{L}\p{N}._-]{1,64}$/u;

/** Throws a UserError for the first setting that is missing, unknown, out of its range or at odds with another one. */
export function checkConfig(config: ExperimentConfig): void {
	const stageCount = Array.isArray(config.stages) ? config.stages.length : 0;
	if (stageCount === 0) {
		throw settingError('stages', 'at least one stage', 'none', 'Begin from a preset, or add a stage.');
	}
	for (const field of fields) {
		for (const path of pathsOf(field, stageCount)) checkValue(path, field, valueAt(config, path));
	}
	const { version, ...settings } = config;
	if (!isVersion(version)) {
		throw settingError('version', 'the version of the settings', String(version), 'Begin from a preset.');
	}
	rejectUnknown(settings, '');
	checkStageNames(config);
	checkRelations(config);
}

/** True when `value` lies in the range of a field. */
function isInRange(range: FieldValue, value: unknown): boolean {
	switch (range.kind) {
		case 'integer':
			return Number.isSafeInteger(value) && (value as number) >= range.min && (value as number) <= range.max;
		case 'number':
			return typeof value === 'number' && value >= range.min && (range.below ? value < range.max : value <= range.max);
		case 'switch':
			return typeof value === 'boolean';
		case 'choice':
			return range.choices.includes(value as string);
		case 'name':
			return typeof value === 'string' && namePattern.test(value);
		default:
			return range satisfies never;
	}
}

/** A copy of the settings with one value set from text, e.g. `('stages.0.optimizer.learningRate', '1e-3')`.
 *  Throws UserError `unknown-setting` or `setting-out-of-range`. */
export function withSetting(config: ExperimentConfig, path: string, text: string): ExperimentConfig {
	const field = findField(path);
	const parents = path.split('.');
	const key = parents.pop() as string;
	const copy = structuredClone(config);
	const parent = parents.reduce<unknown>((value, part) => (value as JsonObject | undefined)?.[part], copy);
	if (!field || parent === undefined) throw unknownSetting(path, config);
	const value = parseValue(field.value, text);
	if (value === undefined || !isInRange(field.value, value)) throw outOfRange(path, field, text);
	(parent as JsonObject)[key] = value;
	return copy;
}

function parseValue(range: FieldValue, text: string): unknown {
	switch (range.kind) {
		case 'integer':
		case 'number':
			return text.trim() === '' ? undefined : Number(text);
		case 'switch':
			return { true: true, on: true, false: false, off: false }[text];
		case 'choice':
		case 'name':
			return text;
		default:
			return range satisfies never;
	}
}

function checkValue(path: string, field: Field, value: unknown): void {
	if (!isInRange(field.value, value)) throw outOfRange(path, field, value);
}

function checkStageNames(config: ExperimentConfig): void {
	const names = config.stages.map((stage) => stage.name);
	const repeated = names.find((name, index) => names.indexOf(name) !== index);
	if (repeated === undefined) return;
	throw settingError('stages', 'unique stage names', `'${repeated}' twice`, 'Rename one of the two stages.');
}

/** Rules that join two settings. */
function checkRelations(config: ExperimentConfig): void {
	const width = config.model.heads * config.model.headSize;
	if (config.model.encoder !== 'bert' && (width % 2 !== 0 || width < 4)) {
		throw settingError(
			'model.headSize',
			'an even model width (heads × head size) of at least 4',
			`${config.model.heads} * ${config.model.headSize} = ${width}`,
			'Change the number of heads or the head size.',
		);
	}
	for (const [index, stage] of config.stages.entries()) {
		if (stage.objective === 'contrastive' && stage.trains === 'head') {
			throw settingError(
				`stages.${index}.trains`,
				"'all' in a contrastive stage, since its loss does not involve the output layer",
				"'head'",
				"Set it to 'all', or the objective to 'crf'.",
			);
		}
		if (stage.optimizer.learningRate === 0) {
			throw settingError(
				`stages.${index}.optimizer.learningRate`,
				'a learning rate above 0',
				'0',
				'Enter a learning rate such as 0.001.',
			);
		}
		checkGroups(config, stage, index);
	}
}

/** A group may stay frozen for a whole stage, as BERT does in stage 1; all of them together may not. */
function checkGroups({ model }: ExperimentConfig, stage: StageConfig, index: number): void {
	const reached = reachedGroups(model, stage);
	const isTrained = ({ firstEpoch }: { firstEpoch: number }) => firstEpoch >= 1 && firstEpoch <= stage.epochs;
	if (reached.some((name) => isTrained(stage.groups[name]))) return;
	const paths = reached.map((name) => `stages.${index}.groups.${name}.firstEpoch`);
	throw settingError(
		paths[0],
		`a first epoch from 1 to ${stage.epochs} for at least one of ${reached.join(', ')}, the groups that stage ${stage.name} can train,`,
		reached.map((name) => `${name} ${stage.groups[name].firstEpoch}`).join(', '),
		`Set ${paths[paths.length - 1]} to 1.`,
	);
}

function rejectUnknown(value: JsonObject, prefix: string): void {
	for (const [key, inner] of Object.entries(value)) {
		const path = prefix + key;
		const isBranch = fields.some((field) => field.path.startsWith(`${path.replace(/^stages\.\d+/, 'stages.*')}.`));
		if (isBranch && typeof inner === 'object' && inner !== null) rejectUnknown(inner as JsonObject, `${path}.`);
		else if (!findField(path)) throw unknownSetting(path, null);
	}
}

function pathsOf(field: Field, stageCount: number): string[] {
	if (!field.path.includes('*')) return [field.path];
	return Array.from({ length: stageCount }, (_, index) => field.path.replace('*', String(index)));
}

function valueAt(config: unknown, path: string): unknown {
	return path.split('.').reduce<unknown>((value, part) => (value as JsonObject | undefined | null)?.[part], config);
}

function outOfRange(path: string, field: Field, found: unknown): UserError {
	const shown = typeof found === 'string' ? `'${found}'` : String(found ?? 'none');
	return settingError(path, describeRange(field.value), shown, `${field.help.en} Enter a value in that range.`);
}

function settingError(path: string, expected: string, found: string, remedy: string): UserError {
	return new UserError({
		code: 'setting-out-of-range',
		expected: `${expected} for the setting ${path}`,
		found,
		remedy,
	});
}

function unknownSetting(path: string, config: ExperimentConfig | null): UserError {
	const stageIndex = /^stages\.(\d+)\./.exec(path)?.[1];
	const isMissingStage = config !== null && findField(path) !== undefined && stageIndex !== undefined;
	return new UserError({
		code: 'unknown-setting',
		expected: isMissingStage ? `a stage from 0 to ${config.stages.length - 1}` : 'the name of a setting',
		found: `'${path}'`,
		remedy: isMissingStage ? 'Stages are counted from 0.' : `Did you mean ${nearestPaths(path).join(', ')}?`,
	});
}

/** The three known paths that share most pairs of neighbouring letters with a mistyped one. */
function nearestPaths(path: string): string[] {
	const wanted = letterPairs(path.replace(/\.\d+\./, '.*.'));
	const shared = (field: Field) => {
		const pairs = letterPairs(field.path);
		const common = [...wanted].filter((pair) => pairs.has(pair)).length;
		return (2 * common) / (wanted.size + pairs.size);
	};
	return [...fields]
		.sort((a, b) => shared(b) - shared(a))
		.slice(0, 3)
		.map((field) => field.path.replace('*', '0'));
}

function letterPairs(text: string): Set<string> {
	const lower = text.toLowerCase();
	return new Set(Array.from({ length: Math.max(0, lower.length - 1) }, (_, index) => lower.slice(index, index + 2)));
}
