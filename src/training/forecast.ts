// What a run will cost: seconds and bytes from the batches that it will really meet. A batch's work is counted from its
// sizes; how much a unit of work costs on a device is measured on a few batches (calibrate.ts), and a straight line
// through those gives the rest. Pure: no device, no clock.

import type { Batch, RowLayout } from '../data/batch';
import { batchesInOrder, epochBatches } from '../data/batches';
import { type LatticeSentence, nodeCount } from '../data/lattice';
import type { PreparedData } from '../data/prepared';
import type { ExperimentConfig, Objective, StageConfig } from '../experiment/config';
import { semanticClasses } from '../experiment/labels';
import type { BertShape, NetworkShape } from '../experiment/network-shape';
import type { RunForecast, StageForecast } from '../experiment/run-forecast';
import { representationWidth } from '../model/shape';
import { bertNumbers, bertWork, pieceExtent } from './bert-memory';
import { arrangeFor, evaluationBatchSize, shapesFor } from './evaluate';

/** The sizes of a batch that its cost depends on, in its device's layout. */
export interface BatchExtent {
	/** Lattice rows; pairs of nodes; distinct distances; characters. */
	rows: number;
	pairs: number;
	distances: number;
	characters: number;
	/** Characters within entities: what the contrastive loss compares with all others. */
	entityCharacters: number;
}

/** A batch of a split with its counted cost. */
export interface CountedBatch {
	/** Sentences of the split. */
	indices: Int32Array;
	/** Multiplications of a forward pass. */
	work: number;
	/** Numbers that a training step holds. */
	numbers: number;
	/** What BERT adds where it is computed; absent for a network without. */
	bert?: BatchBert;
}

export interface BatchBert {
	/** Multiplications of its forward pass. */
	work: number;
	/** Numbers that a training step holds while BERT rests, and while it is trained. */
	restingNumbers: number;
	trainedNumbers: number;
}

/** What is computed of BERT: nothing (there is none, or its features are kept), its forward pass, or both passes. */
export type BertPart = 'none' | 'forward' | 'trained';

/** The work that the seconds of a training step follow: a backward pass, of what has one, takes twice its forward. */
export function trainingWork({ work, bert }: CountedBatch, part: BertPart): number {
	const share = { none: 0, forward: 1 / 3, trained: 1 }[part];
	return work + share * (bert?.work ?? 0);
}

export function evaluationWork({ work, bert }: CountedBatch, part: 'none' | 'forward'): number {
	return work + (part === 'none' ? 0 : (bert?.work ?? 0));
}

export function trainingNumbers({ numbers, bert }: CountedBatch, part: BertPart): number {
	if (part === 'trained') return numbers + (bert?.trainedNumbers ?? 0);
	return numbers + (part === 'forward' ? (bert?.restingNumbers ?? 0) : 0);
}

/** Planned epochs in which BERT rests, and those in which it is trained. */
export function stagePhases(stage: StageConfig, hasBert: boolean): { resting: number; trained: number } {
	const epochs = stage.stopAfter > 0 ? Math.min(stage.stopAfter, stage.epochs) : stage.epochs;
	const { firstEpoch } = stage.groups.bert;
	const isTrained = hasBert && firstEpoch > 0 && stage.trains === 'all';
	const resting = isTrained ? Math.min(epochs, firstEpoch - 1) : epochs;
	return { resting, trained: epochs - resting };
}

/** y = fixed + slope * x, neither below 0. */
export interface CostLine {
	fixed: number;
	slope: number;
}

/** What a stage's steps cost on a device. */
export interface StageCost {
	/** Seconds of a training step, update included, over `work`. */
	train: CostLine;
	/** Seconds of a batch of evaluation over `work`. */
	evaluate: CostLine;
	/** Most bytes held in a training step over `numbers`. */
	bytes: CostLine;
	/** The same of steps that train BERT; absent where none does. */
	trained?: { train: CostLine; bytes: CostLine };
	/** Of a batch of evaluation whose features of BERT are kept; absent where there are none. */
	evaluateKept?: CostLine;
}

