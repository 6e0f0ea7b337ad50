import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { splitResults } from '../analysis/run-results';
import type { TrainingEvent } from '../experiment/events';
import { presets } from '../experiment/presets';
import { recordedStateOf, runStatus } from '../experiment/run-status';
import { decodePredictions } from '../storage/predictions-file';
import { decodeResumeState } from '../storage/resume-state';
import { runNerco } from '../testing/nerco-process';
import { RandomStream } from '../util/random';
import type { EpochRecord, RunResult } from './result-file';

let folder: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'nerco-cli-'));
	for (const [name, count, seed] of [
		['train', 40, 1],
		['dev', 12, 2],
		['test', 12, 3],
	] as const) {
		writeFileSync(join(folder, `${name}.txt`), makeCorpus(count, seed));
	}
	writeFileSync(join(folder, 'words.txt'), '北京\n上海\n王明\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Sentences in BMES whose people and places are easy to tell. */
function makeCorpus(count: number, seed: number): string {
	const random = new RandomStream(seed);
	const pick = (list: readonly string[]) => list[random.below(list.length)];
	const sentence = () => {
		const place = pick(['北京', '上海', '天津']);
		const person = pick(['王明', '李红', '赵亮']);
		const rows = [...place].map((character, index) => `${character} ${index === 0 ? 'B' : 'E'}-LOC`);
		rows.push(...[...pick(['的', '来的', '是'])].map((character) => `${character} O`));
		rows.push(...[...person].map((character, index) => `${character} ${index === 0 ? 'B' : 'E'}-PER`));
		rows.push(...[...pick(['去了', '在', '说好'])].map((character) => `${character} O`));
		return rows.join('\n');
	};
	return `${Array.from({ length: count }, sentence).join('\n\n')}\n`;
}

const corpora = () => ['train', 'dev', 'test'].flatMap((name) => [`--${name}`, join(folder, `${name}.txt`)]);
const trainArgs = (out: string, ...more: string[]) => [
	'train',
	...['--preset', 'smoke', '--backend', 'wasm', '--out', join(folder, out)],
	...['--lexicon', join(folder, 'words.txt')],
	...corpora(),
	...more,
];
const resultOf = (out: string): RunResult => JSON.parse(readFileSync(join(folder, out, 'result.json'), 'utf8'));
const withoutTimes = ({ trainSeconds: _, evaluationSeconds: __, ...rest }: EpochRecord) => rest;

test('--frames measures the beginning and each epoch, and leaves the numbers of the run as they are', async () => {
	const linesOf = () =>
		readFileSync(join(folder, 'framed/frames.jsonl'), 'utf8')
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line));
	const trained = await runNerco(trainArgs('framed', '--epochs', '1,1,2', '--frames'));
	expect(trained).toMatchObject({ code: 0, stderr: '' });
	expect(linesOf().map(({ stage, epoch }) => `${stage} ${epoch}`)).toEqual([
		'contrastive 0',
		'contrastive 1',
		'head 1',
		'full 1',
		'full 2',
	]);
	expect(linesOf()[1]).toMatchObject({ isStageBest: true, problem: null, points: expect.any(Number) });
	expect(linesOf()[4].measures.purity.overall).toBeGreaterThan(0);
	expect(linesOf()[2].measures).toEqual(linesOf()[1].measures); // the head alone was trained
	const plain = await runNerco(trainArgs('plain', '--epochs', '1,1,2'));
	expect(plain.code).toBe(0);
	const scoresOf = (out: string) => resultOf(out).epochs.map(withoutTimes);
	const withoutSpeed = (out: string) => JSON.stringify(scoresOf(out)).replace(/"sentencesPerSecond":[^,}]*/g, '');
	expect(withoutSpeed('framed')).toBe(withoutSpeed('plain'));
});

