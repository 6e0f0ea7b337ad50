import { expect, test } from 'vitest';
import { defaultMapSettings } from '../wire/space';
import { ownSettings, readSetting, settingsQuery } from './space-settings';

test('an address without settings, or with those of the snapshots, asks for no other map', () => {
	expect(ownSettings({}, defaultMapSettings)).toBe(null);
	expect(ownSettings({ proj: 'tsne', perplexity: '30' }, defaultMapSettings)).toBe(null);
	expect(ownSettings({ perplexity: 'many' }, defaultMapSettings)).toBe(null);
});

test('settings are written to the address and read back', () => {
	const settings = { ...defaultMapSettings, method: 'umap', neighbours: 40 } as const;
	const query = settingsQuery(settings, defaultMapSettings);
	expect(query).toMatchObject({ proj: 'umap', neighbours: '40', perplexity: '' });
	expect(ownSettings(query, defaultMapSettings)).toEqual(settings);
});

test('a number must be within its range, and whole where it counts something', () => {
	expect(readSetting('perplexity', '12.5')).toBe(12.5);
	expect(readSetting('perplexity', '1')).toBe(null);
	expect(readSetting('iterations', '300.5')).toBe(null);
	expect(readSetting('leastDistance', '')).toBe(null);
});
