import { expect, test } from 'vitest';
import { asIntended, asPublished, type StageConfig } from '../experiment/config';
import type { Evaluation, SpanScores, TrainingEvent } from '../experiment/events';
import { presetConfig } from '../experiment/presets';
import { type StageProgress, stageStart } from '../experiment/run-state';
import { runStage, type StageEnd, type StageLoop } from './stage-loop';

/** A learner whose losses and dev values are given; its one "parameter" is the number of updates so far. */
interface Script {
	stage?: Partial<StageConfig>;
	/** Dev value of each epoch. */
	dev?: number[];
	/** Loss of each batch of every epoch; 0 is a skipped batch. */
	losses?: number[];
	isPublished?: boolean;
	isStopped?: () => boolean;
	progress?: StageProgress;
}

interface Played {
	events: TrainingEvent[];
	end: StageEnd;
	progress: StageProgress;
	best: Float32Array | null;
	trained: number[];
	updates: { rate: number; count: number; gradients: number[] }[];
}

async function play(script: Script): Promise<Played> {
	const stage = { ...presetConfig('flat-weibo').stages[0], epochs: 6, patience: 100, ...script.stage };
	const losses = script.losses ?? [2, 4];
	const progress = script.progress ?? stageStart();
	const best = { parameters: null as Float32Array | null };
	const trained: number[] = [];
	const updates: Played['updates'] = [];
	let gradients: number[] = [];
	let validations = progress.epoch - 1;
	const loop: StageLoop = {
		stage,
		quirks: script.isPublished ? asPublished : asIntended,
		learner: {
			stepsPerEpoch: losses.length,
			train: async ({ index, step }) => {
				trained.push(step);
				if (losses[index] !== 0) gradients.push(step);
				return { loss: losses[index], isSkipped: losses[index] === 0, characters: 1 };
			},
			update: (rate, count) => {
				updates.push({ rate, count, gradients });
				gradients = [];
			},
			validate: async () => ({ dev: evaluationOf(stage, script.dev?.[validations++] ?? 0), test: null }),
			readParameters: async () => Float32Array.of(updates.length),
		},
		learningRate: (step, epoch) => step + epoch / 100,
		clock: () => 0,
		isStopped: script.isStopped ?? (() => false),
		progress,
		best,
		evaluation: { progress: null },
		epochDone: async () => {},
	};
	const events: TrainingEvent[] = [];
	const generator = runStage(loop);
	for (;;) {
		const next = await generator.next();
		if (next.done) return { events, end: next.value, progress, best: best.parameters, trained, updates };
		events.push(next.value);
	}
}

function evaluationOf(stage: StageConfig, value: number): Evaluation {
	if (stage.objective === 'contrastive') return { loss: value };
	const micro = { precision: value, recall: value, f1: value };
	const scores: SpanScores = { micro, macro: micro, perType: {}, support: 1 };
	return { loss: 1, scores: { published: scores, strict: scores, seqeval: scores } };
}

const epochsOf = (played: Played) =>
	played.events.flatMap((event) => (event.kind === 'epoch-finished' ? [event.epoch] : []));

test('the best epoch is the first one with the highest dev F1', async () => {
	const played = await play({ dev: [0.1, 0.5, 0.5, 0.3, 0.5, 0.4] });
	expect(played.progress).toMatchObject({ bestEpoch: 2, bestValue: 0.5, epochsSinceBest: 4 });
	expect(played.best).toEqual(Float32Array.of(4));
	expect(played.end).toEqual({ kind: 'done', reason: 'planned' });
});

test('a contrastive stage takes the epoch with the lowest dev loss', async () => {
	const played = await play({ stage: { objective: 'contrastive' }, dev: [9, 7, 7, 8, 6.5, 7] });
	expect(played.progress).toMatchObject({ bestEpoch: 5, bestValue: 6.5 });
});

