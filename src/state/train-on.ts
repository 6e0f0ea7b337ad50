// A run that starts from a checkpoint, on a corpus that people have labelled: what it reads, and what prevents it. Pure.

import type { Span } from '../data/span';
import type { ExperimentConfig } from '../experiment/config';
import { usedSentences } from '../experiment/presets';
import type { AnyItem } from '../storage/workspace/item-kinds';
import type { ItemList } from '../wire/items';
import type { CheckpointRunRequest, StoredInput } from '../wire/runs';
import type { Problem } from './problem';
import { itemsOf } from './workspace';
import { sampleId } from './workspace-samples';

export interface TrainOn {
	corpusId: string;
	/** A stored one. */
	checkpointId: string;
	/** The model's preset. */
	preset: string;
	/** For people. */
	name: string;
	/** The model's settings; null when they are not known, and then run as they are. */
	config: ExperimentConfig | null;
	/** Labelled sentences of train: the ones that such a run uses. */
	trainSentences: number;
}

/** A few labelled sentences make a step or two an epoch; with fewer steps than this in all nothing is learnt. */
const minSteps = 120;

/**
 * Settings of the stage that is repeated, for a corpus so small that its epochs would be over at once: more epochs, and the
 * decay of the rate stretched over them. Empty for larger ones.
 */
export function stretchedStage(config: ExperimentConfig, trainSentences: number): Record<string, string> {
	const stage = config.stages.findLast(({ objective }) => objective === 'crf');
	if (!stage || trainSentences === 0) return {};
	const used = usedSentences(trainSentences, config.data.limitTrain);
	const epochs = Math.ceil(minSteps / Math.ceil(used / stage.batchSize));
	if (epochs <= stage.epochs) return {};
	const epochDecay = (stage.optimizer.epochDecay * stage.epochs) / epochs;
	return { 'stages.0.epochs': String(epochs), 'stages.0.optimizer.epochDecay': String(epochDecay) };
}

/** The request of a new run. Lexicon and vectors are those that the checkpoint's own run read, as far as they are still here. */
export function trainOnRequest(
	{ corpusId, checkpointId, preset, name, config, trainSentences }: TrainOn,
	list: ItemList | null,
): CheckpointRunRequest {
	return {
		kind: 'from-checkpoint',
		input: { kind: 'stored', stored: { ...inputOf(checkpointId, preset, list), corpusId } },
		name,
		preset,
		seed: null,
		settings: config ? stretchedStage(config, trainSentences) : {},
		checkpointId,
	};
}

type Means = Omit<StoredInput, 'corpusId'>;

const sampleMeans: Means = {
	lexiconId: sampleId,
	characterVectorsId: `${sampleId}-characters`,
	bigramVectorsId: `${sampleId}-bigrams`,
	wordVectorsId: `${sampleId}-words`,
};

function inputOf(checkpointId: string, preset: string, list: ItemList | null): Means {
	const checkpoint = itemsOf(list, 'checkpoint').find(({ id }) => id === checkpointId);
	const run = itemsOf(list, 'run').find(({ id }) => id === checkpoint?.detail.runId);
	const isOfSample = !run && preset.startsWith(sampleId);
	const wanted = run?.detail.input ?? (isOfSample ? sampleMeans : null);
	const isThere = (kind: AnyItem['kind'], id: string | null) =>
		list?.items.some((item) => item.kind === kind && item.id === id && item.trashedAtMs === null) ? id : null;
	return {
		lexiconId: isThere('lexicon', wanted?.lexiconId ?? null),
		characterVectorsId: isThere('vectors', wanted?.characterVectorsId ?? null),
		bigramVectorsId: isThere('vectors', wanted?.bigramVectorsId ?? null),
		wordVectorsId: isThere('vectors', wanted?.wordVectorsId ?? null),
	};
}

/** Types among these labels that the model has no labels for. */
export function unknownTypes(labels: readonly Pick<Span, 'type'>[], known: readonly string[]): string[] {
	return [...new Set(labels.map(({ type }) => type))].filter((type) => !known.includes(type));
}

/** Why a model cannot be trained on with such types. */
export function unknownTypesProblem(types: readonly string[], known: readonly string[], model: string): Problem {
	return {
		kind: 'user',
		code: 'labels-unknown-to-model',
		location: '',
		expected: `entity types known to ${model}: ${known.join(', ')}`,
		found: types.join(', '),
		remedy: 'Train a new model on this corpus to learn all its types, or rename or ignore these types in Data.',
	};
}
