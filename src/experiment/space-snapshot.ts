// When snapshots of a run's representations are taken, and of how many tokens. The same for the page and the headless
// command, so that both give the same points.

/** Names a snapshot: a picture of the representations at one step of a run. */
export interface SnapshotKey {
	/** Index of the stage, from 0, and its name. */
	stageIndex: number;
	stage: string;
	/** Epochs of the stage done; 0 at the start of the run (stage 0 only). */
	epoch: number;
	/** Steps of the stage done. */
	step: number;
}

/** Whether one snapshot of a run comes before another. */
export function isBefore(left: SnapshotKey, right: SnapshotKey): boolean {
	return left.stageIndex === right.stageIndex ? left.epoch < right.epoch : left.stageIndex < right.stageIndex;
}

export interface PointChoice {
	/** Most tokens in all, and the share of them that tokens outside entities get where entities alone would fill them. */
	maxPoints: number;
	outsideShare: number;
	/** Most sentences of dev, and of train. Drawn by the seed where there are more. */
	maxDevSentences: number;
	maxTrainSentences: number;
	seed: number;
}

export const defaultPointChoice: PointChoice = {
	maxPoints: 4000,
	outsideShare: 0.2,
	maxDevSentences: 1000,
	maxTrainSentences: 300,
	seed: 1,
};

/** Tokens that a run's map can be set to have. More of them take longer to read, store and lay out; training is the same. */
export const mapSizes = [1000, 4000, 10_000, 20_000, 50_000] as const;
export type MapSize = (typeof mapSizes)[number];

/** Takes enough sentences for that many tokens, assuming that a good part of the tokens are in entities. */
export function pointChoiceOf(maxPoints: number): PointChoice {
	const { maxDevSentences, maxTrainSentences } = defaultPointChoice;
	if (maxPoints <= defaultPointChoice.maxPoints) return { ...defaultPointChoice, maxPoints };
	const enough = Math.ceil(maxPoints / 4);
	return {
		...defaultPointChoice,
		maxPoints,
		maxDevSentences: Math.max(maxDevSentences, enough),
		maxTrainSentences: Math.max(maxTrainSentences, enough),
	};
}

/** How the map of a snapshot is made, on the page and by the command: by t-SNE, the first one from the principal axes, later
 *  ones from the layout of the map before. */
export const snapshotMap = { perplexity: 30, iterations: 500, laterIterations: 250, seed: 1 };
