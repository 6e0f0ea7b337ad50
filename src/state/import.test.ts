// Files on their way in, over the real commands of the worker, on a workspace of its own.

import { zipSync } from 'fflate';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readCorpusFiles } from '../data/formats/read-corpus';
import { connectTiny, type TinyWire } from '../testing/tiny-wire';
import { freshIndexedDB } from '../testing/tiny-workspace';
import { countImport, createImportStore, firstChanges, type ImportStore, shownFiles } from './import';

vi.mock('../data/formats/read-corpus', async (original) => {
	const real = await original<typeof import('../data/formats/read-corpus')>();
	return { ...real, readCorpusFiles: vi.fn(real.readCorpusFiles) };
});
const readings = vi.mocked(readCorpusFiles);

let wire: TinyWire;
let store: ImportStore;
beforeEach(() => {
	freshIndexedDB();
	readings.mockClear();
	wire = connectTiny();
	store = createImportStore(wire.client);
});
afterEach(() => wire.close());

const good = '李 B-PER\n明 I-PER\n来 O\n\n南 B-GPE\n京 I-GPE\n';
const file = (name: string, text: BlobPart = good) => ({ name, content: new Blob([text]) });

test('corpora are previewed and counted, with the splits that their names say', async () => {
	await store.getState().add([file('x.train'), file('x.dev')]);
	const counts = countImport(store.getState().files);
	expect(counts).toMatchObject({ sentences: 4, mentions: 4, splits: { train: 2, dev: 2, test: 0 }, broken: 0 });
	expect(store.getState().name).toBe('x');
});

test('what is no corpus is handed back with its sort', async () => {
	const row = (word: string) => `${word} ${'0.5 '.repeat(8)}\n`;
	const others = await store
		.getState()
		.add([file('uni.vec', row('中') + row('国')), file('l.txt', '南京\n长江\n大桥\n')]);
	expect(others.map(({ sort }) => sort)).toEqual([{ kind: 'vectors', units: 'characters' }, { kind: 'lexicon' }]);
	expect(store.getState().files).toEqual([]);
});

test('all files of an archive are shown', async () => {
	const bytes = new TextEncoder().encode(good);
	await store.getState().add([file('all.zip', zipSync({ 'train.txt': bytes, 'dev.txt': bytes }) as BlobPart)]);
	expect(store.getState().files.map(({ name }) => name)).toEqual(['all.zip/train.txt', 'all.zip/dev.txt']);
	expect(countImport(store.getState().files).splits).toEqual({ train: 2, dev: 2, test: 0 });
});

test('a broken file stores nothing, shows its lines, and reads once a way on is chosen', async () => {
	await store.getState().add([file('x.train', '李 B-PER\n明\n来 O\n')]);
	const [broken] = store.getState().files;
	const { preview } = broken;
	if (preview?.isRead !== false) throw new Error('the file was read');
	expect(preview.raw?.lines[1]).toBe('明');
	expect(preview.answers).toEqual(['malformed']);
	expect(await store.getState().importAll()).toBeNull();
	expect((await wire.client.ask('list-items', {})).items).toEqual([]);
	await store.getState().setChoices(broken.id, { malformed: 'outside' });
	expect(countImport(store.getState().files)).toMatchObject({ broken: 0, sentences: 1 });
	expect(store.getState().files[0].preview).toMatchObject({ changes: [{ code: 'corpus-tag-missing', lines: [2] }] });
	expect(countImport(store.getState().files).noted).toEqual({ repair: 1, 'left-out': 0, warning: 0 });
});

test('leaving puts away what cannot be read, and keeps the rest waiting', async () => {
	await store.getState().add([file('x.train'), file('broken.dev', '李 B-PER\n明\n')]);
	store.getState().leave();
	expect(store.getState().files.map(({ name }) => name)).toEqual(['x.train']);
	await store.getState().add([file('broken.dev', '李 B-PER\n明\n')]);
	store.getState().remove(store.getState().files[0].id);
	store.getState().leave();
	expect(store.getState()).toMatchObject({ files: [], name: '', chosenId: null });
});

