// Dev and test measures of a network: mean loss over batches, and in CRF stages span scores under all rules. Batches
// are cut in file order, because the contrastive loss depends on which sentences meet (reference/README, point 12).

import { scoreByAllRules, type TagPair, tokenAccuracy } from '../analysis/span-scores';
import { arrangeBatch, measureBatches } from '../data/arrange-batch';
import type { Batch, RowLayout } from '../data/batch';
import { type BatchSize, planBuckets } from '../data/batch-buckets';
import { batchesInOrder } from '../data/batches';
import type { LatticeSentence } from '../data/lattice';
import type { Objective } from '../experiment/config';
import type { Evaluation } from '../experiment/events';
import type { LabelSet } from '../experiment/labels';
import type { NetworkShape } from '../experiment/network-shape';
import { evaluationStart, type SplitProgress } from '../experiment/run-state';
import { fusions } from '../model/fusion/fusions';
import type { Network } from '../model/network';

export interface EvaluateOptions {
	objective: Objective;
	/** Of the contrastive loss; CRF evaluation does not read it. */
	temperature: number;
	batchSize: number;
	/** Seconds. */
	clock(): number;
	/** Asked between batches. */
	isStopped?(): boolean;
	/** Awaited between batches. */
	breathe?(): Promise<void>;
	/** Annotated tags of a sentence in BIO, where they are more than the label set knows; its tag ids otherwise. */
	goldOf?(index: number): readonly string[];
	/** Given the decoded tag ids of each sentence; not in contrastive evaluation. [L] */
	keepTags?(index: number, tags: Int32Array): void;
	/** The batch with what is known of it already. */
	completed?(batch: Batch): Promise<Batch>;
	/** Where the evaluation begins: `evaluationStart`, or as an earlier one left it. Changed in place. */
	progress?: SplitProgress;
}

/** Evaluation of a split with tags; null for a split without sentences, or when stopped on the way. */
export async function evaluateSplit(
	network: Network,
	labels: LabelSet,
	sentences: readonly LatticeSentence[],
	options: EvaluateOptions,
): Promise<Evaluation | null> {
	if (sentences.length === 0) return null;
	const { objective, clock, progress = evaluationStart().dev } = options;
	const batches = batchesInOrder(sentences.length, options.batchSize);
	const shapes = shapesFor(network, sentences, batches);
	while (progress.batches < batches.length) {
		await options.breathe?.();
		if (options.isStopped?.()) return null;
		const startedAt = clock();
		const arranged = arrangeFor(network, sentences, batches[progress.batches], shapes);
		const batch = (await options.completed?.(arranged)) ?? arranged;
		if (objective === 'contrastive') progress.lossSum += (await network.evaluate(batch, options)).loss;
		else {
			const { loss, tags } = await network.decode(batch);
			progress.lossSum += loss ?? 0;
			progress.tags.push(...tags);
		}
		progress.batches++;
		progress.seconds += clock() - startedAt;
	}
	const loss = progress.lossSum / batches.length;
	if (objective === 'contrastive') return { loss };
	const pairs = progress.tags.map((tags, index): TagPair => {
		options.keepTags?.(index, tags);
		const gold = options.goldOf?.(index) ?? tagNames(labels, sentences[index].tags);
		return { predicted: tagNames(labels, tags), gold };
	});
	return {
		loss,
		scores: scoreByAllRules(pairs),
		tokenAccuracy: tokenAccuracy(pairs),
		sentencesPerSecond: progress.seconds > 0 ? sentences.length / progress.seconds : 0,
	};
}

/** What the rows of a batch depend on, of a network on its device. */
export interface RowUser {
	device: { rowLayout: RowLayout };
	shape: Pick<NetworkShape, 'model'>;
}

/** Padded shapes for batches of a split; a device keeps buffers of its own for each. */
const shapeCount = 6;

/** The few shapes that such batches are padded to; none where the device pads nothing. */
export function shapesFor(
	network: RowUser,
	sentences: readonly LatticeSentence[],
	batches: readonly ArrayLike<number>[],
): BatchSize[] {
	if (network.device.rowLayout !== 'padded') return [];
	const { distanceKind } = fusions[network.shape.model.fusion];
	return planBuckets(measureBatches(sentences, batches, distanceKind), shapeCount);
}

/** The rows of chosen sentences as this network's device wants them, in one of the given shapes where one is large enough. */
export function arrangeFor(
	network: RowUser,
	sentences: readonly LatticeSentence[],
	indices: ArrayLike<number>,
	shapes: readonly BatchSize[] = [],
): Batch {
	const { distanceKind } = fusions[network.shape.model.fusion];
	return arrangeBatch(sentences, indices, { layout: network.device.rowLayout, distanceKind, buckets: shapes });
}

/** Tag ids as tags. */
export function tagNames(labels: LabelSet, ids: Int32Array): string[] {
	return Array.from(ids, (id) => labels.tags[id]);
}

/** Batch size of evaluation: half of training's, as in the published program. */
export function evaluationBatchSize(trainBatchSize: number): number {
	return Math.max(1, Math.floor(trainBatchSize / 2));
}
