import { beforeEach, describe, expect, test } from 'vitest';
import { errorCodeOfAsync } from '../../testing/error-code';
import { addTinyCorpus, freshIndexedDB, openTiny, tinyCorpus } from '../../testing/tiny-workspace';
import { versionOf } from '../../util/migrations';
import { storageError } from '../storage-error';
import { readZip, writeZip } from '../zip-archive';
import { decodeCorpus } from './corpus-record';
import { freshRunDetail, noStoredInput, runKind } from './run-record';
import type { Workspace } from './workspace';
import { exportWorkspace, importWorkspace, type TransferProgress } from './workspace-file';

beforeEach(() => freshIndexedDB());

async function exported(workspace: Workspace): Promise<Blob> {
	const pieces: Uint8Array<ArrayBuffer>[] = [];
	await exportWorkspace(workspace, { write: async (bytes) => void pieces.push(Uint8Array.from(bytes)), nowMs: 99 });
	return new Blob(pieces);
}

async function filled(): Promise<Workspace> {
	const workspace = await openTiny();
	await addTinyCorpus(workspace, 'a', 10);
	await addTinyCorpus(workspace, 'b', 20);
	await workspace.create({
		kind: 'run',
		id: 'r',
		name: 'first run',
		detail: freshRunDetail(noStoredInput),
		parts: { resume: new Uint8Array(3000).fill(7), 'log/1': Uint8Array.of(1, 2), empty: new Uint8Array(0) },
		nowMs: 30,
	});
	await workspace.setTrashed('corpus', 'b', 40);
	return workspace;
}

