// The batches to time: real ones of Weibo and Resume where the corpora are there, else generated ones with as many
// characters and words; each for about N = 50, 100, 180 and 300 lattice nodes and batches of 10 and 40 sentences.

import { prepareInputs, readCorpora } from '../src/cli/read-inputs';
import { epochBatches } from '../src/data/batches';
import { type LatticeSentence, nodeCount } from '../src/data/lattice';
import type { PreparedData } from '../src/data/prepared';
import type { ExperimentConfig, Objective } from '../src/experiment/config';
import type { LabelSet } from '../src/experiment/labels';
import { findPreset, presetConfig } from '../src/experiment/presets';
import { type NetworkShape, networkShape } from '../src/model/shape';
import { sharedPath } from '../src/testing/shared-data';
import { RandomStream } from '../src/util/random';
import { median } from './bench-row';

export interface StepCase {
	name: string;
	objective: Objective;
	shape: NetworkShape;
	labels: LabelSet;
	temperature: number;
	/** Nodes of the longest sentence, median over the batches. */
	n: number;
	batchSize: number;
	batches: LatticeSentence[][];
}

export interface BenchCorpus {
	name: 'Weibo' | 'Resume';
	config: ExperimentConfig;
	data: PreparedData;
}

const files = {
	Weibo: {
		train: 'data/weibo/weiboNER_2nd_conll.train',
		dev: 'data/weibo/weiboNER_2nd_conll.dev',
		test: 'data/weibo/weiboNER_2nd_conll.test',
	},
	Resume: {
		train: 'data/resume/train.char.bmes',
		dev: 'data/resume/dev.char.bmes',
		test: 'data/resume/test.char.bmes',
	},
} as const;

/** A published preset with its corpus, ready to train; null where the corpora or vectors are not there. */
export async function readBenchCorpus(name: BenchCorpus['name']): Promise<BenchCorpus | null> {
	const config = presetConfig(findPreset(name.toLowerCase()).name);
	const vectors = ['uni', 'bi', 'word'].map((kind) => sharedPath(`embeddings/${kind}.50d.vec.gz`));
	const [train, dev, test] = Object.values(files[name]).map(sharedPath);
	if (!train || !dev || !test || vectors.includes(null)) return null;
	const [characterVectors, bigramVectors, wordVectors] = vectors as string[];
	const paths = { train, dev, test, characterVectors, bigramVectors, wordVectors };
	const { data } = await prepareInputs(paths, await readCorpora(paths, config), config);
	return { name, config, data };
}

/** Batches as training meets them: the first ones of an epoch. */
export function mixCase(corpus: BenchCorpus, objective: Objective, batchSize: number, count: number): StepCase {
	const batches = epochOf(corpus, batchSize, 'uniform').slice(0, count);
	return caseOf(corpus, `${kindOf(objective)}, ${corpus.name} mix`, objective, batches);
}

/** Batches whose longest sentence has about `n` nodes; generated where the corpus has none, or there is no corpus. */
export function sizeCase(corpus: BenchCorpus | null, objective: Objective, batchSize: number, n: number): StepCase {
	if (corpus) {
		const candidates = [...epochOf(corpus, batchSize, 'uniform'), ...epochOf(corpus, batchSize, 'by-length')];
		const batches = candidates
			.filter((batch) => batch.length === batchSize && Math.abs(longest(batch) / n - 1) < 0.12)
			.sort((left, right) => Math.abs(longest(left) - n) - Math.abs(longest(right) - n));
		if (batches.length >= 2) {
			return caseOf(corpus, `${kindOf(objective)}, ${corpus.name} N~${n}`, objective, batches.slice(0, 4));
		}
	}
	return generatedCase(objective, batchSize, n);
}

/** A batch of sentences of one size over tables with the given number of rows. */
export function generatedCase(objective: Objective, batchSize: number, n: number, rows = generatedRows): StepCase {
	const stream = new RandomStream(7);
	const words = Math.round(n * 0.23);
	const sentences = () => Array.from({ length: batchSize }, () => generatedSentence(n - words, words, rows, stream));
	const { model, stages } = presetConfig('weibo');
	const shape: NetworkShape = {
		model,
		latticeRows: rows.lattice,
		latticeSize: model.embeddingSize,
		bigramRows: rows.bigram,
		bigramSize: model.embeddingSize,
		tagCount: generatedTags.length,
		tagOffset: 0,
		maxDistance: Math.max(176, n),
		bert: null,
	};
	return {
		name: `${kindOf(objective)}, generated N=${n}`,
		objective,
		shape,
		labels: { tags: generatedTags },
		temperature: stages[0].temperature,
		n,
		batchSize,
		batches: [sentences(), sentences(), sentences()],
	};
}

const generatedRows = { lattice: 11000, bigram: 34500 };
const generatedTags = [
	'<pad>',
	'<unk>',
	'O',
	...['PER', 'LOC', 'ORG', 'GPE'].flatMap((type) =>
		['NAM', 'NOM'].flatMap((kind) => [`B-${type}.${kind}`, `I-${type}.${kind}`]),
	),
];

/** Random rows, words of two or three characters, one character in twenty within an entity as in Weibo. */
function generatedSentence(
	characters: number,
	words: number,
	limits: { lattice: number; bigram: number },
	stream: RandomStream,
): LatticeSentence {
	const rows = (length: number, limit: number) => Int32Array.from({ length }, () => 2 + stream.below(limit - 2));
	const wordStart = Int32Array.from({ length: words }, () => stream.below(characters - 3)).sort();
	return {
		characterRows: rows(characters, Math.min(3000, limits.lattice)),
		bigramRows: rows(characters, limits.bigram),
		wordRows: rows(words, limits.lattice),
		wordStart,
		wordLast: wordStart.map((start) => start + 1 + stream.below(2)),
		tags: Int32Array.from({ length: characters }, () =>
			stream.below(20) === 0 ? 3 + stream.below(generatedTags.length - 3) : 2,
		),
	};
}

function caseOf(corpus: BenchCorpus, name: string, objective: Objective, batches: LatticeSentence[][]): StepCase {
	const { config, data } = corpus;
	return {
		name,
		objective,
		shape: networkShape(config, data),
		labels: data.labels,
		temperature: config.stages[0].temperature,
		n: Math.round(median(batches.map(longest))),
		batchSize: batches[0].length,
		batches,
	};
}

function epochOf({ config, data }: BenchCorpus, batchSize: number, batching: 'uniform' | 'by-length') {
	const { train } = data.splits;
	const order = { seed: config.seed, stage: 'full', epoch: 1, batchSize, batching, sizes: train.map(nodeCount) };
	return epochBatches(order).map((indices) => Array.from(indices, (index) => train[index]));
}

export function longest(batch: readonly LatticeSentence[]): number {
	return Math.max(...batch.map(nodeCount));
}

function kindOf(objective: Objective): string {
	return objective === 'crf' ? 'finetuning' : 'contrastive';
}
