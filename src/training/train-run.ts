// A whole run: the stages of an experiment one after another, as a stream of events. Stages are data; each begins from
// the best parameters of the one before with an optimiser of its own (reference/README, point 13). Posts nothing,
// saves nothing, draws nothing: the reader of the events does, at its own pace.

import { epochBatches } from '../data/batches';
import { nodeCount } from '../data/lattice';
import type { PreparedData } from '../data/prepared';
import { checkConfig } from '../experiment/check-config';
import type { ExperimentConfig, StageConfig } from '../experiment/config';
import type { FinishReason, StageSummary, TrainingEvent } from '../experiment/events';
import { failReasonOf } from '../experiment/run-failure';
import {
	type EvaluationProgress,
	type LiveState,
	type RunPosition,
	type RunState,
	stageStart,
} from '../experiment/run-state';
import type { SavePoint } from '../experiment/save-clock';
import { reachedGroups, restingGroups } from '../experiment/stage-groups';
import type { Device } from '../kernels/operations';
import { initialParameters } from '../model/initial-parameters';
import { Network } from '../model/network';
import { loadBert, type NetworkBert } from '../model/open-network';
import { invariant } from '../util/errors';
import { runShape } from './bert-memory';
import type { RunSnapshot } from './capture-space';
import { FeatureCache, type FeatureStore } from './feature-cache';
import { checkTrainingData, inputWarnings } from './input-checks';
import { liveState } from './live-state';
import { networkLearner } from './network-learner';
import { learningRateAt, stepsPerEpoch } from './schedule';
import { type DecodedTags, runStage } from './stage-loop';

export interface TrainRunOptions {
	/** Stays the caller's: it holds the run's last parameters afterwards, and the caller disposes of it. */
	device: Device;
	/** Seconds on a clock of the caller's. */
	clock(): number;
	/** Aborted: the run stops after the step it is in. */
	signal?: AbortSignal;
	/** Awaited between batches of evaluation, which makes no events: lets the caller's thread receive a stop. */
	breathe?(): Promise<void>;
	/** Awaited there too, when the state was kept if it was due: a paused run waits here. */
	hold?(): Promise<void>;
	/** State of an earlier run with the same settings and data, to resume from. */
	resumeFrom?: RunState;
	/** Called with the run's state after each epoch, when it is stopped and when it has completed. */
	keepState?(state: RunState): void | Promise<void>;
	/** Given the decoded tags of each best epoch of a CRF stage, before its event; the last call's are the run's. */
	keepPredictions?(tags: DecodedTags, at: { stage: string; epoch: number }): void | Promise<void>;
	/** Called where `keepState` is, for those who write the state away: nothing of it is copied before. The run waits. */
	saveState?(state: LiveState): Promise<void>;
	/** Asked after each step, when an epoch's steps are done, and between the batches of its evaluation: whether `keepState`
	 *  is to be called there too. */
	isStateDue?(at: SavePoint): boolean;
	/** Asked after each event: what the caller has to say, which becomes part of the run's events. */
	notices?(): TrainingEvent[];
	/** Awaited at the run's beginning, after each epoch, and where a stage has ended, with the best parameters of its best epoch
	 *  (of its last, where none was validated). It may read the network; the numbers of the run stay the same. */
	onSnapshot?(snapshot: RunSnapshot): Promise<void>;
	/** The BERT of its data; absent for a network without. */
	bert?: NetworkBert | null;
	/** Most bytes of features of a BERT at rest that are kept in memory. Absent: `featureBytes`. */
	featureBytes?: number;
	/** For features beyond that; absent: they are computed anew. */
	featureStore?: FeatureStore;
	/** Starting parameters in the network's layout, in place of drawn ones. */
	initialParameters?: Float32Array;
	/** Batches of an epoch (from 1) as positions in train, instead of drawn ones. */
	batchesOf?(stage: StageConfig, epoch: number): readonly Int32Array[];
}

/** Of the development and test split of a usual corpus; MSRA's take 530 MB. */
const featureBytes = 2 ** 28;

interface Run {
	config: ExperimentConfig;
	data: PreparedData;
	options: TrainRunOptions;
	network: Network;
	position: RunPosition;
	best: { parameters: Float32Array | null };
	evaluation: { progress: EvaluationProgress | null };
	features: FeatureCache;
	/** How many of the device's findings were reported. */
	reportedFindings: number;
	/** Clock at which `position.seconds` would be 0. */
	startedAt: number;
}

/**
 * Trains. Ends with a `finished` event, also when a loss is no number or the device is lost; throws UserError for
 * settings or data that no run can begin with. The same config, data and device give the same events but for times;
 * a run resumed from a kept state gives those that the uninterrupted one would have given.
 */
