// Files of every earlier version are read for ever: one folder per version in fixtures/frozen, see the README there.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readOptions } from '../cli/command-line';
import { readyToStart } from '../cli/ready-run';
import { runOptions } from '../cli/run-options';
import { type ConfigMigration, configMigrations, configVersion, readConfig } from '../experiment/config-versions';
import type { TrainingEvent } from '../experiment/events';
import { type Field, fields } from '../experiment/fields';
import type { Device } from '../kernels/operations';
import { createWasmDevice } from '../kernels/wasm/device';
import { decodeCheckpoint, encodeCheckpoint } from '../storage/checkpoint';
import { decodeResumeState, encodeResumeState } from '../storage/resume-state';
import { decodeRunFile } from '../storage/run-file';
import { changesPart, encodeJson } from '../storage/workspace/corpus-record';
import { readAnyItem } from '../storage/workspace/item-kinds';
import { decodeLog, encodeLog } from '../storage/workspace/run-log';
import { statusOfRun } from '../storage/workspace/run-state';
import { errorCodeOf } from '../testing/error-code';
import { resumedRun } from '../testing/run-requests';
import { connectPerTest } from '../testing/tiny-wire';
import { modelOf } from '../training/checkpoint-model';
import { tagText } from '../training/tag-text';
import { trainRun } from '../training/train-run';
import type { JsonObject } from '../util/migrations';
import type { SourceFile } from '../wire/source-file';
import { readStoredCorpus } from './corpora/corpus-handlers';
import { beginRun } from './runs/begin-run';
import { changeOfInput } from './runs/run-input';
import { keepSavedModel } from './runs/run-model';
import { readSavedRun } from './runs/saved-run';
import { SpaceStore } from './space/space-store';

const root = fileURLToPath(new URL('../../', import.meta.url));
const frozen = join(root, 'fixtures/frozen');
const versions = readdirSync(frozen).filter((name) => /^\d/.test(name));
const connect = connectPerTest();

let device: Device;
beforeAll(async () => {
	device = await createWasmDevice();
});
afterAll(() => device.dispose());

const bytesOf = (...path: string[]) => Uint8Array.from(readFileSync(join(frozen, ...path)));
const textOf = (...path: string[]) => readFileSync(join(frozen, ...path), 'utf8');
const fileOf = (...path: string[]): SourceFile => ({ name: path.join('/'), content: new Blob([bytesOf(...path)]) });

test('there is a folder of version 0.1.0', () => {
	expect(versions).toContain('0.1.0');
});

