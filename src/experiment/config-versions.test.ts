import { afterEach, expect, test } from 'vitest';
import { UserError } from '../util/errors';
import type { JsonObject } from '../util/migrations';
import { withSetting } from './check-config';
import {
	type ConfigMigration,
	configMigrations,
	configVersion,
	currentPath,
	readConfig,
	upgradedConfig,
	upgradedSettings,
} from './config-versions';
import { type Field, fields } from './fields';
import { presetConfig, presets } from './presets';

const trial: ConfigMigration[] = [
	{ added: { 'stages.*.labelSmoothing': 0, 'model.gated': false } },
	{ renamed: { 'stages.*.labelSmoothing': 'stages.*.smoothing' }, removed: ['data.limitTrain'] },
	{ rewritten: { 'model.fusion': (name) => (name === 'ff_two' ? 'two' : name) } },
];

function errorOf(action: () => unknown): UserError {
	try {
		action();
	} catch (error) {
		if (error instanceof UserError) return error;
		throw error;
	}
	throw new Error('no error');
}

const unversioned = ({ version: _, ...settings }: ReturnType<typeof presetConfig>): JsonObject => settings;

afterEach(() => {
	(configMigrations as ConfigMigration[]).length = configVersion(original) - 1;
	(fields as Field[]).length = originalFields;
});
const original = [...configMigrations];
const originalFields = fields.length;

test('settings of every preset, with or without a version, are read as they are', () => {
	for (const { config } of presets) {
		expect(readConfig({ ...config })).toEqual(config);
		expect(readConfig({ ...unversioned(config), version: 1 }).version).toBe(configVersion());
	}
});

test('settings of version 1 pass through every migration in turn', () => {
	const upgraded = upgradedConfig(unversioned(presetConfig('smoke')), trial);
	expect(upgraded).toMatchObject({
		version: 4,
		model: { gated: false, fusion: 'two' },
		stages: [{ smoothing: 0 }, { smoothing: 0 }, { smoothing: 0 }],
	});
	expect(upgraded.data).not.toHaveProperty('limitTrain');
	expect((upgraded.stages as JsonObject[])[0]).not.toHaveProperty('labelSmoothing');
});

test('settings of version 2 keep what they say and pass through the later migrations alone', () => {
	const stages = [{ name: 'full', labelSmoothing: 0.1 }];
	const second = { version: 2, model: { fusion: 'gate', gated: true }, data: { limitTrain: 5 }, stages };
	expect(upgradedConfig(second, trial)).toEqual({
		version: 4,
		model: { fusion: 'gate', gated: true },
		data: {},
		stages: [{ name: 'full', smoothing: 0.1 }],
	});
	expect(second.data.limitTrain).toBe(5);
});

test.each([configVersion() + 1, 2 ** 53 - 1, 0, 1.5, '2', null])(
	'settings of version %j are refused by it',
	(version) => {
		const error = errorOf(() => readConfig({ ...presetConfig('smoke'), version }));
		expect(error).toMatchObject({ code: 'settings-version', found: `version ${version}` });
		expect(error.expected).toContain(String(configVersion()));
	},
);

test('a setting that the current version has is demanded, and an unknown one refused', () => {
	const { seed: _, ...rest } = presetConfig('smoke');
	expect(errorOf(() => readConfig(rest)).code).toBe('setting-out-of-range');
	expect(errorOf(() => readConfig({ ...presetConfig('smoke'), sed: 1 })).code).toBe('unknown-setting');
	for (const name of ['constructor', 'toString', '__proto__']) {
		const hostile = JSON.parse(`{"${name}": 1}`) as JsonObject;
		expect(
			errorOf(() => readConfig({ ...presetConfig('smoke'), model: { ...presetConfig('smoke').model, ...hostile } }))
				.code,
		).toBe('unknown-setting');
	}
});

