import { expect, test } from 'vitest';
import { compareConfigs } from './config-comparison';
import { presetConfig } from './presets';

test('stages of a run are in one row, and what is the same is left out', () => {
	const compared = compareConfigs(presetConfig('sample'), presetConfig('sample-flat'));
	const row = (path: string) => compared.find((setting) => setting.path === path);
	expect(row('stages.*.name')).toMatchObject({ left: 'contrastive / head / full', right: 'flat' });
	expect(row('stages.*.batchSize')).toMatchObject({ left: '20 / 10 / 10', right: '10' });
	expect(row('model.heads')).toBeUndefined();
	const withBert = compareConfigs(presetConfig('weibo'), presetConfig('weibo-bert'));
	expect(withBert.map(({ path, left, right }) => [path, left, right])).toEqual([
		['model.encoder', 'flat', 'flat-bert'],
		['stages.*.groups.bert.firstEpoch', '0', '0 / 0 / 21'],
	]);
	expect(compareConfigs(presetConfig('sample'), presetConfig('sample'))).toEqual([]);
});