describe.each(versions)('files of version %s', (version) => {
	async function importedWorkspace() {
		const wire = connect();
		const file = fileOf(version, 'workspace.zip');
		const report = await wire.client.ask('import-workspace', { task: 'import', file });
		const { items, unreadable } = await wire.client.ask('list-items', {});
		return { ...wire, report, items, unreadable };
	}

	test('settings of every preset', () => {
		for (const stored of Object.values(JSON.parse(textOf(version, 'settings.json')) as Record<string, JsonObject>)) {
			expect(readConfig(stored)).toMatchObject({ preset: stored.preset, version: configVersion() });
		}
	});

	test('recorded commands', async () => {
		for (const line of textOf(version, 'commands.txt').trim().split('\n')) {
			const words = line.split(' ').map((word) => (/\.txt$/.test(word) ? join(frozen, version, 'input', word) : word));
			const args = words.slice(words.indexOf('train') + 1);
			const { out: _, ...options } = readOptions(args, { ...runOptions, out: { type: 'string' } });
			const { config } = await readyToStart(options);
			expect(args).toContain(config.preset);
		}
	});

	test('a checkpoint, which still tags text', async () => {
		const checkpoint = decodeCheckpoint(bytesOf(version, 'finished-run/model.safetensors'));
		const { sentences } = await tagText(device, modelOf(checkpoint), [[...'李明住在南京。']]);
		expect(sentences).toHaveLength(1);
	});

	test('the folder of a finished run, and an exported run', async () => {
		const { client } = connect();
		const names = readdirSync(join(frozen, version, 'finished-run'));
		const folder = names.map((name) => fileOf(version, 'finished-run', name));
		const run = await client.ask('import-run', { files: folder });
		expect(run.detail.results).not.toBeNull();
		const exported = await client.ask('import-run', { files: [fileOf(version, 'run-file.json')] });
		expect(exported).toMatchObject({ name: 'Whole run', detail: { config: { version: configVersion() } } });
	});

	test('the folder of a run that was killed, which goes on with --resume', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'nerco-frozen-'));
		cpSync(join(frozen, version, 'input'), folder, { recursive: true });
		cpSync(join(frozen, version, 'cut-off-run'), join(folder, 'cut-off-run'), { recursive: true });
		const tsx = fileURLToPath(import.meta.resolve('tsx'));
		const args = ['--import', tsx, resolve(root, 'src/cli/nerco.ts'), 'train', '--resume', '--out', 'cut-off-run'];
		const child = spawn(process.execPath, args, { cwd: folder });
		let said = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.on('data', (part) => {
				const isFirst = !said.includes('full epoch');
				said += part;
				if (isFirst && said.includes('full epoch')) child.kill('SIGINT');
			});
		}
		const code = await new Promise((settle) => child.on('close', settle));
		rmSync(folder, { recursive: true });
		expect(said).toContain('full epoch');
		expect(code).toBe(130);
	});

	test('a workspace, with every part of every item', async () => {
		const { report, items, unreadable, client, context } = await importedWorkspace();
		expect(report.refused).toEqual([]);
		expect(unreadable).toEqual([]);
		expect(new Set(items.map(({ kind }) => kind)).size).toBe(6);
		const corpus = await client.ask('open-corpus', { id: 'corpus' });
		expect(corpus.changes.map(({ kind }) => kind)).toEqual([
			'rename-types',
			'relabel',
			'mark-for-relabel',
			'drop-sentences',
		]);
		expect(await client.ask('load-setting', { name: 'frozen' })).toEqual({ value: { note: '天气' } });
		await client.ask('export-vectors', { id: 'vectors', format: 'word2vec-text' });
		for (const { id, kind } of items) {
			if (kind !== 'run') continue;
			expect((await client.ask('load-run', { id })).log.others.length).toBeGreaterThan(3);
			expect(await client.ask('open-result', { id, split: 'dev', rule: 'strict' })).not.toBeNull();
			const store = new SpaceStore(await context.workspace(), id, () => 1);
			const snapshots = await store.snapshots();
			expect(snapshots.length).toBeGreaterThan(3);
			expect((await store.points()).choice.maxPoints).toBeGreaterThan(0);
			for (const { id: snapshot, hasMap } of snapshots) if (hasMap) await store.map(snapshot);
		}
	});

	test('runs of that workspace, whose states are told rightly, and whose models are kept after a relabelling', async () => {
		const { context, items } = await importedWorkspace();
		const runs = items.flatMap((item) => (item.kind === 'run' ? [item] : []));
		const statuses = runs.map(({ name, detail }) => [name, statusOfRun(detail, false)]);
		expect(Object.fromEntries(statuses)).toEqual({
			'Whole run': { status: 'finished', reason: null },
			// The record of the first version did not say who had paused it.
			'Cut-off run': { status: 'paused', reason: version === '0.1.0' ? 'interrupted' : 'own-pause' },
		});
		const runId = runs.find(({ name }) => name === 'Cut-off run')?.id ?? '';
		const workspace = await context.workspace();
		const { changes } = await readStoredCorpus(workspace, 'corpus');
		const change = { kind: 'relabel', sentence: { split: 'train', index: 1 }, spans: [] };
		const parts = { [changesPart]: encodeJson([...changes, change]) };
		await workspace.update('corpus', 'corpus', { revision: 'any', nowMs: 5, parts });
		const saved = await readSavedRun(workspace, runId);
		expect(await changeOfInput(workspace, saved)).toMatchObject({ kind: 'changed', isPinned: true });
		expect((await keepSavedModel(context, runId)).detail.runId).toBe(runId);
	});

	test('a run of that workspace that was cut off, which goes on to its next step', async () => {
		const { context, items } = await importedWorkspace();
		const runId = items.find(({ name }) => name === 'Cut-off run')?.id;
		const { run, resumeFrom, release } = await beginRun(context, resumedRun(runId), () => {});
		const step = await nextStep(trainRun(run.config, run.data, { device, clock: () => 0, resumeFrom }));
		expect(step.step).toBe((resumeFrom?.position.progress.step ?? 0) + 1);
		release();
	});
});

