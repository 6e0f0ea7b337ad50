// The command `forecast-run`: what a run would cost on the device at hand, from a few steps of its own batches. It gives
// way at once to whoever needs the device.

import { nodeCount } from '../../data/lattice';
import type { PreparedData } from '../../data/prepared';
import type { ExperimentConfig } from '../../experiment/config';
import type { RunForecast } from '../../experiment/run-forecast';
import type { NewRunRequest, RunEstimate } from '../../wire/runs';
import type { Handlers } from '../serve';
import type { WorkerContext } from '../worker-context';
import { basisOf } from './begin-run';
import { readRun } from './read-run';
import { sourceOf } from './run-source';

export interface Measured {
	forecast: RunForecast;
	parameterCount: number;
}

export interface ForecastMeans {
	/** Measures a few steps on the device, alone; `report` is awaited between steps and throws when it is to end. */
	measure(config: ExperimentConfig, data: PreparedData, report: (share: number) => Promise<void>): Promise<Measured>;
}

/** Shares of the time that reading and measuring take, about. */
const readingShare = 0.3;

export class Forecaster {
	private current: { task: string; ended: Promise<unknown> } | null = null;

	constructor(
		private readonly context: WorkerContext,
		private readonly means: ForecastMeans,
	) {}

	handlers(): Pick<Handlers, 'forecast-run'> {
		return { 'forecast-run': ({ task, request }) => this.forecast(task, request) };
	}

	/** Ends a forecast that is being measured, and waits until the device is free. */
	async yieldDevice(): Promise<void> {
		if (!this.current) return;
		this.context.tasks.cancel(this.current.task);
		await this.current.ended;
	}

	private async forecast(task: string, request: NewRunRequest): Promise<RunEstimate> {
		await this.yieldDevice();
		const result = this.context.tasks.run(task, async ({ report }) => {
			const reportShare = (share: number) => report({ done: share, total: 1, unit: 'share', counts: {} });
			await reportShare(0);
			const workspace = await this.context.workspace();
			const source = await sourceOf(workspace, request.input);
			const { config, data } = await readRun((await basisOf(workspace, request)).basis, source);
			await reportShare(readingShare);
			const { forecast, parameterCount } = await this.means.measure(config, data, (share) =>
				reportShare(readingShare + share * (1 - readingShare)),
			);
			return estimateOf(data, forecast, parameterCount);
		});
		const current = { task, ended: result.catch(() => undefined) };
		this.current = current;
		try {
			return await result;
		} finally {
			if (this.current === current) this.current = null;
		}
	}
}

const bytesPerNumber = 4;

function estimateOf({ splits }: PreparedData, forecast: RunForecast, parameterCount: number): RunEstimate {
	const all = [...splits.train, ...splits.dev, ...splits.test];
	return {
		forecast,
		longestNodes: all.reduce((most, sentence) => Math.max(most, nodeCount(sentence)), 0),
		sentences: { train: splits.train.length, dev: splits.dev.length, test: splits.test.length },
		parameterCount,
		checkpointBytes: parameterCount * bytesPerNumber,
	};
}