/** The batches that a stage trains on in its first epoch, and those that it evaluates on after each. */
export interface StageBatches {
	train: CountedBatch[];
	/** Of dev, then of test. */
	evaluation: CountedBatch[];
	dev: CountedBatch[];
}

/** Counts the real batches of a stage in the given layout. */
export function countStage(
	config: ExperimentConfig,
	stage: StageConfig,
	data: PreparedData,
	{ shape, layout }: { shape: NetworkShape; layout: RowLayout },
): StageBatches {
	const { name, batchSize, batching, objective } = stage;
	const { train, dev, test } = data.splits;
	const sizes = train.map(nodeCount);
	const isInside = insideEntities(data);
	const user = { device: { rowLayout: layout }, shape };
	const count = (split: readonly LatticeSentence[], lists: readonly Int32Array[]): CountedBatch[] => {
		const shapes = shapesFor(user, split, lists); // as the run pads them
		return lists.map((indices) => {
			const extent = extentOf(arrangeFor(user, split, indices, shapes), isInside);
			const counted = { indices, work: workOf(extent, shape, objective), numbers: numbersOf(extent, shape, objective) };
			const { bert } = shape;
			return bert && bert.rows > 0 ? { ...counted, bert: batchBert(bert, split, indices) } : counted;
		});
	};
	const evaluationSize = evaluationBatchSize(batchSize);
	const counted = {
		train: count(train, epochBatches({ seed: config.seed, stage: name, epoch: 1, batchSize, batching, sizes })),
		dev: count(dev, batchesInOrder(dev.length, evaluationSize)),
		test: count(test, batchesInOrder(test.length, evaluationSize)),
	};
	return { train: counted.train, dev: counted.dev, evaluation: [...counted.dev, ...counted.test] };
}

function batchBert(bert: BertShape, split: readonly LatticeSentence[], indices: Int32Array): BatchBert {
	const extent = pieceExtent(Array.from(indices, (index) => split[index].pieces?.rows.length ?? 0));
	return {
		work: bertWork(bert, extent),
		restingNumbers: bertNumbers(bert, extent, false),
		trainedNumbers: bertNumbers(bert, extent, true),
	};
}

export function extentOf(batch: Batch, isInside: (tag: number) => boolean): BatchExtent {
	return {
		rows: batch.rowCount,
		pairs: batch.pairCount,
		distances: batch.distances.count,
		characters: batch.characterRow.length,
		entityCharacters: batch.tags.reduce((sum, tag) => sum + (isInside(tag) ? 1 : 0), 0),
	};
}

/** Multiplications of a forward pass, about. Exponentials and moves count as some; a backward pass does twice as many. */
export function workOf(extent: BatchExtent, shape: NetworkShape, objective: Objective): number {
	const { model, tagCount } = shape;
	const width = representationWidth(shape);
	const { rows, pairs, distances, characters, entityCharacters } = extent;
	const inputs = shape.latticeSize + (model.bigrams ? shape.bigramSize : 0) + (shape.bert?.config.width ?? 0);
	const projections = characters * inputs * width + (rows - characters) * shape.latticeSize * width;
	const layerRows = rows * width * width * (2 + 2 * model.feedForwardFactor);
	const layerPairs = pairs * (3 * width + model.heads * workOfExponential);
	const layer = layerRows + layerPairs + distances * width * width;
	const head =
		objective === 'crf'
			? characters * (width * tagCount + tagCount * tagCount * workOfExponential)
			: entityCharacters * characters * (width + workOfExponential);
	// BERT alone has a head of its own width, and no lattice.
	if (model.encoder === 'bert') return head;
	return projections + distances * width + model.layers * layer + head;
}

/** Numbers that a training step keeps until its backward pass is done, about. */
export function numbersOf(extent: BatchExtent, shape: NetworkShape, objective: Objective): number {
	const { model, tagCount } = shape;
	const width = representationWidth(shape);
	const { rows, pairs, distances, characters, entityCharacters } = extent;
	const layer = rows * width * (12 + 4 * model.feedForwardFactor) + pairs * model.heads * 4 + distances * width * 2;
	const head = objective === 'crf' ? characters * tagCount * 4 : entityCharacters * characters + characters * width * 2;
	if (model.encoder === 'bert') return head;
	return rows * width * 4 + distances * width * 3 + pairs + model.layers * layer + head;
}

