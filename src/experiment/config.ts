// The settings of an experiment: what a preset fills in, a form edits, a checkpoint carries and a run obeys.
// Words and ranges for people stand in fields.ts; values for known corpora in presets.ts.

/** How the four distances between two lattice nodes become one vector (FLAT, Li et al. 2020, section 3.2; code of NerCo). */
export type FusionName = 'ff_two' | 'ff' | 'ff_linear' | 'attn' | 'gate';
export const fusionNames: readonly FusionName[] = ['ff_two', 'ff', 'ff_linear', 'attn', 'gate'];

/** Which sinusoids stand for a distance d: `centred`, those of d, as FLAT's paper has it; `shifted`, those of d plus
 *  the characters of the longest sentence, as the published training scripts run it. */
export type DistanceOrigin = 'centred' | 'shifted';
export const distanceOrigins: readonly DistanceOrigin[] = ['centred', 'shifted'];

/** What gives each character its vector: the lattice encoder, the same with BERT's vectors among its input, or BERT alone. */
export type EncoderName = 'flat' | 'flat-bert' | 'bert';
export const encoderNames: readonly EncoderName[] = ['flat', 'flat-bert', 'bert'];

/** Whether training reads features of BERT that nothing was dropped from: its scores are not those of the published form. */
export function cachesFeatures({ model, bert }: Pick<ExperimentConfig, 'model' | 'bert'>): boolean {
	return usesBert(model) && bert.features === 'cached';
}

export function usesBert({ encoder }: Pick<ModelConfig, 'encoder'>): boolean {
	return encoder !== 'flat';
}

export interface ModelConfig {
	encoder: EncoderName;
	/** Attention heads. */
	heads: number;
	/** Width of one head; the model's width is heads * headSize. */
	headSize: number;
	/** Encoder layers. */
	layers: number;
	/** Inner width of the feed-forward sublayer over the model's width. */
	feedForwardFactor: number;
	fusion: FusionName;
	distanceOrigin: DistanceOrigin;
	/** Whether a character's input also holds the embedding of its bigram. */
	bigrams: boolean;
	/** Whether matched lexicon words are nodes of the lattice. */
	lexicon: boolean;
	/** Width of one embedding row when no vector file decides it. */
	embeddingSize: number;
	/** Whether the CRF has scores for the first and the last tag. */
	crfStartEnd: boolean;
	/** Whether decoding forbids ill-formed tag sequences. */
	constrainedDecoding: boolean;
	/** Drop rates in [0, 1): on the concatenated input embeddings, inside the feed-forward sublayer, on the encoder's output. */
	embeddingDropout: number;
	feedForwardDropout: number;
	outputDropout: number;
	/** Probability of replacing a token's embedding by that of `<unk>` in training, per table look-up. */
	wordDropout: number;
}

/** While BERT does not change: its vectors of training text computed anew in each step, with its dropout, or once without. */
export type BertFeatures = 'fresh' | 'cached';
export const bertFeatures: readonly BertFeatures[] = ['fresh', 'cached'];
/** Whether the backward pass computes the inside of BERT's layers again instead of keeping it; `auto`: where memory would not suffice. */
export type Recompute = 'auto' | 'always' | 'never';
export const recomputeChoices: readonly Recompute[] = ['auto', 'always', 'never'];

/** Of networks with BERT; others do not read them. */
export interface BertSettings {
	/** Probability of reading a character as [UNK] in training. */
	wordDropout: number;
	/** Drop rate in [0, 1) behind BERT where it is the whole encoder. */
	outputDropout: number;
	features: BertFeatures;
	recompute: Recompute;
}

/** Parts of a network: both embedding tables, the lattice encoder, output layer and CRF, BERT. */
export type ParameterGroup = 'tables' | 'encoder' | 'head' | 'bert';
export const parameterGroups: readonly ParameterGroup[] = ['tables', 'encoder', 'head', 'bert'];

/** How a stage trains one group. */
export interface GroupConfig {
	/** The stage's learning rate is multiplied by this. */
	rate: number;
	/** Trained from the beginning of this epoch on, from 1; 0: never in this stage. */
	firstEpoch: number;
}

export type Objective = 'contrastive' | 'crf';
/** Which parameters a stage trains: everything that its objective reaches, or the output layer and the CRF alone. */
export type TrainedPart = 'all' | 'head';
export type Batching = 'uniform' | 'by-length';

/** Whether several batches of one update give the mean of their gradients, as published, or the sum. */
export type Accumulation = 'mean' | 'sum';
export const accumulations: readonly Accumulation[] = ['mean', 'sum'];
/** After the warm-up the rate stays, or falls in a line to 0 where the planned updates end. */
export type Schedule = 'constant' | 'linear';
export const schedules: readonly Schedule[] = ['constant', 'linear'];

