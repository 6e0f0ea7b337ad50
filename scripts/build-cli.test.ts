import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCli } from './build-cli.mjs';

const built = mkdtempSync(join(tmpdir(), 'nerco-build-'));
/** Holds the one file and nothing else. */
const alone = mkdtempSync(join(tmpdir(), 'nerco-alone-'));
const shippedModel = resolve('models/sample-nerco/model.safetensors');
/** Says at the end whether TensorFlow.js has run. */
const witness = `data:text/javascript,process.on('exit',()=>console.error('tensorflow',globalThis._tfengine!==undefined))`;

beforeAll(async () => {
	copyFileSync(await buildCli(built), join(alone, 'nerco.mjs'));
});
afterAll(() => {
	for (const folder of [built, alone]) rmSync(folder, { recursive: true, force: true });
});

function run(args: string[], input = '') {
	const command = ['--import', witness, 'nerco.mjs', ...args];
	return spawnSync(process.execPath, command, { cwd: alone, input, encoding: 'utf8' });
}

/** The smoke corpus of the page, by options of the command. */
const corpus = ['train', 'dev', 'test'].flatMap((split) => [`--${split}`, resolve(`public/smoke/${split}.conll`)]);
const training = [
	'--preset',
	'smoke',
	...corpus,
	'--lexicon',
	resolve('public/smoke/lexicon.txt'),
	'--backend',
	'wasm',
];

test('the command is one file, and says its help and version without TensorFlow.js', () => {
	expect(readdirSync(built)).toEqual(['nerco.mjs']);
	const help = run(['--help']);
	expect(help.status).toBe(0);
	expect(help.stdout).toContain('nerco train --preset NAME');
	expect(run(['--version']).stdout.trim()).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
	expect(help.stderr).toContain('tensorflow false');
});

test.each([
	['wasm', [], false],
	['wasm', ['--threads', '2'], false],
	['cpu', [], true],
] as const)('a shipped model tags text on %s %s', (backend, options, usesTensorflow) => {
	const tagged = run(['tag', '--backend', backend, ...options, '--model', shippedModel], '李明在武汉大学读书。\n');
	expect(tagged.stderr).toContain(`tensorflow ${usesTensorflow}`);
	expect(JSON.parse(tagged.stdout).spans).toEqual([
		{ start: 0, end: 2, type: 'PER', text: '李明' },
		{ start: 3, end: 7, type: 'ORG', text: '武汉大学' },
	]);
});

test('a run of the smoke preset leaves the same weights as the command of a checkout', () => {
	const trained = run(['train', ...training, '--out', 'one']);
	expect(trained.stderr).toContain('tensorflow false');
	expect(trained.status).toBe(0);
	const other = join(alone, 'other');
	const checkout = ['--import', 'tsx', 'src/cli/nerco.ts', 'train', ...training, '--out', other];
	expect(spawnSync(process.execPath, checkout).status).toBe(0);
	// The header before the tensors holds how long evaluation took.
	const weights = (folder: string) => {
		const bytes = readFileSync(join(alone, folder, 'model.safetensors'));
		return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
	};
	expect(weights('one').length).toBeGreaterThan(10_000);
	expect(weights('one').equals(weights('other'))).toBe(true);
});

test('what is missing beside the file is said in words', () => {
	const info = run(['tag', '--backend', 'webgpu', '--model', shippedModel], '李明。\n');
	expect(info.status).not.toBe(0);
	expect(info.stderr).toContain('webgpu');
});
