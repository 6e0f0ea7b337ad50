// Writes one file of each kind that this version stores to fixtures/frozen/VERSION/, where later versions must read them
// for ever: `npx tsx scripts/freeze-formats.ts`, once per version. The worker is the page's own, on an IndexedDB in
// memory; the command is run as a process. Sentences are invented.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { presetConfig, presets } from '../src/experiment/presets';
import { runCommand } from '../src/experiment/run-command';
import { workbenchVersion } from '../src/experiment/workbench-version';
import { decodeResumeState, encodeResumeState } from '../src/storage/resume-state';
import { WorkerClient } from '../src/wire/client';
import type { WirePort } from '../src/wire/messages';
import type { PresetRunRequest, StoredInput } from '../src/wire/runs';
import type { SourceFile } from '../src/wire/source-file';

const lockFile = '.nerco.lock';
const root = fileURLToPath(new URL('../', import.meta.url));
const target = join(root, 'fixtures/frozen', workbenchVersion);

/** A network as small as can be: the files are about their form. */
const tiny: Record<string, string> = {
	'model.heads': '2',
	'model.headSize': '4',
	'model.embeddingSize': '6',
	'stages.0.epochs': '1',
	'stages.1.epochs': '1',
	'stages.2.epochs': '2',
};
/** So long that it is cut off before its end. */
const long: Record<string, string> = { ...tiny, 'stages.2.epochs': '5000', 'stages.2.patience': '5000' };

const sentences = {
	train: ['[李明]PER住在[南京]LOC。', '[王芳]PER去了[上海]LOC。', '今天天气很好。', '[赵亮]PER喜欢[北京]LOC。'],
	dev: ['[李红]PER在[南京]LOC。', '他走了。'],
	test: ['[王明]PER来自[上海]LOC。', '#天气很好。'],
};
const words = ['南京', '上海', '北京', '天气', '喜欢'];
const characters = ['李', '明', '南', '京', '上', '海', '好'];

function columnsOf(split: readonly string[]): string {
	const rowsOf = (text: string) =>
		[...text.matchAll(/\[(.+?)\]([A-Z]+)|(.)/gu)].flatMap(([, entity, type, plain]) =>
			entity ? [...entity].map((one, at) => `${one} ${at === 0 ? 'B' : 'I'}-${type}`) : [`${plain} O`],
		);
	return `${split.map((text) => rowsOf(text).join('\n')).join('\n\n')}\n`;
}

function vectorsOf(entries: readonly string[]): string {
	const row = (word: string, at: number) =>
		[word, ...Array.from({ length: 6 }, (_, k) => ((at + k) % 5) / 5)].join(' ');
	return `${entries.length} 6\n${entries.map(row).join('\n')}\n`;
}

const inputFiles: Record<string, string> = {
	'train.txt': columnsOf(sentences.train),
	'dev.txt': columnsOf(sentences.dev),
	'test.txt': columnsOf(sentences.test),
	'words.txt': `${words.join('\n')}\n`,
	'characters.vec': vectorsOf(characters),
};

function fileOf(name: string): SourceFile {
	return { name, content: new Blob([inputFiles[name]]) };
}

/** The page's end of the page's own worker, which runs in this process. */
async function openWorker(): Promise<WorkerClient> {
	const { port1, port2 } = new MessageChannel();
	port1.start();
	port2.start();
	Object.assign(globalThis, { self: port2, indexedDB: new IDBFactory(), IDBKeyRange });
	Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency: 1 }, configurable: true });
	await import('../src/worker/worker');
	return new WorkerClient(port1 as unknown as WirePort);
}

async function trainInWorker(
	client: WorkerClient,
	request: Pick<PresetRunRequest, 'input' | 'name' | 'settings'>,
	isOver: () => boolean,
) {
	const { runId } = await client.ask('start-run', {
		kind: 'new',
		preset: 'smoke',
		seed: 7,
		mapPoints: 500,
		...request,
	});
	while (!isOver()) await new Promise((resolve) => setTimeout(resolve, 20));
	return runId;
}

/** Items of every kind, a finished run and one that was cut off in its last stage, as an exported workspace. */
async function freezeWorkspace(): Promise<void> {
	const client = await openWorker();
	let kinds: string[] = [];
	client.on('training', ({ events }) => kinds.push(...events.map(({ kind }) => kind)));
	client.on('run-failed', ({ error }) => fail(JSON.stringify(error)));
	await client.ask('open-device', { backend: 'wasm' });
	const splits = ['train.txt', 'dev.txt', 'test.txt'].map(fileOf);
	const task = 'freeze';
	const corpus = await client.ask('import-corpus', { task, files: splits, name: 'Frozen corpus', id: 'corpus' });
	await client.ask('save-corpus-changes', {
		id: 'corpus',
		revision: corpus.revision,
		changes: [
			{ kind: 'rename-types', types: ['LOC'], to: 'GPE' },
			{ kind: 'relabel', sentence: { split: 'train', index: 2 }, spans: [{ start: 2, end: 4, type: 'OTHER' }] },
			{ kind: 'mark-for-relabel', sentences: [{ split: 'dev', index: 1 }] },
			{ kind: 'drop-sentences', sentences: [{ split: 'test', index: 1 }], reason: 'unwanted' },
		],
	});
	await client.ask('import-lexicon', { task, file: fileOf('words.txt'), name: 'Frozen lexicon', id: 'lexicon' });
	await client.ask('import-vectors', {
		...{ task, file: fileOf('characters.vec'), name: 'Frozen vectors', id: 'vectors' },
		...{ corpusId: 'corpus', units: 'characters', lexiconId: null },
	});
	await client.ask('save-setting', { name: 'frozen', value: { note: '天气' } });
	const stored: StoredInput = {
		corpusId: 'corpus',
		lexiconId: 'lexicon',
		characterVectorsId: 'vectors',
		bigramVectorsId: null,
		wordVectorsId: null,
	};
	const input = { kind: 'stored', stored } as const;
	const isFinished = () => kinds.includes('finished');
	const whole = await trainInWorker(client, { input, name: 'Whole run', settings: tiny }, isFinished);
	const { file: runFile } = await client.ask('export-run', { id: whole });
	await write('run-file.json', runFile);
	kinds = [];
	const isLate = () => kinds.filter((kind) => kind === 'epoch-finished').length > 3;
	const cutOff = await trainInWorker(client, { input, name: 'Cut-off run', settings: long }, isLate);
	await client.ask('pause-run', {});
	await untilQuiet(client);
	const { file } = await client.ask('export-workspace', { task });
	await write('workspace.zip', file);
	console.log(`whole run ${whole}, cut-off run ${cutOff}`);
}