export async function* trainRun(
	config: ExperimentConfig,
	data: PreparedData,
	options: TrainRunOptions,
): AsyncGenerator<TrainingEvent, void> {
	checkConfig(config);
	checkTrainingData(data);
	const { device } = options;
	const { resumeFrom } = options;
	const network = new Network(device, runShape(config, data, device), data.labels);
	const run: Run = {
		config,
		data,
		options,
		network,
		position: startingPosition(resumeFrom),
		best: { parameters: resumeFrom?.bestParameters ?? null },
		evaluation: { progress: structuredClone(resumeFrom?.evaluation) ?? null },
		features: new FeatureCache(options.featureBytes ?? featureBytes, options.featureStore),
		reportedFindings: device.findings?.length ?? 0,
		startedAt: options.clock() - (resumeFrom?.position.seconds ?? 0),
	};
	try {
		for await (const event of runEvents(run)) {
			run.position.eventCount++;
			yield event;
			for (const notice of options.notices?.() ?? []) {
				run.position.eventCount++;
				yield notice;
			}
		}
	} catch (error) {
		const failure = device.failure();
		if (!failure) throw error;
		// A device that has no room is there still: asked again, it would refuse again.
		if (failReasonOf(failure) === 'out-of-memory') throw failure;
		yield finished(run, 'device-lost', failure.message);
	} finally {
		device.endStep();
	}
}

/** The parameters that a run would be used with now: those of the best epoch, else the current ones. */
export function bestOf(state: Pick<RunState, 'parameters' | 'bestParameters'>): Float32Array {
	return state.bestParameters ?? state.parameters;
}

async function* runEvents(run: Run): AsyncGenerator<TrainingEvent, void> {
	const { config, data, network, options, position } = run;
	const { device } = options;
	await loadStart(run);
	yield {
		kind: 'run-started',
		config,
		device: device.info,
		parameterCount: network.layout.entries.reduce((sum, entry) => sum + entry.size, 0),
		sentences: { train: data.splits.train.length, dev: data.splits.dev.length, test: data.splits.test.length },
		resumed: options.resumeFrom !== undefined,
	};
	if (!options.resumeFrom) {
		yield* inputWarnings(config, data);
		if (network.shape.bert?.recompute && config.bert.recompute === 'auto')
			yield {
				kind: 'warning',
				code: 'bert-recomputed',
				message:
					'Memory might not suffice: layers of BERT are computed again in the backward pass, which takes a third more time.',
			};
		await offerSnapshot(run, { epoch: 0, step: 0 });
	}
	while (position.stageIndex < config.stages.length) {
		const stage = config.stages[position.stageIndex];
		yield {
			kind: 'stage-started',
			stage: stage.name,
			index: position.stageIndex,
			epochs: stage.epochs,
			stepsPerEpoch: stepsPerEpoch(stage, data.splits.train.length),
		};
		const end = yield* runStage(stageLoop(run, stage));
		yield* deviceFindings(run);
		if (end.kind === 'not-a-number') {
			const failure = device.failure(); // what a lost device gives may be no number
			if (failure) throw failure;
			return yield finished(run, 'not-a-number', end.message);
		}
		if (end.kind === 'stopped') {
			await keepState(run);
			position.stages.push(summarize(stage, run, 'stopped'));
			return yield finished(run, 'stopped', 'Stopped; the run can be resumed.');
		}
		const summary = summarize(stage, run, end.reason);
		yield* restingWarnings(run, stage);
		yield { kind: 'stage-finished', summary };
		await handOver(run, summary);
	}
	await keepState(run);
	yield finished(run, 'completed', 'All stages are done.');
}

function stageLoop(run: Run, stage: StageConfig): Parameters<typeof runStage>[0] {
	const { config, data, network, options, position } = run;
	const sentences = data.splits.train.length;
	const isStopped = () => options.signal?.aborted ?? false;
	const { warmupSilencesDecay } = config.quirks;
	const { name, batchSize, batching } = stage;
	const sizes = data.splits.train.map(nodeCount);
	const batchesOf = (epoch: number) =>
		options.batchesOf?.(stage, epoch) ??
		epochBatches({ seed: config.seed, stage: name, epoch, batchSize, batching, sizes });
	return {
		stage,
		quirks: config.quirks,
		learner: networkLearner({
			network,
			data,
			stage,
			seed: config.seed,
			features: run.features,
			cachesTrainFeatures: config.bert.features === 'cached',
			batchesOf,
			clock: options.clock,
			isStopped,
			breathe: () => betweenBatches(run),
			keepsTags: options.keepPredictions !== undefined,
		}),
		learningRate: (step, epoch) => learningRateAt(stage, step, epoch, { sentences, warmupSilencesDecay }),
		clock: options.clock,
		isStopped,
		progress: position.progress,
		best: run.best,
		evaluation: run.evaluation,
		bestFound: (tags, epoch) => options.keepPredictions?.(tags, { stage: name, epoch }),
		stepDone: async () => {
			if (options.isStateDue?.('step')) await keepState(run);
		},
		stepsDone: async () => {
			if (options.isStateDue?.('evaluation-start')) await keepState(run);
		},
		epochDone: async () => {
			const { epoch, step } = position.progress;
			await offerSnapshot(run, { epoch: epoch - 1, step });
			await keepState(run);
		},
	};
}

