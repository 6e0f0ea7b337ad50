import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectTiny, type TinyWire } from '../testing/tiny-wire';
import { freshIndexedDB } from '../testing/tiny-workspace';
import { displayName, installSamples } from './workspace-samples';

let wire: TinyWire;
beforeEach(() => {
	freshIndexedDB();
	wire = connectTiny();
});
afterEach(() => wire.close());

const fetchFile = async (path: string) => {
	if (path.endsWith('.conll')) return new Blob(['南 B-GPE\n京 I-GPE\n好 O\n']);
	return new Blob([path.endsWith('.txt') ? '南京\n长江\n大桥\n' : `南 1 2\n京 3 4\n${path} 5 6\n`]);
};
const namesNow = async () =>
	(await wire.client.ask('list-items', {})).items
		.filter(({ kind, trashedAtMs }) => kind !== 'setting' && trashedAtMs === null)
		.map(({ kind, id }) => `${kind}/${id}`)
		.toSorted();

const all = [
	'corpus/sample',
	'corpus/sample-en',
	'lexicon/sample',
	'vectors/sample-bigrams',
	'vectors/sample-characters',
	'vectors/sample-words',
];

test('the first visit brings all samples; what is deleted or put into the trash stays away', async () => {
	expect(await installSamples(wire.client, fetchFile)).toBe(true);
	expect(await namesNow()).toEqual(all);
	await wire.client.ask('delete-item', { kind: 'corpus', id: 'sample-en' });
	await wire.client.ask('trash-item', { kind: 'vectors', id: 'sample-words' });
	expect(await installSamples(wire.client, fetchFile)).toBe(false);
	expect(await namesNow()).toEqual(all.filter((name) => !['corpus/sample-en', 'vectors/sample-words'].includes(name)));
});

test('a later version of the samples brings back nothing that was deleted, also after a visit that kept the version alone', async () => {
	for (const kept of ['list', 'number']) {
		freshIndexedDB();
		wire.close();
		wire = connectTiny();
		await installSamples(wire.client, fetchFile, 1);
		if (kept === 'number') await wire.client.ask('save-setting', { name: 'samples', value: 1 });
		await wire.client.ask('delete-item', { kind: 'corpus', id: 'sample-en' });
		expect(await installSamples(wire.client, fetchFile, 2)).toBe(true);
		expect(await namesNow()).toEqual(all.filter((name) => name !== 'corpus/sample-en'));
		expect(await installSamples(wire.client, fetchFile, 2)).toBe(false);
	}
});

test('a first visit that broke off is completed by the next one', async () => {
	const failing = (path: string) => (path.endsWith('.gz') ? Promise.reject(new Error('offline')) : fetchFile(path));
	await expect(installSamples(wire.client, failing)).rejects.toThrow('offline');
	expect(await installSamples(wire.client, fetchFile)).toBe(true);
	expect(await namesNow()).toEqual(all);
});

test('a sample is called in the language of the page until somebody renames it', () => {
	const sample = { kind: 'corpus', id: 'sample', name: 'Sample' };
	expect([displayName(sample, 'zh'), displayName(sample, 'en')]).toEqual(['样例', 'Sample']);
	expect(displayName({ ...sample, name: 'mine' }, 'zh')).toBe('mine');
	expect(displayName({ ...sample, id: 'other' }, 'zh')).toBe('Sample');
});