test('with a dev F1 of 0 everywhere the first epoch stays the best', async () => {
	const played = await play({ dev: [0, 0, 0] });
	expect(played.progress.bestEpoch).toBe(1);
	expect(played.best).toEqual(Float32Array.of(2));
});

test('the stage ends after as many epochs without improvement as its patience allows', async () => {
	const played = await play({ stage: { patience: 2 }, dev: [0.1, 0.3, 0.3, 0.2, 0.9] });
	expect(epochsOf(played)).toEqual([1, 2, 3, 4]);
	expect(played.end).toEqual({ kind: 'done', reason: 'patience' });
});

test('stop-after ends the stage early', async () => {
	const played = await play({ stage: { stopAfter: 2 } });
	expect(epochsOf(played)).toEqual([1, 2]);
	expect(played.end).toEqual({ kind: 'done', reason: 'stop-after' });
});

test('a zero-loss batch counts as a step and in the mean, but is not updated on', async () => {
	const played = await play({ stage: { epochs: 1, objective: 'contrastive' }, losses: [3, 0, 6], dev: [1] });
	expect(played.updates.map((update) => update.rate)).toEqual([1.01, 3.01]);
	expect(played.updates.map((update) => update.count)).toEqual([1, 2]);
	expect(played.events.at(-1)).toMatchObject({ kind: 'epoch-finished', step: 3, trainLoss: 3 });
});

test('as published, a zero loss in the last batch skips the validation and so never makes a best epoch', async () => {
	const script: Script = { stage: { objective: 'contrastive', patience: 2 }, losses: [3, 0], dev: [1] };
	const played = await play({ ...script, isPublished: true });
	expect(epochsOf(played)).toEqual([1, 2, 3, 4, 5, 6]);
	expect(played.events.find((event) => event.kind === 'epoch-finished')).toMatchObject({ dev: null, isBest: false });
	expect(played.best).toBeNull();
	const intended = await play({ ...script, dev: [1, 2, 3, 4] });
	expect(intended.progress.bestEpoch).toBe(1);
});

test('gradients of several batches are summed before an update, across the end of an epoch', async () => {
	const played = await play({ stage: { epochs: 2, updateEvery: 2 }, losses: [1, 1, 1] });
	expect(played.updates.map((update) => update.gradients)).toEqual([
		[1, 2],
		[3, 4],
		[5, 6],
	]);
	expect(played.updates.map((update) => update.rate)).toEqual([2.01, 4.02, 6.02]);
});

test('an update whose batches were all skipped does not happen', async () => {
	const played = await play({ stage: { epochs: 1, updateEvery: 2, objective: 'contrastive' }, losses: [0, 0, 1, 0] });
	expect(played.updates.map((update) => update.gradients)).toEqual([[3]]);
});

test('a loss that is no finite number ends the stage at once', async () => {
	const played = await play({ losses: [1, Number.NaN] });
	expect(played.end).toMatchObject({ kind: 'not-a-number', message: expect.stringContaining('step 2') });
	expect(played.updates).toHaveLength(1);
});

test('a stop takes effect between two steps', async () => {
	let asked = 0;
	const played = await play({ isStopped: () => ++asked > 3 });
	expect(played.end).toEqual({ kind: 'stopped' });
	expect(played.progress).toMatchObject({ step: 3, epoch: 2, stepInEpoch: 1, lossSum: 2 });
});

test('a stage stopped inside an update window trains the open batches again before it continues', async () => {
	let asked = 0;
	const script: Script = { stage: { epochs: 3, updateEvery: 2 }, losses: [1, 1, 1], dev: [0.1, 0.2, 0.3] };
	const first = await play({ ...script, isStopped: () => ++asked > 3 });
	const second = await play({ ...script, progress: first.progress });
	expect(second.trained).toEqual([3, 4, 5, 6, 7, 8, 9]);
	expect(second.updates.map((update) => update.gradients)).toEqual([
		[3, 4],
		[5, 6],
		[7, 8],
	]);
	expect(second.progress).toMatchObject({ bestEpoch: 3, step: 9 });
});