test('a run writes its events, its result and its model; the model then measures and tags the same', async () => {
	const trained = await runNerco(trainArgs('run', '--epochs', '2,2,12', '--seed', '3'));
	expect(trained).toMatchObject({ code: 0, stderr: '' });
	expect(trained.stdout).toContain('full epoch 12/12');
	const written = ['metrics', 'model', 'predictions-dev', 'predictions-test', 'result'];
	expect(
		readdirSync(join(folder, 'run'))
			.map((name) => name.replace(/\..*/, ''))
			.sort(),
	).toEqual(written);
	const events = readFileSync(join(folder, 'run/metrics.jsonl'), 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line));
	expect(events[0].kind).toBe('run-started');
	expect(events.at(-1)).toMatchObject({ kind: 'finished', reason: 'completed' });

	const result = resultOf('run');
	expect(result).toMatchObject({ preset: 'smoke', seed: 3, reason: 'completed', adapter: null });
	expect(result).toMatchObject({ state: 'finished', stateReason: null });
	expect(result.data.train.sha256).toMatch(/^[0-9a-f]{64}$/);
	expect(result.versions['nerco-workbench']).toBeDefined();
	expect(result.epochs).toHaveLength(16);
	expect(result.epochs[0].dev).toEqual({ loss: expect.any(Number) });
	expect(result.best?.test?.f1).toBeGreaterThan(0.9);
	expect(result.best?.test?.strict?.f1).toBeGreaterThan(0.9);
	const predictions = decodePredictions(readFileSync(join(folder, 'run/predictions-test.safetensors')));
	expect(splitResults(predictions.sentences).scores.strict.micro).toEqual(result.best?.test?.strict);

	const model = join(folder, 'run/model.safetensors');
	const measured = await runNerco([
		'evaluate',
		'--model',
		model,
		'--test',
		join(folder, 'test.txt'),
		'--backend',
		'wasm',
		'--json',
	]);
	expect(JSON.parse(measured.stdout).evaluation.scores.published.micro.f1).toBe(result.best?.test?.f1);

	writeFileSync(join(folder, 'foreign.txt'), '上 B-LOC\n海 E-LOC\n河 S-GPE\n');
	const foreign = await runNerco([
		...['evaluate', '--model', model, '--backend', 'wasm', '--json'],
		...['--test', join(folder, 'foreign.txt')],
	]);
	expect(foreign.stderr).toContain('The model has no tag B-GPE: it cannot find such entities');
	expect(JSON.parse(foreign.stdout).evaluation.scores.published.perType.gpe).toMatchObject({ recall: 0, support: 1 });

	const tagged = await runNerco(['tag', '--model', model, '--backend', 'wasm'], { input: '上海的王明𠮷在\n\n北京\n' });
	const lines = tagged.stdout
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line));
	expect(lines[0].text).toBe('上海的王明𠮷在');
	expect(lines[0].spans[0]).toEqual({ start: 0, end: 2, type: 'LOC', text: '上海' });
	expect(lines[1]).toEqual({ text: '', spans: [] });
	expect(lines).toHaveLength(3);
	expect(tagged.stderr).toContain('characters: 1 of 9 unknown');

	const exported = join(folder, 'model.pt');
	await runNerco(['export', '--model', model, '--format', 'torch', '--out', exported]);
	const vocabulary = ['--vocab', `${exported}.vocab.json`];
	const again = await runNerco(['tag', '--model', exported, ...vocabulary, '--backend', 'wasm'], {
		input: '上海的王明𠮷在\n\n北京\n',
	});
	expect(again.stdout).toBe(tagged.stdout);
});

test('a run stopped by Ctrl-C and resumed with --resume gives what an uninterrupted run gives', async () => {
	const epochs = ['--epochs', '2,2,60', '--set', 'stages.2.patience=100'];
	let isAsked = false; // a second signal ends the command at once
	const stopWhenTraining = (text: string, child: ChildProcess) => {
		if (isAsked || !text.includes('full epoch 3/')) return;
		isAsked = true;
		child.kill('SIGINT');
	};
	const stopped = await runNerco(trainArgs('stopped', ...epochs), { onOutput: stopWhenTraining });
	expect(stopped).toMatchObject({ code: 130, stderr: '' });
	expect(stopped.stdout).toContain('resume with: nerco train --resume');
	expect(resultOf('stopped')).toMatchObject({ reason: 'stopped', state: 'stopped', stateReason: 'own-stop' });
	expect(resultOf('stopped').epochs.length).toBeLessThan(64);
	const resumed = await runNerco(['train', '--resume', '--out', join(folder, 'stopped')]);
	expect(resumed).toMatchObject({ code: 0, stderr: '' });
	await runNerco(trainArgs('whole', ...epochs));
	expect(resultOf('stopped').epochs.map(withoutTimes)).toEqual(resultOf('whole').epochs.map(withoutTimes));
	const bytes = (out: string) =>
		readFileSync(join(folder, out, 'metrics.jsonl'), 'utf8').match(/"kind":"step"/g)?.length;
	expect(bytes('stopped')).toBe(bytes('whole'));
});