/** Puts the starting or resumed parameters and optimiser memory on the device. */
async function loadStart(run: Run): Promise<void> {
	const { config, data, network, options } = run;
	const { resumeFrom, device } = options;
	const { size, frozenOffset } = network.layout;
	await restoreBert(run);
	if (resumeFrom) {
		const { parameters, optimizer } = resumeFrom;
		if (parameters.length > frozenOffset) device.openFrozen();
		invariant(
			parameters.length === device.trainedSize,
			`a state of ${parameters.length} parameters for a network of ${size}`,
		);
		network.load(parameters);
		device.writeOptimizerState(optimizer);
		return;
	}
	if (options.bert?.isTrained) device.openFrozen(); // no file but this run's own will hold its weights
	const tables = { lattice: data.lattice.values, bigram: data.bigram.values };
	network.load(options.initialParameters ?? initialParameters(network.shape, network.layout, tables, config.seed));
}

/** BERT as the run got it. */
async function restoreBert({ network, data, options }: Run): Promise<void> {
	if (!network.shape.bert || network.shape.bert.rows === 0) return;
	invariant(data.bert && options.bert, 'a run with BERT without its weights');
	await loadBert(network, options.bert);
}

/** The next stage begins from this one's best parameters, with an empty optimiser and no gradients. */
async function handOver(run: Run, summary: StageSummary): Promise<void> {
	const { network, position, best, options } = run;
	const { bestEpoch, epoch: next } = position.progress;
	if (best.parameters) {
		if (best.parameters.length < options.device.trainedSize) {
			// The best epoch was before BERT was trained: it is frozen again, as the run got it.
			options.device.openParameters(network.layout);
			await restoreBert(run);
			run.features.clear();
		}
		network.load(best.parameters);
		if (options.device.trainedSize > network.layout.frozenOffset) run.features.clear(); // BERT is another one now
	}
	const epoch = bestEpoch || next - 1;
	const step = (position.progress.step / Math.max(1, next - 1)) * epoch;
	await offerSnapshot(run, { epoch, step, isStageBest: true });
	best.parameters = null;
	options.device.writeOptimizerState(null);
	options.device.zeroGradients();
	position.stages.push(summary);
	position.stageIndex++;
	position.progress = stageStart();
}

async function offerSnapshot(
	{ config, options, network, position: { stageIndex } }: Run,
	{ epoch, step, isStageBest = false }: { epoch: number; step: number; isStageBest?: boolean },
): Promise<void> {
	const stage = config.stages[stageIndex];
	const hasPredictions =
		epoch > 0 && config.stages.slice(0, stageIndex + 1).some(({ objective }) => objective === 'crf');
	await options.onSnapshot?.({ stageIndex, stage: stage.name, epoch, step, network, isStageBest, hasPredictions });
}

async function betweenBatches(run: Run): Promise<void> {
	const { options } = run;
	await options.breathe?.();
	if (options.signal?.aborted) return; // its state is kept where it ends
	if (options.isStateDue?.('evaluation')) await keepState(run);
	await options.hold?.();
}

async function keepState(run: Run): Promise<void> {
	const { keepState, saveState } = run.options;
	if (!keepState && !saveState) return;
	run.position.seconds = run.options.clock() - run.startedAt;
	const live = await liveState({ ...run, device: run.options.device });
	await saveState?.(live);
	const { size, hasSecond: _, readParameters, readOptimizer, ...rest } = live;
	const all = { start: 0, end: size };
	await keepState?.({ ...rest, parameters: await readParameters(all), optimizer: await readOptimizer(all) });
}

function startingPosition(resumeFrom: RunState | undefined): RunPosition {
	if (resumeFrom) return structuredClone(resumeFrom.position);
	return { stageIndex: 0, progress: stageStart(), stages: [], eventCount: 0, seconds: 0 };
}

/** Says of groups that were to be trained from some epoch on that the stage ended before it. */
function* restingWarnings({ config, position }: Run, stage: StageConfig): Generator<TrainingEvent> {
	const lastEpoch = position.progress.epoch - 1;
	const reached = reachedGroups(config.model, stage);
	for (const name of restingGroups(stage, lastEpoch)) {
		const { firstEpoch } = stage.groups[name];
		if (firstEpoch === 0 || !reached.includes(name)) continue;
		yield {
			kind: 'warning',
			code: 'group-never-trained',
			message: `Stage ${stage.name} ended after epoch ${lastEpoch}: ${name} was to be trained from epoch ${firstEpoch} on, and was not trained.`,
		};
	}
}

function summarize(stage: StageConfig, { position }: Run, reason: StageSummary['reason']): StageSummary {
	const { bestEpoch, bestValue, epoch } = position.progress;
	return { stage: stage.name, bestEpoch, bestValue, epochsRun: epoch - 1, reason };
}

function finished(run: Run, reason: FinishReason, message: string): TrainingEvent {
	const seconds = run.options.clock() - run.startedAt;
	return { kind: 'finished', reason, message, stages: run.position.stages, seconds };
}

/** What the device did otherwise than planned, each once. */
function* deviceFindings(run: Run): Generator<TrainingEvent> {
	const findings = run.options.device.findings ?? [];
	while (run.reportedFindings < findings.length)
		yield { kind: 'warning', code: 'device', message: findings[run.reportedFindings++] };
}
