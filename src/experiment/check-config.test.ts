import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { UserError } from '../util/errors';
import { checkConfig, withSetting } from './check-config';
import { type ExperimentConfig, parameterGroups } from './config';
import { fields } from './fields';
import { presetConfig } from './presets';

function codeOf(action: () => unknown): string {
	try {
		action();
	} catch (error) {
		if (error instanceof UserError) return error.code;
		throw error;
	}
	return 'no error';
}

function leafPaths(value: unknown, path: string): string[] {
	if (typeof value !== 'object' || value === null) return [path];
	return Object.entries(value).flatMap(([key, inner]) => leafPaths(inner, path === '' ? key : `${path}.${key}`));
}

test('every setting of a preset has exactly one field, and every field a setting', () => {
	const { version: _, ...settings } = presetConfig('flat-weibo');
	const paths = leafPaths(settings, '').map((path) => path.replace('stages.0', 'stages.*'));
	expect(fields.map((field) => field.path).sort()).toEqual(paths.sort());
});

/** Files that list all settings without obeying any, and the parity report, which writes stages out. */
const lists =
	/^experiment[\\/](config|config-versions|fields|\w+-fields|\w*-?presets)\.ts$|^cli[\\/]parity|^testing|\.test\.tsx?$/;

test('every setting is obeyed somewhere', () => {
	const root = fileURLToPath(new URL('..', import.meta.url));
	const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
		.filter((name) => /\.tsx?$/.test(name) && !lists.test(name))
		.map((name) => readFileSync(join(root, name), 'utf8').replace(/'[^'\n]*'|\/\/.*/g, ''))
		.join('\n');
	const keys = fields.map(({ path }) => path.slice(path.lastIndexOf('.') + 1));
	expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(sources))).toEqual([]);
});

test('every field has words in English and Chinese', () => {
	for (const { label, help, path } of fields) {
		expect(label.en && help.en.endsWith('.'), path).toBe(true);
		expect(/\p{Script=Han}/u.test(label.zh + help.zh) && help.zh.endsWith('。'), path).toBe(true);
	}
});

test.each([
	['model.heads', '0'],
	['model.heads', '2.5'],
	['model.outputDropout', '1'],
	['model.fusion', 'ff_three'],
	['model.bigrams', 'yes'],
	['stages.0.batchSize', ''],
	['stages.0.optimizer.learningRate', 'NaN'],
	['seed', '-1'],
	['model.encoder', 'bart'],
	['stages.2.groups.bert.rate', '-1'],
	['stages.2.groups.bert.firstEpoch', '1.5'],
	['bert.features', 'stale'],
])('%s = "%s" is out of range', (path, text) => {
	expect(codeOf(() => withSetting(presetConfig('weibo'), path, text))).toBe('setting-out-of-range');
});

test('a value is set by path in a copy', () => {
	const config = presetConfig('weibo');
	const changed = withSetting(config, 'stages.1.optimizer.learningRate', '1e-3');
	expect(changed.stages[1].optimizer.learningRate).toBe(0.001);
	expect(config.stages[1].optimizer.learningRate).toBe(4e-4);
	expect(withSetting(config, 'stages.2.groups.bert.rate', '0.1').stages[2].groups.bert.rate).toBe(0.1);
	expect(withSetting(config, 'quirks.padTag', 'off').quirks.padTag).toBe(false);
});

test('a mistyped path is refused with near names', () => {
	expect(() => withSetting(presetConfig('weibo'), 'stages.0.learningrate', '1')).toThrow(
		/stages\.0\.optimizer\.learningRate/,
	);
});

test('a stage that the preset lacks is refused with the stages that it has', () => {
	expect(() => withSetting(presetConfig('weibo'), 'stages.3.epochs', '1')).toThrow(/a stage from 0 to 2/);
});

const breaks: [string, (config: ExperimentConfig) => void, string][] = [
	['no stage', (config) => config.stages.splice(0), 'setting-out-of-range'],
	['an odd width', (config) => Object.assign(config.model, { heads: 3, headSize: 5 }), 'setting-out-of-range'],
	['two stages of one name', (config) => config.stages.push(config.stages[0]), 'setting-out-of-range'],
	['a contrastive head stage', (config) => (config.stages[0].trains = 'head'), 'setting-out-of-range'],
	['a learning rate of 0', (config) => (config.stages[0].optimizer.learningRate = 0), 'setting-out-of-range'],
	['a missing setting', (config) => Reflect.deleteProperty(config.model, 'layers'), 'setting-out-of-range'],
	['a setting nobody knows', (config) => Object.assign(config.stages[0], { speed: 1 }), 'unknown-setting'],
	['an infinite number', (config) => (config.stages[0].temperature = Number.POSITIVE_INFINITY), 'setting-out-of-range'],
];
const groupBreaks: typeof breaks = [
	['a stage that trains nothing', freezeAll, 'setting-out-of-range'],
	['a contrastive stage on frozen BERT alone', (config) => (config.model.encoder = 'bert'), 'setting-out-of-range'],
	['a group nobody knows', (config) => Object.assign(config.stages[0].groups, { tail: {} }), 'unknown-setting'],
	['a layer decay of 0', (config) => (config.stages[0].optimizer.layerDecay = 0), 'setting-out-of-range'],
	['a layer decay above 1', (config) => (config.stages[0].optimizer.layerDecay = 1.1), 'setting-out-of-range'],
];

function freezeAll({ stages }: ExperimentConfig): void {
	for (const name of parameterGroups) stages[2].groups[name].firstEpoch = name === 'head' ? stages[2].epochs + 1 : 0;
}

test('a group may be frozen for a whole stage, and the width of the lattice encoder is its own affair', () => {
	const config = presetConfig('weibo-bert');
	config.stages[2].groups.bert.firstEpoch = config.stages[2].epochs + 1;
	expect(() => checkConfig(config)).not.toThrow();
	const alone = presetConfig('bert-weibo');
	alone.model.headSize = 1;
	alone.model.heads = 3;
	expect(() => checkConfig(alone)).not.toThrow();
});

test.each([...breaks, ...groupBreaks])('%s is refused', (_, change, code) => {
	const config = presetConfig('weibo');
	change(config);
	expect(codeOf(() => checkConfig(config))).toBe(code);
});