async function nextStep(events: AsyncIterable<TrainingEvent>): Promise<Extract<TrainingEvent, { kind: 'step' }>> {
	for await (const event of events) if (event.kind === 'step') return event;
	throw new Error('no step');
}

describe('a version with one more setting', () => {
	const [known, migrations] = [fields.length, configMigrations.length];
	afterEach(() => {
		(fields as Field[]).length = known;
		(configMigrations as ConfigMigration[]).length = migrations;
	});

	/** Adds `labelSmoothing`, as a later version would. */
	function addSetting(): void {
		const labelSmoothing: Field = { ...fields[0], path: 'stages.*.labelSmoothing' };
		(fields as Field[]).push({ ...labelSmoothing, value: { kind: 'number', min: 0, max: 1 } });
		(configMigrations as ConfigMigration[]).push({ added: { 'stages.*.labelSmoothing': 0.25 } });
	}

	test('reads the checkpoints, states, run files, records and logs of the one before, with its default', async () => {
		const { client } = connect();
		await client.ask('import-workspace', { task: 'import', file: fileOf('0.1.0', 'workspace.zip') });
		const { items } = await client.ask('list-items', { kind: 'run' });
		const { config } = decodeRunFile(textOf('0.1.0', 'run-file.json'), 'run-file.json').detail;
		const log = encodeLog([{ kind: 'run-started', config } as TrainingEvent], 0);
		addSetting();
		const [first] = decodeLog(log).others;
		const configs = [
			decodeCheckpoint(bytesOf('0.1.0', 'finished-run/model.safetensors')).config,
			decodeCheckpoint(Uint8Array.from(readFileSync(join(root, 'models/sample-nerco/model.safetensors')))).config,
			decodeResumeState(bytesOf('0.1.0', 'cut-off-run/resume.safetensors')).config,
			decodeRunFile(textOf('0.1.0', 'run-file.json'), 'run-file.json').detail.config,
			(first.event as { config: unknown }).config,
			...items.map((item) => {
				const read = readAnyItem(item);
				return read.isReadable ? (read.record.detail as { config: unknown }).config : read.reason;
			}),
		];
		expect(configs).toHaveLength(7);
		for (const config of configs) {
			expect(config).toMatchObject({ version: migrations + 2 });
			expect(JSON.stringify(config)).toContain('"labelSmoothing":0.25');
		}
	});
});

test('files with settings of a newer version are refused by that version', () => {
	const newer = <Settings extends object>(config: Settings) => ({ ...config, version: configVersion() + 1 });
	const checkpoint = decodeCheckpoint(bytesOf('0.1.0', 'finished-run/model.safetensors'));
	const state = decodeResumeState(bytesOf('0.1.0', 'cut-off-run/resume.safetensors'));
	const runFile = JSON.parse(textOf('0.1.0', 'run-file.json'));
	const reads = [
		() => decodeCheckpoint(encodeCheckpoint({ ...checkpoint, config: newer(checkpoint.config) })),
		() => decodeResumeState(encodeResumeState({ ...state, config: newer(state.config) })),
		() => decodeRunFile(JSON.stringify({ ...runFile, config: newer(runFile.config) }), 'run-file.json'),
	];
	for (const read of reads) {
		expect(errorCodeOf(read)).toBe('settings-version');
		expect(read).toThrow(`found version ${configVersion() + 1}`);
	}
	for (const change of [{ version: 9 }, { record: 9 }]) {
		const read = () => decodeRunFile(JSON.stringify({ ...runFile, ...change }), 'run-file.json');
		expect(errorCodeOf(read)).toBe('run-file-version');
		expect(read).toThrow('found version 9');
	}
});
