import { expect, test } from 'vitest';
import { withSetting } from './check-config';
import { presetConfig } from './presets';
import { settingDifferences } from './setting-differences';

test('a preset does not differ from itself', () => {
	expect(settingDifferences(presetConfig('weibo'), presetConfig('weibo'))).toEqual([]);
});

test('a changed setting of a stage is named with its stage and both values', () => {
	const base = presetConfig('weibo');
	const config = withSetting(withSetting(base, 'stages.0.temperature', '0.07'), 'seed', '3');
	expect(settingDifferences(config, base).map(({ path, stage, to }) => [path, stage, to])).toEqual([
		['seed', null, '3'],
		['stages.0.temperature', 'contrastive', '0.07'],
	]);
});
