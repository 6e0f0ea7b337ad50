import { expect, test } from 'vitest';
import type { TrainingEvent } from '../experiment/events';
import { presetConfig } from '../experiment/presets';
import { formatSeconds, Progress } from './progress';

const started: TrainingEvent = { kind: 'stage-started', stage: 'flat', index: 0, epochs: 2, stepsPerEpoch: 3 };
const step = (number: number, seconds: number): TrainingEvent => ({
	kind: 'step',
	stage: 'flat',
	epoch: Math.ceil(number / 3),
	step: number,
	loss: 1.5,
	learningRate: 0.1,
	characters: 10,
	seconds,
});
const micro = { precision: 0.5, recall: 0.25, f1: 1 / 3 };
const scores = { micro, macro: micro, perType: {}, support: 4 };
const epoch: TrainingEvent = {
	kind: 'epoch-finished',
	stage: 'flat',
	epoch: 1,
	step: 3,
	trainLoss: 2.25,
	learningRate: 0.1,
	dev: { loss: 3, scores: { published: scores, strict: scores, seqeval: scores } },
	test: null,
	isBest: true,
	trainSeconds: 6,
	evaluationSeconds: 2,
};

function show(events: TrainingEvent[], isTerminal: boolean): string {
	let text = '';
	let now = 0;
	const progress = new Progress({ isTerminal, columns: 200, write: (part) => (text += part) }, () => now);
	for (const event of events) {
		now += event.kind === 'step' ? event.seconds : 0;
		progress.take(event);
	}
	return text;
}

test('a pipe gets plain lines: one an epoch, none for quick steps', () => {
	const text = show([started, step(1, 2), step(2, 2), step(3, 2), epoch], false);
	expect(text.split('\n')).toEqual([
		'stage 1/1 flat: 2 epochs of 3 steps',
		'flat epoch 1/2  train loss 2.2500  dev F1 0.3333 (P 0.5000 R 0.2500)  8.0s  best',
		'',
	]);
});

test('a pipe hears of an epoch that takes long once a minute', () => {
	const text = show([started, step(1, 50), step(2, 50)], false);
	expect(text).toContain('step 2/3 loss 1.500 stage ETA 3m20s\n');
	expect(text).not.toContain('step 1/3');
});

test('a terminal gets a line that is drawn again, with a bar and the time left', () => {
	const text = show([started, step(1, 2), epoch], true);
	expect(text).toContain('\r\u001b[2K[###.................] 1/1 flat epoch 1/2 step 1/3 loss 1.500 stage ETA 10.0s');
	expect(text).toContain('\r\u001b[2Kflat epoch 1/2');
});

test('a run begins with its device, its size and its sentences', () => {
	const text = show(
		[
			{
				kind: 'run-started',
				config: presetConfig('smoke'),
				device: { name: 'wasm', label: 'WASM SIMD', isSoftware: false, threads: 1 },
				parameterCount: 12345,
				sentences: { train: 3, dev: 2, test: 1 },
				resumed: false,
			},
		],
		false,
	);
	expect(text).toBe('training on WASM SIMD: 12,345 parameters; sentences 3 train, 2 dev, 1 test\n');
});

test('times are short for people', () => {
	expect([3.14, 59.96, 125, 7620].map(formatSeconds)).toEqual(['3.1s', '60.0s', '2m05s', '2h07m']);
});
