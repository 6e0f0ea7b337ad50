// Mentions whose labels are doubted by their neighbours in the space and by how training went: ranked, most doubtful first.

import type { Span } from '../data/span';
import type { MentionOfPoints } from './space-mentions';
import type { MentionDynamics } from './training-dynamics';

/** A mention whose label the space and the training doubt. */
export interface SuspiciousMention extends Span {
	/** Index in the list of sentences. */
	sentence: number;
	/** Its tokens; the first one stands for it on the map. */
	points: number[];
	/** 0 to 1: the mean of `disagreement` and, where training has met it, of 1 - its confidence. */
	score: number;
	/** Share of the nearest neighbours of its tokens that are not of its type, 0 to 1. */
	disagreement: number;
	/** The type that most of the disagreeing neighbours have; null for outside, or where all agree. */
	neighbourType: string | null;
	/** Predicted spans that overlap it at this moment; null without predictions. */
	predicted: Span[] | null;
	/** Over the epochs of CRF stages up to this moment; null before there is one. */
	dynamics: MentionDynamics | null;
}

export interface SuspicionInput {
	mentions: readonly MentionOfPoints[];
	/** 0 to T - 1, -1 outside. [n] */
	types: ArrayLike<number>;
	entityTypes: readonly string[];
	/** [n, k], the point itself left out. */
	neighbourIds: Int32Array;
	/** k */
	neighbours: number;
	dynamicsOf(mention: number): MentionDynamics | null;
	/** Predicted spans of a sentence, null without predictions. */
	predictedIn(sentence: number): Span[] | null;
}

/** All mentions, those with the highest score first. */
export function suspiciousMentions(input: SuspicionInput): SuspiciousMention[] {
	const ranked = input.mentions.map((mention, index): SuspiciousMention => {
		const { disagreement, neighbourType } = neighboursOf(mention, input);
		const dynamics = input.dynamicsOf(index);
		const predicted = input.predictedIn(mention.sentence);
		return {
			...mention,
			score: dynamics ? (disagreement + 1 - dynamics.confidence) / 2 : disagreement,
			disagreement,
			neighbourType,
			predicted: predicted?.filter(({ start, end }) => start < mention.end && end > mention.start) ?? null,
			dynamics,
		};
	});
	return ranked.sort((left, right) => right.score - left.score);
}

function neighboursOf({ points }: MentionOfPoints, { types, entityTypes, neighbourIds, neighbours }: SuspicionInput) {
	const votes = new Map<number, number>();
	for (const point of points) {
		for (let entry = point * neighbours; entry < (point + 1) * neighbours; entry++) {
			const type = types[neighbourIds[entry]];
			if (type !== types[point]) votes.set(type, (votes.get(type) ?? 0) + 1);
		}
	}
	const against = [...votes.values()].reduce((sum, count) => sum + count, 0);
	const [most] = [...votes].sort((left, right) => right[1] - left[1]);
	return {
		disagreement: neighbours === 0 ? 0 : against / (points.length * neighbours),
		neighbourType: most && most[0] >= 0 ? entityTypes[most[0]] : null,
	};
}