describe('the workspace as one file', () => {
	test('gives an empty workspace everything back, bytes and trash included', async () => {
		const file = await exported(await filled());
		freshIndexedDB();
		const target = await openTiny();
		const report = await importWorkspace(target, file, { file: 'w.zip' });
		expect(report.added.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual(['corpus a', 'corpus b', 'run r']);
		expect(decodeCorpus(await target.readPart('corpus', 'a', 'corpus'))).toEqual(tinyCorpus);
		expect((await target.get('corpus', 'b')).trashedAtMs).toBe(40);
		expect(await target.get('run', 'r')).toMatchObject({ name: 'first run', createdAtMs: 30, revision: 1 });
		expect(await target.readPart('run', 'r', 'resume')).toEqual(new Uint8Array(3000).fill(7));
		expect(await target.readPart('run', 'r', 'empty')).toHaveLength(0);
	});

	test('replaces what is older here, keeps what is newer or the same, and adds the rest', async () => {
		const workspace = await filled();
		const file = await exported(workspace);
		await workspace.update('corpus', 'a', { revision: 1, nowMs: 500, name: 'newer here' });
		await workspace.delete('run', 'r');
		const old = await workspace.get('corpus', 'b');
		await workspace.delete('corpus', 'b');
		await workspace.create({ kind: 'corpus', id: 'b', name: 'older here', detail: old.detail, nowMs: 5 });
		const report = await importWorkspace(workspace, file, { file: 'w.zip' });
		expect([report.kept, report.replaced, report.added].map((list) => list.map(({ id }) => id))).toEqual([
			['a'],
			['b'],
			['r'],
		]);
		expect((await workspace.get('corpus', 'a')).name).toBe('newer here');
		expect((await workspace.get('corpus', 'b')).name).toBe('corpus b');
		expect(await workspace.sweep()).toBe(0);
		const again = await importWorkspace(workspace, file, { file: 'w.zip' });
		expect(again.kept).toHaveLength(3);
	});

	test('leaves alone what may not be replaced', async () => {
		const workspace = await filled();
		const file = await exported(workspace);
		await workspace.delete('run', 'r');
		await workspace.create({ kind: 'run', id: 'r', name: 'active', detail: freshRunDetail(noStoredInput), nowMs: 1 });
		await importWorkspace(workspace, file, { file: 'w.zip', mayReplace: (kind) => kind !== 'run' });
		expect((await workspace.get('run', 'r')).name).toBe('active');
	});

	test('refuses an item whose bytes are not those of the manifest, by name, and takes the others', async () => {
		const entries = readZip(new Uint8Array(await (await exported(await filled())).arrayBuffer()));
		const resume = [...entries.keys()].find((name) => name.includes('resume')) ?? '';
		entries.set(resume, new Uint8Array(3000).fill(8));
		freshIndexedDB();
		const target = await openTiny();
		const report = await importWorkspace(target, new Blob([writeZip(entries)]), { file: 'w.zip' });
		expect(report.refused).toMatchObject([{ kind: 'run', id: 'r', reason: expect.stringContaining('w.zip') }]);
		expect(report.added).toHaveLength(2);
		expect(await target.find('run', 'r')).toBeNull();
		expect(await target.sweep()).toBe(0);
	});

	test('refuses an item of a later version, by name', async () => {
		const entries = readZip(new Uint8Array(await (await exported(await filled())).arrayBuffer()));
		const manifest = new TextDecoder().decode(entries.get('manifest.json'));
		entries.set(
			'manifest.json',
			new TextEncoder().encode(manifest.replace(`"version":${versionOf(runKind.migrations)}`, '"version":9')),
		);
		freshIndexedDB();
		const report = await importWorkspace(await openTiny(), new Blob([writeZip(entries)]), { file: 'w.zip' });
		expect(report.refused).toMatchObject([{ kind: 'run', reason: expect.stringContaining('version 9 of run') }]);
	});

	test('is written though a part is missing, and though an item changes meanwhile', async () => {
		const workspace = await filled();
		const readParts = workspace.readParts.bind(workspace);
		let isChanged = false;
		workspace.readParts = async function* (record) {
			const { id } = record as { id: string };
			if (id === 'a' && !isChanged) {
				isChanged = true;
				await workspace.update('corpus', 'a', { revision: 1, nowMs: 50, parts: { corpus: Uint8Array.of(5) } });
			}
			for await (const [name, bytes] of readParts(record)) yield [name, name === 'log/1' ? null : bytes] as const;
		};
		const file = await exported(workspace);
		freshIndexedDB();
		const target = await openTiny();
		const report = await importWorkspace(target, file, { file: 'w.zip' });
		expect(report.added).toHaveLength(3);
		expect([...(await target.readPart('corpus', 'a', 'corpus'))]).toEqual([5]);
		expect((await target.get('run', 'r')).parts.map(({ name }) => name).sort()).toEqual(['empty', 'resume']);
	});

	test('tells how far it is, and takes only what is wanted', async () => {
		const workspace = await filled();
		const pieces: Uint8Array<ArrayBuffer>[] = [];
		const told: string[] = [];
		const onProgress = ({ itemsDone, itemsTotal }: TransferProgress) => void told.push(`${itemsDone}/${itemsTotal}`);
		await exportWorkspace(workspace, {
			write: async (bytes) => void pieces.push(Uint8Array.from(bytes)),
			nowMs: 99,
			onProgress,
			isWanted: (kind) => kind === 'run',
		});
		freshIndexedDB();
		await importWorkspace(await openTiny(), new Blob(pieces), { file: 'w.zip', onProgress });
		expect(told).toEqual(['0/1', '1/1', '0/1', '1/1']);
	});

	test('leaves what cannot be read here as it is, and stops at a full disk', async () => {
		const workspace = await filled();
		const file = await exported(workspace);
		workspace.find = async () => {
			throw storageError('damaged', 'something else', 'a record');
		};
		expect((await importWorkspace(workspace, file, { file: 'w.zip' })).kept).toHaveLength(3);
		for (const kind of ['full', 'missing'] as const) {
			workspace.find = async () => {
				throw storageError(kind, 'no space left');
			};
			const imported = importWorkspace(workspace, file, { file: 'w.zip' });
			if (kind === 'full') expect(await errorCodeOfAsync(() => imported)).toBe('storage-full');
			else expect((await imported).refused).toHaveLength(3);
		}
	});

	const manifestOf = (manifest: unknown): [string, string][] => [['manifest.json', JSON.stringify(manifest)]];
	const current = { format: 'nerco-workspace', version: 1 };
	test.each([
		['has a manifest that is no JSON', [['manifest.json', '{']] as [string, string][]],
		['is of another format', manifestOf({ ...current, format: 'other' })],
		['has no list of items', manifestOf({ ...current, items: {} })],
		['has an item without parts', manifestOf({ ...current, items: [{ record: {} }] })],
		[
			'has a part without a size',
			manifestOf({ ...current, items: [{ record: {}, parts: [{ name: 'a', entry: 'b', sha256: '' }] }] }),
		],
	])('that %s is refused as damaged', async (_, entries) => {
		const zip = writeZip(entries.map(([name, text]) => [name, new TextEncoder().encode(text)] as const));
		const workspace = await openTiny();
		const code = await errorCodeOfAsync(() => importWorkspace(workspace, new Blob([zip]), { file: 'w.zip' }));
		expect(code).toBe('workspace-file-damaged');
	});

	test.each([
		['is no zip', [] as [string, string][], 'zip-truncated'],
		['is another zip', [['a', 'b']] as [string, string][], 'workspace-file-kind'],
		['has a manifest of another make', [['manifest.json', '[]']] as [string, string][], 'workspace-file-damaged'],
		[
			'is of a later version',
			[['manifest.json', '{"format":"nerco-workspace","version":2}']] as [string, string][],
			'workspace-file-version',
		],
	])('a file that %s is a named error', async (_, entries, code) => {
		const encode = new TextEncoder();
		const zip = writeZip(entries.map(([name, text]) => [name, encode.encode(text)] as const));
		const file = new Blob(entries.length > 0 ? [zip] : ['nothing']);
		const workspace = await openTiny();
		expect(await errorCodeOfAsync(() => importWorkspace(workspace, file, { file: 'w.zip' }))).toBe(code);
	});
});
