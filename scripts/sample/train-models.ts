// Trains the shipped models: `npx tsx scripts/sample/train-models.ts [--seeds 1,2,3]`. Each preset runs once a seed on
// wasm, one run at a time, into runs/sample/ (a run that is there is not repeated); the seed of the best dev F1 goes
// to models/, with the settings and the measures of all seeds.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ExperimentConfig } from '../../src/experiment/config';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/storage/checkpoint';
import { readFloats, type StoredTensor } from '../../src/storage/stored-tensor';

const root = fileURLToPath(new URL('../../', import.meta.url));
const corpus = 'public/sample';
const inputs = {
	train: `${corpus}/train.conll`,
	dev: `${corpus}/dev.conll`,
	test: `${corpus}/test.conll`,
	lexicon: `${corpus}/lexicon.txt`,
	'char-vectors': `${corpus}/characters.vec.gz`,
	'bigram-vectors': `${corpus}/bigrams.vec.gz`,
	'word-vectors': `${corpus}/words.vec.gz`,
};

const models = [
	{ name: 'sample-flat', preset: 'sample-flat', method: 'FLAT' },
	{ name: 'sample-nerco', preset: 'sample', method: 'NerCo' },
];

interface RunResult {
	seed: number;
	seconds: number;
	best: { stage: string; epoch: number; dev: { f1: number }; test: { f1: number } };
	config: ExperimentConfig;
	parameterCount: number;
	device: { label: string };
}

function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
	return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

function trainOnce(preset: string, seed: number): string {
	const out = `runs/sample/${preset}-${seed}`;
	if (existsSync(join(root, out, 'result.json'))) return out;
	const paths = Object.entries(inputs).flatMap(([option, path]) => [`--${option}`, path]);
	const command = ['src/cli/nerco.ts', 'train', '--preset', preset, '--seed', String(seed), '--backend', 'wasm'];
	const args = ['--import', 'tsx', ...command, ...paths, '--out', out];
	execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
	return out;
}

function readResult(out: string): RunResult {
	return JSON.parse(readFileSync(join(root, out, 'result.json'), 'utf8')) as RunResult;
}

function commitOfTree(): string {
	return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
}

/** The bits of the nearest half-precision number; values below 6e-5 become 0. */
function halfBits(value: number): number {
	const bits = new Uint32Array(Float32Array.of(value).buffer)[0];
	const sign = (bits >>> 16) & 0x8000;
	const rounded = (bits & 0x7fffffff) + 0x1000;
	return rounded < 0x38800000 ? sign : sign | ((rounded - 0x38000000) >>> 13);
}

function toHalf(tensor: StoredTensor): StoredTensor {
	const halves = Uint16Array.from(readFloats(tensor), halfBits);
	return { type: 'F16', shape: tensor.shape, bytes: new Uint8Array(halves.buffer) };
}

/** The checkpoint with its embedding tables, most of the file, in half precision. */
function shrink(bytes: Uint8Array): Uint8Array {
	const checkpoint = decodeCheckpoint(bytes);
	const { latticeRows, bigramRows } = checkpoint.network;
	const isTable = ({ shape }: StoredTensor) => shape[0] === latticeRows || shape[0] === bigramRows;
	const entries = Array.from(checkpoint.parameters, ([name, tensor]): [string, StoredTensor] => [
		name,
		isTable(tensor) ? toHalf(tensor) : tensor,
	]);
	return encodeCheckpoint({ ...checkpoint, parameters: new Map(entries) });
}

/** F1 of a checkpoint file on a split, by the command. */
function measure(path: string, split: string): number {
	const command = ['src/cli/nerco.ts', 'evaluate', '--model', path, '--test', split, '--backend', 'wasm', '--json'];
	const output = execFileSync(process.execPath, ['--import', 'tsx', ...command], { cwd: root, encoding: 'utf8' });
	return JSON.parse(output).evaluation.scores.published.micro.f1;
}

/** Writes one model's folder and returns its line for models.json. */
function ship({ name, preset, method }: (typeof models)[number], outs: readonly string[]) {
	const results = outs.map(readResult);
	const chosen = results.reduce((best, result) => (result.best.dev.f1 > best.best.dev.f1 ? result : best));
	const folder = join(root, 'models', name);
	mkdirSync(folder, { recursive: true });
	const trained = readFileSync(join(root, outs[results.indexOf(chosen)], 'model.safetensors'));
	const file = join(folder, 'model.safetensors');
	writeFileSync(file, shrink(trained));
	const runs = results.map(({ seed, seconds, best }) => ({
		seed,
		bestEpoch: best.epoch,
		devF1: best.dev.f1,
		testF1: best.test.f1,
		minutes: Number((seconds / 60).toFixed(2)),
	}));
	const metrics = {
		rule: 'published, micro F1',
		commit: commitOfTree(),
		device: chosen.device.label,
		shippedSeed: chosen.seed,
		devF1: meanAndDeviation(runs.map((run) => run.devF1)),
		testF1: meanAndDeviation(runs.map((run) => run.testF1)),
		runs,
	};
	writeFileSync(join(folder, 'config.json'), `${JSON.stringify(chosen.config, null, '\t')}\n`);
	writeFileSync(join(folder, 'metrics.json'), `${JSON.stringify(metrics, null, '\t')}\n`);
	return {
		name,
		method,
		preset,
		corpus: 'sample',
		file: `${name}/model.safetensors`,
		sizeBytes: statSync(file).size,
		parameters: chosen.parameterCount,
		seed: chosen.seed,
		devF1: measure(file, inputs.dev),
		testF1: measure(file, inputs.test),
	};
}

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1,2,3' } } });
const outs = new Map(models.map(({ name }) => [name, [] as string[]]));
for (const seed of values.seeds.split(',').map(Number)) {
	for (const { name, preset } of models) outs.get(name)?.push(trainOnce(preset, seed));
}
const list = models.map((model) => ship(model, outs.get(model.name) as string[]));
writeFileSync(join(root, 'models/models.json'), `${JSON.stringify({ models: list }, null, '\t')}\n`);