test('a setting that a later version adds has its default in earlier settings', () => {
	const labelSmoothing = { ...fields[fields.length - 1], path: 'stages.*.labelSmoothing' };
	(fields as Field[]).push({ ...labelSmoothing, value: { kind: 'number', min: 0, max: 1 } });
	expect(errorOf(() => readConfig(unversioned(presetConfig('smoke')))).expected).toContain('labelSmoothing');
	(configMigrations as ConfigMigration[]).push({ added: { 'stages.*.labelSmoothing': 0 } });
	const read = readConfig(unversioned(presetConfig('smoke'))) as unknown as { version: number; stages: JsonObject[] };
	expect(read.version).toBe(original.length + 2);
	expect(read.stages.map((stage) => stage.labelSmoothing)).toEqual([0, 0, 0]);
});

test('settings of a recorded command take their new names, and the old behaviour where presets have changed', () => {
	const recorded = [
		['model.fusion', 'ff_two'],
		['data.limitTrain', '9'],
		['stages.1.labelSmoothing', '0.2'],
		['constructor', '1'],
	] as const;
	expect(upgradedSettings(recorded, { version: 1, stageCount: 2 }, trial)).toEqual([
		['stages.0.smoothing', '0'],
		['model.gated', 'false'],
		['model.fusion', 'two'],
		['stages.1.smoothing', '0.2'],
		['constructor', '1'],
	]);
	expect(errorOf(() => upgradedSettings([], { version: 5, stageCount: 2 }, trial)).code).toBe('settings-version');
});

/** Settings as version 1 wrote them. */
function ofVersion1(preset: string, extraFeatureSize: number): JsonObject {
	const { version: _, bert: __, ...config } = presetConfig(preset);
	const { encoder: ___, ...model } = config.model;
	const { clipTest: ____, ...data } = config.data;
	const { bareWordPieces: _____, refuseLongSentences: ______, ...quirks } = config.quirks;
	const stages = config.stages.map(({ groups: _, accumulation: __, optimizer, ...stage }) => {
		const { clipNorm: ___, layerDecay: ____, decaysBiases: _____, schedule: ______, ...old } = optimizer;
		return { ...stage, optimizer: old };
	});
	return { ...config, model: { ...model, extraFeatureSize }, data, quirks, stages };
}

test('version 2 reads settings of version 1 as they behaved: no BERT, all groups trained, gradients summed', () => {
	const read = readConfig(ofVersion1('ontonotes', 0));
	const preset = presetConfig('ontonotes');
	expect(read).toEqual({ ...preset, stages: preset.stages.map((stage) => ({ ...stage, accumulation: 'sum' })) });
	expect(read.stages[0].groups).not.toBe(read.stages[1].groups);
	expect(readConfig(ofVersion1('ontonotes', 768)).model.encoder).toBe('flat-bert');
});

test('a command that version 1 recorded sets every path of version 2', () => {
	const recorded = [
		['model.extraFeatureSize', '0'],
		['stages.1.epochs', '4'],
	] as const;
	const upgraded = upgradedSettings(recorded, { version: 1, stageCount: 2 });
	const config = upgraded.reduce((set, [path, text]) => withSetting(set, path, text), presetConfig('ontonotes'));
	expect(upgraded).toContainEqual(['model.encoder', 'flat']);
	expect(upgraded).toContainEqual(['stages.1.groups.bert.firstEpoch', '0']);
	expect(config.stages.map(({ accumulation, epochs }) => [accumulation, epochs])).toEqual([
		['sum', 100],
		['sum', 4],
	]);
	expect(currentPath('model.extraFeatureSize')).toBe('model.encoder');
});

test('a migration adds a branch that earlier settings lack, but no stages', () => {
	const added = { 'gate.open': true, 'stages.*.inner.deep.rate': 0.5 };
	expect(upgradedConfig({ stages: [{ name: 'full' }] }, [{ added }])).toEqual({
		version: 2,
		gate: { open: true },
		stages: [{ name: 'full', inner: { deep: { rate: 0.5 } } }],
	});
	expect(upgradedConfig({}, [{ added }])).toEqual({ version: 2, gate: { open: true } });
});

test('a path that a version renamed is known by its old name', () => {
	expect(currentPath('stages.2.labelSmoothing', trial)).toBe('stages.2.smoothing');
	expect(currentPath('stages.2.epochs', trial)).toBe('stages.2.epochs');
	expect(currentPath('constructor', trial)).toBe('constructor');
});
