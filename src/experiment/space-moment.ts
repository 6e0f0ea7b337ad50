// The moments of a run at which its representations are looked at, and how many tokens are. The same for the page and
// the headless command, so that both give the same points.

/** A moment of a run. */
export interface SpaceMoment {
	/** Index of the stage, from 0, and its name. */
	stageIndex: number;
	stage: string;
	/** Epochs of the stage done; 0 for the run's beginning (stage 0 only). */
	epoch: number;
	/** Steps of the stage done. */
	step: number;
}

/** Whether one moment of a run comes before another. */
export function isBefore(left: SpaceMoment, right: SpaceMoment): boolean {
	return left.stageIndex === right.stageIndex ? left.epoch < right.epoch : left.stageIndex < right.stageIndex;
}

export interface PointChoice {
	/** Most tokens in all, and the share of them that tokens outside mentions get where mentions alone would fill them. */
	mostPoints: number;
	outsideShare: number;
	/** Most sentences of dev, and of train. Drawn by the seed where there are more. */
	mostDevSentences: number;
	mostTrainSentences: number;
	seed: number;
}

export const defaultPointChoice: PointChoice = {
	mostPoints: 4000,
	outsideShare: 0.2,
	mostDevSentences: 1000,
	mostTrainSentences: 300,
	seed: 1,
};

/** Tokens that a run's map may be asked to have. Reading, keeping and laying out more of them takes longer; training is the same. */
export const mapSizes = [1000, 4000, 10_000, 20_000, 50_000] as const;
export type MapSize = (typeof mapSizes)[number];

/** From as many sentences as so many tokens need where a good part of them are in mentions. */
export function pointChoiceOf(mostPoints: number): PointChoice {
	const { mostDevSentences, mostTrainSentences } = defaultPointChoice;
	if (mostPoints <= defaultPointChoice.mostPoints) return { ...defaultPointChoice, mostPoints };
	const enough = Math.ceil(mostPoints / 4);
	return {
		...defaultPointChoice,
		mostPoints,
		mostDevSentences: Math.max(mostDevSentences, enough),
		mostTrainSentences: Math.max(mostTrainSentences, enough),
	};
}

/** How the maps of a run's frames are made, on the page and by the command: t-SNE, the first one from the main axes, later
 *  ones with the layout of the map before. */
export const frameMap = { perplexity: 30, iterations: 500, laterIterations: 250, seed: 1 };
