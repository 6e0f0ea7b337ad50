import { expect, test } from 'vitest';
import { noStoredInput } from '../../storage/workspace/run-record';
import { vectorsPart } from '../../storage/workspace/vectors-record';
import { importWorkspace } from '../../storage/workspace/workspace-file';
import { connectPerTest } from '../../testing/tiny-wire';
import { addTinyCorpus, countedId, openTiny } from '../../testing/tiny-workspace';
import { CorpusCache, corpusHandlers, readStoredCorpus } from '../corpora/corpus-handlers';
import { storedSource } from '../runs/run-source';
import { heldFile, missingOf, restoreHeld } from './held-work';

const connect = connectPerTest();

/** A corpus with one change, opened and saved as the page does it. */
async function labelled() {
	const wire = connect();
	const workspace = await wire.context.workspace();
	await addTinyCorpus(workspace);
	const cache = new CorpusCache(wire.context);
	const handlers = corpusHandlers(wire.context, cache);
	const spans = [{ start: 0, end: 1, type: 'PER' }];
	const changes = [{ kind: 'relabel' as const, sentence: { split: 'train' as const, index: 1 }, spans }];
	await handlers['save-corpus-changes']({ id: 'a', revision: 1, changes });
	return { wire, workspace, cache, changes };
}

test('an open corpus comes back with its changes and its revision into a storage that lost it', async () => {
	const { workspace, cache, changes } = await labelled();
	await workspace.delete('corpus', 'a');
	expect((await missingOf(workspace, cache.held())).map(({ id }) => id)).toEqual(['a']);
	await restoreHeld(workspace, cache.held());
	const back = await readStoredCorpus(workspace, 'a');
	expect(back.changes).toEqual(changes);
	expect(back.item.revision).toBe(2);
	expect(await missingOf(workspace, cache.held())).toEqual([]);
});

test('what storage still has is not touched', async () => {
	const { workspace, cache } = await labelled();
	await workspace.update('corpus', 'a', { revision: 2, nowMs: 1, name: 'renamed elsewhere' });
	await restoreHeld(workspace, cache.held());
	expect((await workspace.get('corpus', 'a')).name).toBe('renamed elsewhere');
});

test('what memory holds is a workspace file that another browser imports', async () => {
	const { wire, cache, changes } = await labelled();
	const file = await heldFile(cache.held(), wire.context);
	const other = await openTiny();
	const options = { file: 'held.zip', mayReplace: () => true };
	expect(file && (await importWorkspace(other, file, options)).added).toHaveLength(1);
	expect((await readStoredCorpus(other, 'a')).changes).toEqual(changes);
	expect(await heldFile([], { newId: countedId, nowMs: () => 1 })).toBeNull();
});

test('vectors that a run has decoded come back, with all that was remembered of their file', async () => {
	const wire = connect();
	const workspace = await wire.context.workspace();
	await addTinyCorpus(workspace);
	const { item } = await wire.client.ask('import-vectors', {
		...{ task: 'v', name: 'mine', corpusId: 'a', units: 'characters', lexiconId: null },
		file: { name: 'v.vec', content: new Blob(['3 2\n他 0.5 1\n来 2 3\n远 4 5\n']) },
	});
	const bytes = await workspace.readPart('vectors', item.id, vectorsPart);
	const stored = { ...noStoredInput, corpusId: 'a', characterVectorsId: item.id, wordVectorsId: item.id };
	const source = await storedSource(workspace, stored);
	expect(source.held().map(({ id }) => id)).toEqual(['a']);
	await source.hashes();
	expect(source.held().map(({ id }) => id)).toEqual(['a', item.id]);
	await workspace.delete('vectors', item.id);
	await restoreHeld(workspace, source.held());
	expect(await workspace.readPart('vectors', item.id, vectorsPart)).toEqual(bytes);
	const back = await workspace.get('vectors', item.id);
	expect(back).toMatchObject({ name: 'mine', detail: item.detail, revision: item.revision });
	expect(await missingOf(workspace, source.held())).toEqual([]);
});
