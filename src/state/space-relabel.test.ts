import { afterEach, beforeEach, expect, test } from 'vitest';
import { samplePoints } from '../testing/space-samples';
import { connectTiny, type TinyWire } from '../testing/tiny-wire';
import { freshIndexedDB } from '../testing/tiny-workspace';
import { UserError } from '../util/errors';
import { corpusHandlers } from '../worker/corpora/corpus-handlers';
import { addChanges } from './corpus-edits';
import { CorpusWriter } from './corpus-writer';
import { relabelMentions } from './space-relabel';
import { createUnsavedWork, type UnsavedWorkStore } from './unsaved-work';

const points = samplePoints([['王芳在武大', 'B-PER I-PER O B-ORG I-ORG']]);
let wire: TinyWire;
let unsaved: UnsavedWorkStore;
let writer: CorpusWriter;
let isDiskFull: boolean;
beforeEach(() => {
	freshIndexedDB();
	isDiskFull = false;
	wire = connectTiny((context) => {
		const corpus = corpusHandlers(context);
		return {
			...corpus,
			'save-corpus-changes': async (request) => {
				if (isDiskFull)
					throw new UserError({ code: 'storage-full', expected: 'space', found: 'none', remedy: 'Free some.' });
				return corpus['save-corpus-changes'](request);
			},
		};
	});
	unsaved = createUnsavedWork();
	writer = new CorpusWriter(wire.client, unsaved);
});
afterEach(() => wire.close());

async function importText(text: string) {
	const files = [{ name: 'dev.conll', content: new Blob([text]) }];
	await wire.client.ask('import-corpus', { task: 't', files, name: 'tiny', id: 'corpus' });
}
const importOne = () => importText('王 B-PER\n芳 I-PER\n在 O\n武 B-ORG\n大 I-ORG\n');

const relabel = (chosen: number[], type: string | null, of = points) =>
	relabelMentions({ client: wire.client, writer }, of, chosen, type);

const types = async () => {
	const { rows } = await wire.client.ask('sentences', { id: 'corpus', filter: {}, offset: 0, limit: 10 });
	return rows[0].spans.map(({ type }) => type);
};
const stored = async () => (await wire.client.ask('open-corpus', { id: 'corpus' })).changes;
const counts = { mentions: 0, sentences: 0, unchanged: 0, outside: 0, missing: 0 };

async function undoOf(result: Awaited<ReturnType<typeof relabel>>) {
	return result.kind === 'done' ? result.undo() : null;
}

test('mentions of chosen tokens get another type in the corpus, and undo gives the old one back', async () => {
	await importOne();
	const result = await relabel([0, 2], 'ORG');
	expect(result).toMatchObject({ kind: 'done', plan: { ...counts, mentions: 1, sentences: 1, outside: 1 } });
	expect(await types()).toEqual(['ORG', 'ORG']);
	expect(await undoOf(result)).toEqual({ kind: 'done' });
	expect(await types()).toEqual(['PER', 'ORG']);
	expect(await undoOf(result)).toEqual({ kind: 'done' });
	expect(await stored()).toEqual([]);
});

test('2,500 sentences are relabelled as one change, and one undo reverts it', async () => {
	const sentences = 2500;
	const many = samplePoints(Array.from({ length: sentences }, () => ['王芳在', 'B-PER I-PER O']));
	await importText('王 B-PER\n芳 I-PER\n在 O\n\n'.repeat(sentences));
	const all = Array.from({ length: many.count }, (_, point) => point);
	const result = await relabel(all, 'ORG', many);
	expect(result).toMatchObject({
		kind: 'done',
		plan: { ...counts, mentions: sentences, sentences, outside: sentences },
	});
	const { types: now } = await wire.client.ask('open-corpus', { id: 'corpus' });
	expect(now).toEqual([{ type: 'ORG', mentions: sentences }]);
	expect((await stored()).map(({ kind }) => kind)).toEqual(['relabel-sentences']);
	await undoOf(result);
	expect(await stored()).toEqual([]);
});

test('a refused save is reported with its reason, changes nothing and does not wait', async () => {
	await importOne();
	isDiskFull = true;
	expect(await relabel([0], 'ORG')).toMatchObject({ kind: 'refused', problem: { code: 'storage-full' } });
	isDiskFull = false;
	expect(await stored()).toEqual([]);
	expect(unsaved.getState().works).toEqual([]);
});

test('undo reverts that change alone, or says which newer one prevents it', async () => {
	await importOne();
	const first = await relabel([0], 'ORG');
	const other = { kind: 'ignore-types' as const, types: ['GPE'] };
	await writer.write('corpus', addChanges(other), { by: 'data', waits: false });
	expect(await undoOf(first)).toEqual({ kind: 'done' });
	expect(await stored()).toEqual([other]);
	const second = await relabel([0], 'LOC');
	await relabel([3], 'LOC');
	expect(await undoOf(second)).toMatchObject({ kind: 'refused', problem: { code: 'change-covered' } });
	expect(await types()).toEqual(['LOC', 'LOC']);
});

test('a change stored by another tab is no reason to refuse, and it stays', async () => {
	await importOne();
	await writer.open('corpus');
	const marked = { kind: 'mark-for-relabel' as const, sentences: [{ split: 'dev' as const, index: 0 }] };
	await wire.client.ask('save-corpus-changes', { id: 'corpus', revision: 1, changes: [marked] });
	expect(await relabel([0], 'ORG')).toMatchObject({ kind: 'done' });
	expect((await stored()).map(({ kind }) => kind)).toEqual(['mark-for-relabel', 'relabel-sentences']);
});

test('labels can be removed, and an edit without effect is no change', async () => {
	await importOne();
	expect(await relabel([3, 4], 'ORG')).toMatchObject({ kind: 'nothing', plan: { ...counts, unchanged: 1 } });
	expect(await relabel([4], null)).toMatchObject({ kind: 'done', plan: { mentions: 1 } });
	expect(await types()).toEqual(['PER']);
});

test('sentences cut into pieces are relabelled whole, and dropped ones are counted as missing', async () => {
	await importOne();
	const clip = { kind: 'clip' as const, length: 2, splits: ['dev' as const] };
	await writer.write('corpus', addChanges(clip), { by: 'data', waits: false });
	expect(await relabel([4], 'LOC')).toMatchObject({ kind: 'done', plan: { mentions: 1, missing: 0 } });
	const drop = { kind: 'drop-sentences' as const, sentences: [{ split: 'dev' as const, index: 0 }] };
	await writer.write('corpus', addChanges({ ...drop, reason: 'unwanted' }), { by: 'data', waits: false });
	expect(await relabel([0, 1], 'LOC')).toMatchObject({ kind: 'nothing', plan: { ...counts, missing: 2 } });
});

test('a run on files has no corpus to relabel, and a deleted corpus is reported', async () => {
	await importOne();
	expect(await relabel([0], 'ORG', { ...points, corpusId: null })).toEqual({ kind: 'nothing', plan: null });
	expect(await relabel([0], 'ORG', { ...points, corpusId: 'gone' })).toMatchObject({ kind: 'refused' });
});