test('a run that is killed in its first evaluation has saved the steps before it, and does not repeat them', async () => {
	// Steps for some seconds, since states are not saved more often than that; and an evaluation long enough to be met.
	const stepCount = 8000;
	writeFileSync(join(folder, 'long.txt'), makeCorpus(2 * stepCount, 5));
	writeFileSync(join(folder, 'long-dev.txt'), makeCorpus(6000, 6));
	const out = join(folder, 'killed');
	const whole = [
		'--epochs',
		'1,1,1',
		'--limit-train',
		'0',
		'--set',
		'stages.0.batchSize=2',
		'--train',
		join(folder, 'long.txt'),
	];
	const sizes = ['--set', 'stages.1.batchSize=300', '--set', 'stages.2.batchSize=300'];
	const args = [...trainArgs('killed', ...whole, ...sizes), '--dev', join(folder, 'long-dev.txt')];
	const killed = runNerco(args, {
		onOutput: (_, child) => {
			if (watching) return;
			watching = setInterval(() => {
				const file = join(out, 'resume.safetensors');
				if (!existsSync(file)) return;
				// A busy machine saves before the steps have ended too.
				if (decodeResumeState(readFileSync(file)).state.position.progress.stepInEpoch < stepCount) return;
				clearInterval(watching);
				child.kill('SIGKILL');
			}, 5);
		},
	});
	let watching: ReturnType<typeof setInterval> | undefined;
	await killed;
	clearInterval(watching);
	const eventsOf = () =>
		readFileSync(join(out, 'metrics.jsonl'), 'utf8')
			.split('\n')
			.filter((line) => line.endsWith('}'))
			.map((line) => JSON.parse(line) as TrainingEvent);
	expect(eventsOf().map(({ kind }) => kind)).not.toContain('epoch-finished');
	expect(recordedStateOf(eventsOf())).toBe('running');
	expect(runStatus({ state: 'running' }, { isActive: false, isResumable: true })).toEqual({
		status: 'paused',
		reason: 'interrupted',
	});
	const { state } = decodeResumeState(readFileSync(join(out, 'resume.safetensors')));
	expect(state.position.progress).toMatchObject({ epoch: 1, stepInEpoch: stepCount });
	const resumed = await runNerco(['train', '--resume', '--out', out]);
	expect(resumed).toMatchObject({ code: 0, stderr: '' });
	const steps = eventsOf().filter((event) => event.kind === 'step' && event.stage === 'contrastive');
	expect(steps).toHaveLength(stepCount);
	expect(resultOf('killed').state).toBe('finished');
});

test.each([
	[[], 2, ''],
	[
		['trane'],
		2,
		"unknown command 'trane'; the commands are train, forecast, evaluate, tag, export, corpus, vectors, info",
	],
	[['train', '--sede', '1'], 2, "unknown option '--sede'"],
	[['tag', '--model', 'missing.safetensors'], 1, 'missing.safetensors: expected a file that can be read'],
])('%j ends with exit code %i and says why', async (args, code, words) => {
	const finished = await runNerco(args);
	expect(finished.code).toBe(code);
	expect(finished.stderr).toContain(words);
	expect(finished.stderr).not.toContain('    at ');
});

test('info names the devices and the presets', async () => {
	const { stdout, code } = await runNerco(['info', '--json']);
	const info = JSON.parse(stdout);
	expect(code).toBe(0);
	expect(info.devices.map((device: { name: string }) => device.name)).toEqual(['webgpu', 'wasm', 'cpu']);
	expect(info.presets.map(({ name }: { name: string }) => name)).toEqual(presets.map(({ name }) => name));
});
