// What presets are made of: the published settings that all of them begin from, and the stages. Numbers are those of the
// published training scripts (Zhang et al., IJCAI 2023).

import {
	asIntended,
	asPublished,
	type BertSettings,
	type DataConfig,
	type ExperimentConfig,
	type ModelConfig,
	type OptimizerConfig,
	publishedGroups,
	type StageConfig,
} from './config';
import { configVersion } from './config-versions';
import type { Words } from './field';

/** Corpora of the published experiments, as names of presets call them. */
export type PublishedCorpus = 'weibo' | 'resume' | 'msra' | 'ontonotes';

export type PresetName =
	| PublishedCorpus
	| `flat-${PublishedCorpus}`
	| 'flat-stage2-weibo'
	| 'flat-stage2-resume'
	| `${PublishedCorpus}-bert`
	| `flat-bert-${PublishedCorpus}`
	| `bert-${PublishedCorpus}`
	| `bert-${PublishedCorpus}-nerco`
	| 'smoke'
	| 'smoke-bert'
	| 'sample'
	| 'sample-flat';

export interface Preset {
	name: PresetName;
	/** A few words for people, shown with the name. */
	title: Words;
	/** One sentence for people: what it trains and for whom. */
	summary: Words;
	config: ExperimentConfig;
	/** Updates that each stage should get on a corpus of any size; the epochs are derived from it. Absent: epochs are fixed. */
	targetSteps?: readonly number[];
}

/** The encoder of the published scripts: FLAT with one layer, 10 heads of 20, without BERT. */
const publishedModel: ModelConfig = {
	encoder: 'flat',
	heads: 10,
	headSize: 20,
	layers: 1,
	feedForwardFactor: 3,
	fusion: 'ff_two',
	distanceOrigin: 'shifted',
	bigrams: true,
	lexicon: true,
	embeddingSize: 50,
	crfStartEnd: false,
	constrainedDecoding: false,
	embeddingDropout: 0.5,
	feedForwardDropout: 0.15,
	outputDropout: 0.3,
	wordDropout: 0.01,
};

/** How the published program uses BERT, where it does. */
const publishedBert: BertSettings = { wordDropout: 0.01, outputDropout: 0, features: 'fresh', recompute: 'auto' };

/** The published optimiser; rates, decay and warm-up differ per corpus and stage. */
export const publishedSgd: OptimizerConfig = {
	kind: 'sgd',
	learningRate: 4e-4,
	momentum: 0.9,
	beta2: 0.999,
	epsilon: 1e-8,
	weightDecay: 0.05,
	clipValue: 5,
	clipNorm: 0,
	layerDecay: 1,
	decaysBiases: true,
	schedule: 'constant',
	warmup: 0.05,
	epochDecay: 0.05,
};

const allData: DataConfig = {
	limitTrain: 0,
	clipLength: 0,
	clipTest: false,
	normalizeEmbeddings: true,
	devIsTest: false,
};

/** The published scripts plan 100 epochs and stop by patience. */
const crfStage: StageConfig = {
	name: 'full',
	objective: 'crf',
	trains: 'all',
	batchSize: 10,
	batching: 'uniform',
	epochs: 100,
	stopAfter: 0,
	patience: 15,
	updateEvery: 1,
	accumulation: 'mean',
	groups: publishedGroups,
	temperature: 0.08,
	optimizer: publishedSgd,
};

export type StageChange = Partial<Omit<StageConfig, 'optimizer'>> & { optimizer?: Partial<OptimizerConfig> };

export function stage(base: StageConfig, change: StageChange): StageConfig {
	return { ...base, ...change, optimizer: { ...base.optimizer, ...change.optimizer } };
}

/** Stage 1: pulls the characters of one entity type together. Patience 10 on the dev loss. */
export function contrastive(change: StageChange): StageConfig {
	return stage({ ...crfStage, name: 'contrastive', objective: 'contrastive', patience: 10 }, change);
}

/** Stage 2a: only the output layer and the CRF learn, the encoder keeps what stage 1 found. */
export function head(change: StageChange): StageConfig {
	return stage({ ...crfStage, name: 'head', trains: 'head' }, change);
}

/** Stage 2b, or FLAT from scratch: everything learns for the tags. */
export function full(change: StageChange): StageConfig {
	return stage(crfStage, change);
}

interface PresetChange {
	seed: number;
	model?: Partial<ModelConfig>;
	data?: Partial<DataConfig>;
	stages: StageConfig[];
}

export function published(preset: PresetName, change: PresetChange): ExperimentConfig {
	return {
		version: configVersion(),
		preset,
		seed: change.seed,
		model: { ...publishedModel, ...change.model },
		bert: { ...publishedBert },
		data: { ...allData, ...change.data },
		stages: change.stages,
		quirks: { ...asPublished },
	};
}

/** As intended: none of the published program's slips. */
export function intended(preset: PresetName, change: PresetChange): ExperimentConfig {
	const config = published(preset, change);
	return { ...config, model: { ...config.model, distanceOrigin: 'centred' }, quirks: { ...asIntended } };
}

export const weiboSeed = 1080956;
export const resumeSeed = 24;

/** Resume and OntoNotes use 8 heads of 20 in the published scripts. */
export const eightHeads: Partial<ModelConfig> = { heads: 8 };

/** MSRA and OntoNotes hold sentences far beyond 200 characters; the published loader clips them. */
export const clipped: Partial<DataConfig> = { clipLength: 200 };

/** MSRA comes without a dev split: the published script measures dev on test. */
export const msraData: Partial<DataConfig> = { ...clipped, devIsTest: true };

/** Stage 2 of each corpus: weight decay 0 and a long warm-up on MSRA; on OntoNotes no warm-up (so the epoch decay acts) and two batches an update. */
export const stageTwo = {
	weibo: {} satisfies StageChange,
	resume: { temperature: 0.07 } satisfies StageChange,
	msra: { temperature: 0.07, optimizer: { warmup: 0.1, weightDecay: 0 } } satisfies StageChange,
	ontonotes: {
		temperature: 0.07,
		updateEvery: 2,
		optimizer: { learningRate: 6e-4, warmup: 0 },
	} satisfies StageChange,
};
