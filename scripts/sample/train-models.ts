// Trains the shipped models: `npx tsx scripts/sample/train-models.ts [--seeds 1,2,3]`. Each preset runs once a seed on
// wasm, one run at a time, into runs/sample/ (a run that is there is not repeated); the seed of the best dev F1 goes
// to models/, with the settings and the measures of all seeds.

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ExperimentConfig } from '../../src/experiment/config';

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

/** Writes one model's folder and returns its line for models.json. */
function ship({ name, preset, method }: (typeof models)[number], outs: readonly string[]) {
	const results = outs.map(readResult);
	const chosen = results.reduce((best, result) => (result.best.dev.f1 > best.best.dev.f1 ? result : best));
	const folder = join(root, 'models', name);
	mkdirSync(folder, { recursive: true });
	copyFileSync(join(root, outs[results.indexOf(chosen)], 'model.safetensors'), join(folder, 'model.safetensors'));
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
		sizeBytes: statSync(join(folder, 'model.safetensors')).size,
		parameters: chosen.parameterCount,
		seed: chosen.seed,
		devF1: chosen.best.dev.f1,
		testF1: chosen.best.test.f1,
	};
}

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1,2,3' } } });
const seeds = values.seeds.split(',').map(Number);
const list = models.map((model) =>
	ship(
		model,
		seeds.map((seed) => trainOnce(model.preset, seed)),
	),
);
writeFileSync(join(root, 'models/models.json'), `${JSON.stringify({ models: list }, null, '\t')}\n`);