export interface OptimizerConfig {
	kind: 'sgd' | 'adamw';
	learningRate: number;
	/** Momentum of SGD, or the first decay rate (beta 1) of AdamW. */
	momentum: number;
	/** Second decay rate of AdamW. */
	beta2: number;
	/** Added to AdamW's denominator. */
	epsilon: number;
	/** SGD: L2 term added to the clipped gradient. AdamW: decoupled decay. */
	weightDecay: number;
	/** Each gradient element is clipped to [-clipValue, clipValue]; 0 for no clipping. */
	clipValue: number;
	/** Largest norm of all trained gradients together, before clipValue; 0 for no limit. */
	clipNorm: number;
	/** Rate of a layer of BERT over that of the layer above it, in (0, 1]; the embeddings count as a layer. */
	layerDecay: number;
	/** Whether biases and LayerNorm decay like all else. */
	decaysBiases: boolean;
	schedule: Schedule;
	/** Share of all planned steps over which the rate rises from 0. */
	warmup: number;
	/** d in rate / (1 + d * (epoch - 1)); 0 for none. */
	epochDecay: number;
}

export interface StageConfig {
	/** Stable name; `contrastive`, `head` and `full` in NerCo. */
	name: string;
	objective: Objective;
	trains: TrainedPart;
	batchSize: number;
	batching: Batching;
	/** Planned epochs: the schedule's length. */
	epochs: number;
	/** Ends the stage after this many epochs without changing its schedule; 0 for none. */
	stopAfter: number;
	/** Epochs without improvement on dev after which the stage ends. */
	patience: number;
	/** Batches whose gradients make one update. */
	updateEvery: number;
	accumulation: Accumulation;
	groups: Record<ParameterGroup, GroupConfig>;
	/** Temperature of the contrastive loss. */
	temperature: number;
	optimizer: OptimizerConfig;
}

/** Behaviours of the published program that look like slips. True: as published. False: as intended. */
export interface QuirkConfig {
	/** A corpus line that starts with '#' is lost (except the first line of a file). */
	dropHashLines: boolean;
	/** After a malformed line its sentence and all later sentences of the file are lost. */
	stopAtMalformedLine: boolean;
	/** `<pad>` and `<unk>` are tags that the CRF can decode. */
	padTag: boolean;
	/** Dev and test text count in the order of the vocabularies. */
	countDevAndTest: boolean;
	/** With warm-up on, the epoch decay of the rate never acts. */
	warmupSilencesDecay: boolean;
	/** No validation at the end of an epoch whose last contrastive batch had loss 0. */
	skipValidationAfterZeroLoss: boolean;
	/** BERT's pieces by WordPiece alone on each token, out of a table cut down to the corpus. */
	bareWordPieces: boolean;
	/** A sentence of more pieces than BERT has positions is refused. */
	refuseLongSentences: boolean;
}
export const asPublished: Readonly<QuirkConfig> = Object.freeze({
	dropHashLines: true,
	stopAtMalformedLine: true,
	padTag: true,
	countDevAndTest: true,
	warmupSilencesDecay: true,
	skipValidationAfterZeroLoss: true,
	bareWordPieces: true,
	refuseLongSentences: true,
});
export const asIntended: Readonly<QuirkConfig> = Object.freeze({
	dropHashLines: false,
	stopAtMalformedLine: false,
	padTag: false,
	countDevAndTest: false,
	warmupSilencesDecay: false,
	skipValidationAfterZeroLoss: false,
	bareWordPieces: false,
	refuseLongSentences: false,
});

/** The groups of the published program while BERT is frozen: all else alike. */
export const publishedGroups: Readonly<Record<ParameterGroup, Readonly<GroupConfig>>> = Object.freeze({
	tables: { rate: 1, firstEpoch: 1 },
	encoder: { rate: 1, firstEpoch: 1 },
	head: { rate: 1, firstEpoch: 1 },
	bert: { rate: 0.05, firstEpoch: 0 },
});

export interface DataConfig {
	/** Use the first n training sentences; 0 for all. */
	limitTrain: number;
	/** Clip longer sentences near this many characters at a sentence end, else a comma, else an entity's end; 0 for none. */
	clipLength: number;
	/** Clip test sentences as well, and dev where it is test: the published MSRA figures are of clipped sentences. */
	clipTest: boolean;
	/** Scale every embedding row to L2 norm 1 after loading. */
	normalizeEmbeddings: boolean;
	/** The dev split is the test split (MSRA has no dev split). */
	devIsTest: boolean;
}

export interface ExperimentConfig {
	/** Version of these settings (config-versions.ts); in memory always the current one. */
	version: number;
	/** Name of the preset that this began as. */
	preset: string;
	/** Seed of everything random; streams per purpose are forked from it. */
	seed: number;
	model: ModelConfig;
	bert: BertSettings;
	data: DataConfig;
	stages: StageConfig[];
	quirks: QuirkConfig;
}
