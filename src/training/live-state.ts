// The state of a run as it stands on its device, to be read while the run waits.

import type { EvaluationProgress, LiveState, RunPosition } from '../experiment/run-state';
import type { Device } from '../kernels/operations';

interface LiveRun {
	device: Device;
	position: RunPosition;
	best: { parameters: Float32Array | null };
	evaluation: { progress: EvaluationProgress | null };
}

export async function liveState({ device, position, best, evaluation }: LiveRun): Promise<LiveState> {
	const { second } = await device.readOptimizerState({ start: 0, end: 0 });
	return {
		position: structuredClone(position),
		bestParameters: best.parameters,
		size: device.trainedSize,
		hasSecond: second !== null,
		readParameters: (range) => device.readParameters(range),
		readOptimizer: (range) => device.readOptimizerState(range),
		...(evaluation.progress ? { evaluation: copyOf(evaluation.progress) } : {}),
	};
}

/** The tags of a sentence never change: only the lists grow. */
function copyOf({ dev, test }: EvaluationProgress): EvaluationProgress {
	return { dev: { ...dev, tags: [...dev.tags] }, test: { ...test, tags: [...test.tags] } };
}
