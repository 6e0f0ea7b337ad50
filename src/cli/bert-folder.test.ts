import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBertFolder } from '../storage/node/bert-folder';
import { errorCodeOfAsync } from '../testing/error-code';
import { runNerco } from '../testing/nerco-process';
import { UsageError } from './command-line';
import { infoCommand } from './info-command';
import { loadModel } from './load-model';
import { prepareInputs, readCorpora } from './read-inputs';
import { hashesOf } from './ready-run';
import { configOf, inputPaths } from './run-options';

const root = fileURLToPath(new URL('../..', import.meta.url));
const smokeBert = join(root, 'models/smoke-bert');
const model = join(root, 'models/sample-flat/model.safetensors');
let scratch = '';
beforeAll(() => {
	scratch = mkdtempSync(join(tmpdir(), 'nerco-bert-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function copyWith(name: string, content: string): string {
	const folder = join(scratch, name);
	cpSync(smokeBert, folder, { recursive: true });
	writeFileSync(join(folder, name), content);
	return folder;
}

const smoke = (split: string) => join(root, `public/smoke/${split}.conll`);
const options = { preset: 'smoke-bert', train: smoke('train'), dev: smoke('dev'), test: smoke('test') };

test('--bert of a run is opened with its inputs and recorded with its hash', async () => {
	const withBert = { ...options, lexicon: join(root, 'public/smoke/lexicon.txt'), bert: smokeBert };
	const [paths, config] = [inputPaths(withBert), configOf(withBert)];
	expect(paths.bert).toBe(smokeBert);
	const prepared = await prepareInputs(paths, await readCorpora(paths, config), config);
	expect(prepared.bert).toMatchObject({ config: { layers: 2, width: 64 }, folder: smokeBert });
	expect(prepared.inputs.bert).toMatchObject({ file: smokeBert, sha256: prepared.bert?.hash });
	expect(hashesOf(prepared).bert).toBe(prepared.bert?.hash);
});

test('--bert is not opened where the encoder has no BERT, and the command says so', async () => {
	const flat = { ...options, preset: 'smoke', bert: join(scratch, 'none') };
	const [paths, config] = [inputPaths(flat), configOf(flat)];
	const prepared = await prepareInputs(paths, await readCorpora(paths, config), config);
	expect([prepared.bert, prepared.inputs.bert]).toEqual([null, undefined]);
	expect(prepared.warnings).toContain('--bert is not read: the encoder flat has no BERT (model.encoder).');
});

test('--bert beside a trained model is opened with it', async () => {
	const { bert, checkpoint } = await loadModel(model, { bert: smokeBert });
	expect(bert).toMatchObject({ config: { layers: 2 } });
	expect(checkpoint.labels.length).toBeGreaterThan(1);
	expect((await loadModel(model, {})).bert).toBeNull();
	const broken = copyWith('vocab.txt', '[PAD]\n');
	expect(await errorCodeOfAsync(() => loadModel(model, { bert: broken }))).toBe('bert-vocabulary-special');
});

test('a model whose file is changed under it says so, and does not hand out other numbers', async () => {
	const bert = await openBertFolder(copyWith('README.md', 'x'));
	const name = 'embeddings.LayerNorm.weight';
	expect((await bert.read(name)).length).toBe(64);
	appendFileSync(join(bert.folder, 'model.safetensors'), 'more');
	expect(await errorCodeOfAsync(() => bert.read(name))).toBe('bert-file-changed');
});

test('info says what a folder holds, in words and as JSON, by either way of naming it', async () => {
	const [words, json] = [await runNerco(['info', smokeBert]), await runNerco(['info', '--bert', smokeBert, '--json'])];
	expect(words).toMatchObject({ code: 0, stderr: '' });
	expect(words.stdout).toMatch(/2 layers of width 64, 4 heads, inner width 128, gelu\n/);
	const said = JSON.parse(json.stdout);
	expect(said).toMatchObject({ weightsFile: 'model.safetensors', pieces: said.config.pieces, notes: [] });
	expect(words.stdout).toContain(said.hash);
});

test('a folder that is not a model ends the command with what would help', async () => {
	const none = await runNerco(['info', join(scratch, 'none')]);
	expect(none).toMatchObject({ code: 1, stdout: '' });
	expect(none.stderr).toMatch(/no such file or folder.*\[file-unreadable\]/);
	const config = copyWith('config.json', '{"model_type":"albert"}');
	await expect(infoCommand(['a', 'b'])).rejects.toThrow(UsageError);
	const args = ['train', '--preset', 'smoke-bert', '--out', join(scratch, 'run'), '--bert', config];
	const run = await runNerco([...args, ...['train', 'dev', 'test'].flatMap((split) => [`--${split}`, smoke(split)])]);
	expect(run.stderr).toMatch(/"albert": its layers share their weights.*\[bert-config-type\]/);
	expect(run.code).toBe(1);
});
