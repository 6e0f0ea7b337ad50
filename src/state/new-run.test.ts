import { expect, test } from 'vitest';
import { presetConfig } from '../experiment/presets';
import { changeSetting, changesFor, continuedSections, formSections, offeredPresets } from './new-run';

const fieldAt = (path: string, changes = {}) =>
	formSections('weibo', changes)
		.flatMap(({ fields }) => fields)
		.find((field) => field.path === path);

test('each stage has a section of its own, and the temperature is the contrastive one’s alone', () => {
	const sections = formSections('weibo', {});
	expect(sections.map(({ name }) => name).slice(0, 3)).toEqual(['contrastive', 'head', 'full']);
	expect(fieldAt('stages.0.temperature')).toBeDefined();
	expect(fieldAt('stages.2.temperature')).toBeUndefined();
});

test('settings of BERT and of groups are shown for networks with BERT alone, and a changed one always', () => {
	const pathsOf = (preset: string, changes = {}) =>
		formSections(preset, changes).flatMap(({ fields }) => fields.map(({ path }) => path));
	const ofBert = (paths: string[]) => paths.filter((path) => /^bert\.|groups|layerDecay|WordPieces/.test(path));
	expect(ofBert(pathsOf('weibo'))).toEqual([]);
	expect(ofBert(pathsOf('weibo', { 'stages.2.groups.head.rate': '2' }))).toEqual(['stages.2.groups.head.rate']);
	const lattice = pathsOf('weibo-bert');
	expect(lattice).toContain('stages.2.groups.bert.firstEpoch');
	expect(lattice).toContain('stages.0.groups.tables.rate');
	expect(lattice).not.toContain('stages.0.groups.head.rate');
	expect(lattice).not.toContain('bert.outputDropout');
	const alone = pathsOf('bert-weibo');
	expect(alone.filter((path) => /^model|normalize|groups\.(tables|encoder)/.test(path))).toEqual([
		'model.encoder',
		'model.crfStartEnd',
		'model.constrainedDecoding',
	]);
	expect(alone).toContain('bert.outputDropout');
});

test('presets that need a BERT are not offered', () => {
	const names: string[] = offeredPresets.map(({ name }) => name);
	expect(names).toContain('weibo');
	expect(names.filter((name) => name.includes('bert'))).toEqual([]);
});

test('a changed value is marked, one equal to the preset’s is no change', () => {
	const field = fieldAt('stages.0.temperature');
	if (!field) throw new Error('no field');
	const changed = changeSetting({}, field, '0.07');
	expect(changed).toEqual({ 'stages.0.temperature': '0.07' });
	expect(fieldAt('stages.0.temperature', changed)).toMatchObject({ isChanged: true, presetText: '0.08', error: null });
	expect(changeSetting(changed, field, '0.08')).toEqual({});
});

test('a value out of its range says what was expected', () => {
	expect(fieldAt('model.heads', { 'model.heads': '0' })?.error).not.toBeNull();
	expect(fieldAt('model.heads', { 'model.heads': 'many' })?.error).not.toBeNull();
});

test('changes of stages that another preset does not have are left out', () => {
	expect(changesFor('flat-weibo', { 'stages.0.epochs': '3', 'stages.2.epochs': '4' })).toEqual({
		'stages.0.epochs': '3',
	});
});

test('a run that goes on from a model shows the one stage that it repeats, with the model’s own values', () => {
	const config = presetConfig('weibo');
	config.stages[2].epochs = 17;
	const [section, ...more] = continuedSections(config, { 'stages.0.batchSize': '3' });
	const at = (path: string) => section.fields.find((field) => field.path === path);
	expect([section.name, more]).toEqual(['full', []]);
	expect(at('stages.0.epochs')).toMatchObject({ text: '17', presetText: '17', isChanged: false });
	expect(at('stages.0.batchSize')).toMatchObject({ text: '3', isChanged: true });
});