test('the mended file takes the place of the one of its name', async () => {
	await store.getState().add([file('x.train', '李 B-PER\n明\n')]);
	await store.getState().add([file('x.train')]);
	expect(store.getState().files).toHaveLength(1);
	expect(countImport(store.getState().files).broken).toBe(0);
});

test('labels, splits and long sentences become the first changes of the corpus', async () => {
	await store.getState().add([file('x.train')]);
	store.getState().mapType('GPE', 'LOC');
	store.getState().mapType('PER', null);
	store.getState().setClip(200);
	const item = await store.getState().importAll();
	const { changes, types } = await wire.client.ask('open-corpus', { id: item?.id ?? '' });
	expect(changes.map(({ kind }) => kind)).toEqual(['ignore-types', 'rename-types', 'clip']);
	expect(types).toEqual([{ type: 'LOC', mentions: 1 }]);
	expect(store.getState().files).toEqual([]);
});

test('a split wizard comes before the cut of long sentences', () => {
	const split = { ratios: [8, 1, 1] as [number, number, number], seed: 3, byType: true, keepDuplicatesTogether: true };
	const changes = firstChanges({ mapping: new Map(), split, clipLength: 100 });
	expect(changes).toEqual([
		{ kind: 'split-anew', ...split },
		{ kind: 'clip', length: 100, splits: ['train'] },
	]);
});

test('what was dropped last is what is shown', async () => {
	await store.getState().add([file('x.train')]);
	await store.getState().add([file('x.dev')]);
	const { files, chosenId } = store.getState();
	expect(files.find(({ id }) => id === chosenId)?.name).toBe('x.dev');
});

test('annotations of brat are no file of their own', async () => {
	await store.getState().add([file('a.txt', '李明来了。\n'), file('a.ann', 'T1\tPER 0 2\t李明\n')]);
	expect(shownFiles(store.getState().files).map(({ name }) => name)).toEqual(['a.txt']);
	expect(countImport(store.getState().files).mentions).toBe(1);
});

test('a line asked for is shown with what stands around it', async () => {
	await store.getState().add([file('x.train', good.concat('\n').repeat(60))]);
	const [{ id }] = store.getState().files;
	await store.getState().showLine(id, 200);
	const { preview } = store.getState().files[0];
	if (!preview?.isRead) throw new Error('the file was not read');
	expect([preview.raw?.from, preview.raw?.lines.length, preview.first[0].line]).toEqual([190, 60, 190]);
});

test('files whose names say a split and a form only are called after their format, with a free number', async () => {
	await store.getState().add([file('train.char.bmes'), file('dev.char.bmes')]);
	expect(store.getState().name).toBe('CoNLL 1');
	await store.getState().importAll();
	await store.getState().add([file('train.txt')]);
	expect(store.getState().name).toBe('CoNLL 2');
});

test('a file is read once for preview, line and import, and again only where a choice is made', async () => {
	await store.getState().add([file('x.train'), file('x.dev')]);
	const [{ id }] = store.getState().files;
	await store.getState().showLine(id, 4);
	expect(readings).toHaveBeenCalledTimes(2);
	await store.getState().setChoices(id, { scheme: 'BMES' });
	expect(readings).toHaveBeenCalledTimes(3);
	const item = await store.getState().importAll();
	expect(readings).toHaveBeenCalledTimes(3);
	expect(item?.detail).toMatchObject({ scheme: 'BMES', sentences: { train: 2, dev: 2, test: 0 } });
});

test('what was read of a file is not kept longer than the file waits', async () => {
	await store.getState().add([file('x.train'), file('x.dev')]);
	const [first, second] = store.getState().files;
	store.getState().remove(first.id);
	for (const { id, name, content } of [first, second]) {
		const files = [{ readingId: id, name, content, choices: {} }];
		await wire.client.ask('preview-corpus', { task: 't', files });
	}
	expect(readings).toHaveBeenCalledTimes(3);
	store.getState().leave();
	await store.getState().importAll();
	expect(readings).toHaveBeenCalledTimes(4);
});
