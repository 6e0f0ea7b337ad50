// How each mention fared over the epochs of training: confidence and variability (Swayamdipta et al. 2020, "Dataset
// Cartography"), forgetting (Toneva et al. 2019). F epochs, M mentions.

/** Training dynamics of a mention. */
export interface MentionDynamics {
	/** Mean and standard deviation (divisor F) over epochs of the probability of its annotated tags (mean of its tokens), 0 to 1. */
	confidence: number;
	variability: number;
	/** Times that it went from right to wrong. */
	forgetting: number;
	/** Share of epochs in which all of its tags were right. */
	correctness: number;
	/** Whether it was ever right. */
	wasLearned: boolean;
	epochs: number;
}

/** `gold` and `isRight` [F, M] in the order of epochs: 255 times the probability, and 1 where right. Null without epochs. */
export function mentionDynamics(gold: Uint8Array, isRight: Uint8Array, mentions: number, mention: number) {
	const epochs = gold.length / Math.max(1, mentions);
	if (epochs < 1) return null;
	let sum = 0;
	let squares = 0;
	let forgetting = 0;
	let right = 0;
	for (let epoch = 0, at = mention; epoch < epochs; epoch++, at += mentions) {
		const probability = gold[at] / 255;
		sum += probability;
		squares += probability * probability;
		right += isRight[at];
		if (epoch > 0 && isRight[at - mentions] === 1 && isRight[at] === 0) forgetting++;
	}
	const confidence = sum / epochs;
	const dynamics: MentionDynamics = {
		confidence,
		variability: Math.sqrt(Math.max(0, squares / epochs - confidence ** 2)),
		forgetting,
		correctness: right / epochs,
		wasLearned: right > 0,
		epochs,
	};
	return dynamics;
}