/** Waits until a second has passed without a change: maps are still made while a run is paused. */
async function untilQuiet(client: WorkerClient): Promise<void> {
	for (let before = ''; ; ) {
		const now = JSON.stringify((await client.ask('list-items', {})).items.map(({ revision }) => revision));
		if (now === before) return;
		before = now;
		await new Promise((resolve) => setTimeout(resolve, 1000));
	}
}

async function write(name: string, content: Blob): Promise<void> {
	writeFileSync(join(target, name), new Uint8Array(await content.arrayBuffer()));
}

/** The folder of a run that was killed behind its first saved state, and that of one that ended. */
async function freezeFolders(): Promise<void> {
	await command('finished-run', tiny, () => false);
	const isSaved = (out: string) => existsSync(join(out, 'resume.safetensors')) && linesOf(out) > 60;
	await command('cut-off-run', long, isSaved);
}

function linesOf(out: string): number {
	return readFileSync(join(out, 'metrics.jsonl'), 'utf8').split('\n').length;
}

/** Runs `nerco train` in a folder of its own, so that the files name no path of this machine. */
async function command(name: string, settings: Record<string, string>, isToBeKilled: (out: string) => boolean) {
	const folder = mkdtempSync(join(tmpdir(), 'nerco-freeze-'));
	for (const [file, text] of Object.entries(inputFiles)) writeFileSync(join(folder, file), text);
	const args = ['--import', fileURLToPath(import.meta.resolve('tsx')), join(root, 'src/cli/nerco.ts')];
	const sets = Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
	const inputs = '--train train.txt --dev dev.txt --test test.txt --lexicon words.txt --char-vectors characters.vec';
	const run = ['train', '--preset', 'smoke', '--seed', '7', '--backend', 'wasm', '--out', name, ...inputs.split(' ')];
	const child = spawn(process.execPath, [...args, ...run, ...sets], { cwd: folder, stdio: 'ignore' });
	const ended = new Promise((resolve) => child.on('close', resolve));
	const timer = setInterval(() => isToBeKilled(join(folder, name)) && child.kill('SIGKILL'), 5);
	await ended;
	clearInterval(timer);
	for (const file of readdirSync(join(folder, name), { recursive: true }) as string[]) {
		if (file === lockFile) continue; // of the process that was killed
		const to = join(target, name, file);
		mkdirSync(dirname(to), { recursive: true });
		writeFileSync(to, withoutFolder(file, readFileSync(join(folder, name, file)), folder));
	}
	if (name === 'cut-off-run') {
		mkdirSync(join(target, 'input'));
		for (const [file, text] of Object.entries(inputFiles)) writeFileSync(join(target, 'input', file), text);
	}
	rmSync(folder, { recursive: true });
}

/** Input paths are stored absolute; here they are those of `input/`, relative to where the run is resumed. */
function withoutFolder(file: string, bytes: Uint8Array, folder: string): Uint8Array {
	const shorten = (text: string) => text.replaceAll(`${folder}/`, '');
	if (/\.jsonl?$/.test(file)) return new TextEncoder().encode(shorten(new TextDecoder().decode(bytes)));
	if (file !== 'resume.safetensors') return bytes;
	const state = decodeResumeState(Uint8Array.from(bytes));
	return encodeResumeState({ ...state, notes: { ...state.notes, paths: shorten(state.notes.paths) } });
}

function freezeSettings(): void {
	const all = Object.fromEntries(presets.map(({ name, config }) => [name, config]));
	writeFileSync(join(target, 'settings.json'), `${JSON.stringify(all, null, '\t')}\n`);
	const changed = { ...presetConfig('smoke'), seed: 7 };
	changed.stages = changed.stages.map((stage) => ({ ...stage, batchSize: 4, temperature: 0.05 }));
	const names = { train: 'train.txt', dev: 'dev.txt', test: 'test.txt', lexicon: 'words.txt' };
	const lines = [presetConfig('flat-weibo'), presetConfig('sample', 40), changed].map((config) =>
		runCommand(config, names),
	);
	writeFileSync(join(target, 'commands.txt'), `${lines.join('\n')}\n`);
}

function fail(words: string): never {
	console.error(words);
	process.exit(1);
}

if (existsSync(target)) fail(`${target} is there: the files of a version are made once and never again`);
mkdirSync(target, { recursive: true });
freezeSettings();
await freezeFolders();
await freezeWorkspace();
process.exit(0);