const workOfExponential = 8;

/** The least-squares line through at least one point; through the origin and their mean where slope or height would be negative. */
export function fitLine(points: readonly { x: number; y: number }[]): CostLine {
	const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
	const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
	const spread = mean(points.map(({ x }) => (x - meanX) ** 2));
	const slope = spread === 0 ? 0 : mean(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / spread;
	const fixed = meanY - slope * meanX;
	if (slope > 0 && fixed >= 0) return { fixed, slope };
	return { fixed: 0, slope: meanX > 0 ? meanY / meanX : 0 };
}

/** As `fitLine`, for peaks of memory: where they do not rise, because more was held before, the highest holds for all. */
export function fitPeaks(points: readonly { x: number; y: number }[]): CostLine {
	const heights = points.map(({ y }) => y);
	const highest = Math.max(...heights);
	return highest === Math.min(...heights) ? { fixed: highest, slope: 0 } : fitLine(points);
}

export function along({ fixed, slope }: CostLine, x: number): number {
	return fixed + slope * x;
}

/** One cost for each stage of the config, in order. */
export function forecastRun(
	config: ExperimentConfig,
	batches: readonly StageBatches[],
	costs: readonly StageCost[],
): RunForecast {
	const stages = config.stages.map((stage, index) => forecastStage(config, stage, batches[index], costs[index]));
	return {
		stages,
		seconds: stages.reduce((sum, { seconds }) => sum + seconds, 0),
		bytesPeak: Math.max(...stages.map(({ bytesPeak }) => bytesPeak)),
	};
}

function forecastStage(
	{ bert: { features } }: ExperimentConfig,
	stage: StageConfig,
	batches: StageBatches,
	cost: StageCost,
): StageForecast {
	const hasBert = batches.train.some(({ bert }) => bert !== undefined);
	const { resting, trained } = stagePhases(stage, hasBert);
	const epochs = resting + trained;
	const total = (counted: readonly CountedBatch[], line: CostLine, workOf: (batch: CountedBatch) => number) =>
		counted.reduce((sum, batch) => sum + along(line, workOf(batch)), 0);
	const training = (part: BertPart) =>
		total(batches.train, lineOf(cost, part).train, (batch) => trainingWork(batch, part));
	const evaluating = (part: 'none' | 'forward') =>
		total(batches.evaluation, (part === 'none' && cost.evaluateKept) || cost.evaluate, (batch) =>
			evaluationWork(batch, part),
		);
	// While BERT rests, what is kept of it is computed in the first epoch alone.
	const first = Math.min(1, resting);
	const restingTrain =
		features === 'cached' && hasBert
			? first * training('forward') + (resting - first) * training('none')
			: resting * training('forward');
	const trainSeconds = restingTrain + trained * training('trained');
	const evaluationSeconds = (first + trained) * evaluating('forward') + (resting - first) * evaluating('none');
	const peak = (part: BertPart) =>
		Math.max(...batches.train.map((batch) => along(lineOf(cost, part).bytes, trainingNumbers(batch, part))));
	return {
		stage: stage.name,
		epochs,
		stepsPerEpoch: batches.train.length,
		trainSecondsPerEpoch: trainSeconds / epochs,
		evaluationSecondsPerEpoch: evaluationSeconds / epochs,
		seconds: trainSeconds + evaluationSeconds,
		bytesPeak: Math.max(resting > 0 ? peak('forward') : 0, trained > 0 ? peak('trained') : 0),
	};
}

function lineOf({ train, bytes, trained }: StageCost, part: BertPart): { train: CostLine; bytes: CostLine } {
	return (part === 'trained' && trained) || { train, bytes };
}

/** Whether a tag names an entity, so that its character is an anchor of the contrastive loss. */
function insideEntities({ labels }: PreparedData): (tag: number) => boolean {
	const { ofTag, outside } = semanticClasses(labels);
	return (tag) => ofTag[tag] >= 0 && ofTag[tag] !== outside;
}
