// One run through every operation of a device, on small seeded inputs of odd sizes, for comparing devices with each
// other. What comes back is free of any row layout: padding is left out, and rows are in the order of the sentences.
// Padding rows hold junk on the way in, so that a device that lets them through differs. For tests and self-checks.

import { arrangeBatch } from '../data/arrange-batch';
import type { Batch } from '../data/batch';
import type { LatticeSentence } from '../data/lattice';
import { siteKey } from '../util/counter-random';
import { RandomStream } from '../util/random';
import type { CrfParameters, Device, Matrix, Scores } from './operations';
import { findParameter, layOutParameters, type ParameterLayout, trainedAlike } from './parameters';

export interface ConformanceResult {
	/** Operation, then quantity: "linear/output". */
	name: string;
	values: ArrayLike<number>;
}

const heads = 3;
const width = 15; // H: five numbers a head
const tagCount = 7; // K
const tableRows = 11;
const junk = 3.5;

/** Runs everything; leaves the device without an open step, its parameters replaced. */
export async function runConformance(device: Device, seed = 7): Promise<ConformanceResult[]> {
	const run = new ConformanceRun(device, seed);
	await run.rows();
	await run.dense();
	await run.embeddings();
	await run.fusion('pair');
	await run.fusion('triple');
	await run.attention();
	await run.crf(false);
	await run.crf(true);
	await run.contrastive();
	await run.updates();
	return run.results;
}

class ConformanceRun {
	readonly results: ConformanceResult[] = [];
	private readonly layout: ParameterLayout;
	private readonly random: RandomStream;
	private readonly sentences: LatticeSentence[];
	private batch: Batch;

	constructor(
		private readonly device: Device,
		seed: number,
	) {
		this.random = new RandomStream(seed);
		this.sentences = [this.sentence(6, 3), this.sentence(3, 0), this.sentence(1, 1), this.sentence(9, 4)];
		this.batch = this.arrange('pair');
		this.layout = layOutParameters([
			{ name: 'weight', shape: [9, width] },
			{ name: 'bias', shape: [9] },
			{ name: 'vector', shape: [heads, width / heads] },
			{ name: 'gain', shape: [width] },
			{ name: 'shift', shape: [width] },
			{ name: 'table', shape: [tableRows, 10] },
			{ name: 'transitions', shape: [tagCount, tagCount] },
			{ name: 'start', shape: [tagCount] },
			{ name: 'end', shape: [tagCount] },
		]);
		device.openParameters(this.layout);
		device.writeParameters(this.flat());
	}

	/** Moving rows and columns about, adding, dropping. */
	async rows(): Promise<void> {
		const { device, batch } = this;
		this.begin();
		const lattice = this.nodes(width);
		const other = this.nodes(width);
		const characters = device.gatherRows(lattice, device.uploadIndices(batch.characterRow));
		const words = device.gatherRows(lattice, device.uploadIndices(batch.wordRow));
		const placed = device.placeRows(
			[
				{ matrix: characters, rows: device.uploadIndices(batch.characterRow) },
				{ matrix: words, rows: device.uploadIndices(batch.wordRow) },
			],
			batch.rowCount,
		);
		const joined = device.concatColumns([lattice, other, lattice]);
		const [, middle, last] = device.splitColumns(joined, [width - 2, 4, 2 * width - 2]);
		const rowKeys = device.uploadIndices(batch.rowKey);
		const dropout = { rate: 0.4, key: siteKey(24, 3, 2), rowKeys };
		await this.noteCharacters('gatherRows/characters', characters);
		await this.noteWords('gatherRows/words', words);
		await this.noteNodes('placeRows', placed);
		await this.noteNodes('add', device.add(lattice, other));
		await this.noteNodes('concatColumns', joined);
		await this.noteNodes('splitColumns/middle', middle);
		await this.noteNodes('splitColumns/last', last);
		await this.noteNodes('dropout', device.dropout(lattice, dropout));
		await this.note('zeros', device.zeros(3, 5));
		const small = device.upload(this.draw(7 * 4), 7, 4);
		await this.note('sliceRows', device.sliceRows(small, 2, 3));
		await this.note('upload', small);
		device.endStep();
	}

	async dense(): Promise<void> {
		const { device } = this;
		const [weight, bias, vector] = ['weight', 'bias', 'vector'].map((name) => findParameter(this.layout, name));
		for (const relu of [false, true])
			for (const [columnStart, columnCount] of [
				[0, width],
				[4, 7],
			]) {
				this.begin();
				const name = `linear${relu ? '+relu' : ''}/${columnStart}`;
				const input = device.upload(this.draw(13 * columnCount), 13, columnCount);
				const call = {
					input,
					weight: { entry: weight, columnStart, columnCount },
					bias: columnStart === 0 ? bias : null,
					relu,
				};
				const output = device.linear(call);
				const gradient = device.upload(this.draw(13 * 9), 13, 9);
				const given = device.linearBackward(call, output, gradient, { inputs: true, parameters: true });
				await this.note(`${name}/output`, output);
				if (given) await this.note(`${name}/input gradient`, given);
				await this.noteGradients(`${name}/parameters`);
				device.endStep();
			}
		this.begin();
		const matrix = this.nodes(width);
		const gradient = this.nodes(width, 0);
		await this.noteNodes('addVector/output', device.addVector(matrix, vector));
		device.addVectorBackward(vector, gradient);
		await this.noteGradients('addVector/parameters');
		const call = {
			input: this.nodes(width),
			residual: this.nodes(width),
			gain: findParameter(this.layout, 'gain'),
			bias: findParameter(this.layout, 'shift'),
		};
		const { output, saved } = device.residualLayerNorm(call);
		const given = device.residualLayerNormBackward(call, saved, gradient, { inputs: true, parameters: true });
		await this.noteNodes('residualLayerNorm/output', output);
		if (given) await this.noteNodes('residualLayerNorm/input gradient', given);
		await this.noteGradients('residualLayerNorm/parameters');
		device.endStep();
	}

	async embeddings(): Promise<void> {
		const { device } = this;
		this.begin();
		const table = findParameter(this.layout, 'table');
		const ids = device.uploadIndices(Int32Array.of(3, -1, 0, 3, 10, 7, 3, 1, -1, 10, 0, 2, 5));
		await this.note('embeddingRows/output', device.embeddingRows(table, ids));
		device.embeddingRowsBackward(table, ids, device.upload(this.draw(13 * 10), 13, 10));
		device.embeddingRowsBackward(table, ids, device.upload(this.draw(13 * 10), 13, 10));
		await this.noteGradients('embeddingRows/parameters');
		device.endStep();
	}

	async fusion(kind: 'pair' | 'triple'): Promise<void> {
		const { device } = this;
		this.batch = this.arrange(kind);
		this.begin();
		const { reach, ss, se, es, ee } = this.batch.distances;
		const lists = (kind === 'pair' ? [ss, ee] : [ss, se, es, ee]).map((list) =>
			device.uploadIndices(list.map((distance) => distance + reach)),
		);
		const tables = lists.map(() => device.upload(this.draw((2 * reach + 1) * width), 2 * reach + 1, width));
		const gradient = this.distances(width);
		for (const relu of [false, true]) {
			const output = device.distanceRows(tables, lists, relu);
			const given = device.distanceRowsBackward(tables, lists, relu, output, gradient);
			await this.noteDistances(`distanceRows/${kind}/${relu}/output`, output);
			for (const one of given) await this.note(`distanceRows/${kind}/${relu}/gradient`, one);
		}
		for (const share of [1, width]) {
			const name = `mixRows/${kind}/${share}`;
			const weights = device.softmaxGroups(this.distances(lists.length * share), lists.length);
			const weightsGradient = this.distances(lists.length * share);
			await this.noteDistances(`softmaxGroups/${kind}/${share}/output`, weights);
			const given = device.softmaxGroupsBackward(weights, lists.length, weightsGradient);
			await this.noteDistances(`softmaxGroups/${kind}/${share}/gradient`, given);
			await this.noteDistances(`${name}/output`, device.mixRows(tables[0], lists, weights));
			const mixed = device.mixRowsBackward(tables[0], lists, weights, gradient);
			await this.note(`${name}/values gradient`, mixed.values);
			await this.noteDistances(`${name}/weights gradient`, mixed.weights);
		}
		device.endStep();
	}

	async attention(): Promise<void> {
		const { device } = this;
		this.begin();
		const inputs = [this.nodes(width), this.nodes(width), this.nodes(width), this.distances(width)] as const;
		const value = this.nodes(width);
		const scores = device.relativeScores(...inputs, heads);
		const probabilities = device.maskedSoftmax(scores);
		const output = device.weightedValues(probabilities, value);
		const given = device.weightedValuesBackward(probabilities, value, this.nodes(width, 0));
		const scoresGradient = device.maskedSoftmaxBackward(probabilities, given.probabilities);
		const gradients = device.relativeScoresBackward(...inputs, scoresGradient);
		await this.noteScores('relativeScores/output', scores);
		await this.noteScores('maskedSoftmax/output', probabilities);
		await this.noteNodes('weightedValues/output', output);
		await this.noteScores('weightedValues/probabilities gradient', given.probabilities);
		await this.noteNodes('weightedValues/value gradient', given.value);
		await this.noteScores('maskedSoftmax/gradient', scoresGradient);
		await this.noteNodes('relativeScores/contentQuery gradient', gradients.contentQuery);
		await this.noteNodes('relativeScores/key gradient', gradients.key);
		await this.noteNodes('relativeScores/positionQuery gradient', gradients.positionQuery);
		await this.noteDistances('relativeScores/relative gradient', gradients.relative);
		device.endStep();
	}

	async crf(hasEnds: boolean): Promise<void> {
		const { device, batch } = this;
		const name = hasEnds ? 'crf with ends' : 'crf';
		const [transitions, start, end] = ['transitions', 'start', 'end'].map((key) => findParameter(this.layout, key));
		const crf: CrfParameters = { transitions, start: hasEnds ? start : null, end: hasEnds ? end : null };
		this.begin();
		const emissions = this.characters(tagCount);
		const tags = device.uploadIndices(batch.tags);
		const { perSentence, saved } = device.crfLoss(emissions, crf, tags);
		const wanted = { inputs: true, parameters: true };
		const gradient = device.crfLossBackward(emissions, crf, tags, saved, 0.25, wanted);
		await this.note(`${name}/loss`, perSentence);
		await this.noteCharacters(`${name}/emissions gradient`, gradient);
		await this.noteGradients(`${name}/parameters`);
		const constraints = new Float32Array((tagCount + 2) ** 2);
		for (const [from, to] of [
			[0, 3],
			[2, 2],
			[4, 1],
			[tagCount, 5],
			[tagCount, 6],
		])
			constraints[from * (tagCount + 2) + to] = -10000;
		for (const constraint of [null, constraints]) {
			const decoding = await device.crfDecode(emissions, crf, constraint);
			const label = constraint ? `${name}/constrained` : `${name}/free`;
			this.results.push({ name: `${label} path`, values: decoding.tags.slice(0, batch.realCharacterCount) });
			this.results.push({ name: `${label} score`, values: decoding.scores });
		}
		const marginals = await device.crfMarginals(emissions, crf);
		this.results.push({ name: `${name}/marginals`, values: marginals.slice(0, batch.realCharacterCount * tagCount) });
		device.endStep();
	}

	async contrastive(): Promise<void> {
		const { device, batch } = this;
		this.begin();
		const classes = new Int32Array(batch.characterRow.length).fill(-1);
		// Class 4 has one member, class 5 none; one character takes no part.
		for (let character = 0; character < batch.realCharacterCount; character++) classes[character] = character % 4;
		classes[5] = 4;
		classes[8] = -1;
		const features = this.characters(width);
		const call = { features, classes, classCount: 6, outsideClass: 1, temperature: 0.07 };
		const { loss, perClass, saved } = device.contrastiveLoss(call);
		await this.note('contrastive/loss', loss);
		await this.note('contrastive/per class', perClass);
		await this.noteCharacters('contrastive/features gradient', device.contrastiveLossBackward(call, saved));
		const empty = device.contrastiveLoss({ ...call, classes: classes.map((index) => (index < 0 ? -1 : 1)) });
		await this.note('contrastive/loss without classes', empty.loss);
		device.endStep();
	}

	/** Two updates by each rule on gradients that a linear layer gave; one parameter is not trained. */
	async updates(): Promise<void> {
		const { device } = this;
		const [weight, bias] = ['weight', 'bias'].map((name) => findParameter(this.layout, name));
		const settings = { learningRate: 0.05, weightDecay: 0.1, clipNorm: 0, clipValue: 0.8 };
		for (const kind of ['sgd', 'adamw'] as const) {
			device.openParameters(this.layout);
			device.writeParameters(this.flat());
			for (const count of [1, 2]) {
				this.begin();
				const input = device.upload(this.draw(13 * width), 13, width);
				const call = { input, weight: { entry: weight, columnStart: 0, columnCount: width }, bias, relu: false };
				const gradient = device.upload(this.draw(13 * 9), 13, 9);
				device.linearBackward(call, device.linear(call), gradient, { inputs: false, parameters: true });
				const rule =
					kind === 'sgd'
						? ({ kind, momentum: 0.9, ...settings } as const)
						: ({ kind, beta1: 0.9, beta2: 0.99, epsilon: 1e-6, count, ...settings } as const);
				device.update(rule, trainedAlike(count === 1 ? [weight, bias] : [weight]));
				device.endStep();
			}
			this.results.push({ name: `update/${kind}/values`, values: await device.readParameters() });
			this.results.push({ name: `update/${kind}/gradients`, values: await device.readGradients() });
			const { first, second } = await device.readOptimizerState();
			this.results.push({ name: `update/${kind}/first`, values: first });
			if (kind === 'adamw') this.results.push({ name: `update/${kind}/second`, values: second ?? [] });
		}
	}

	private begin(): void {
		this.device.zeroGradients();
		this.device.beginStep(this.batch);
	}

	private arrange(distanceKind: 'pair' | 'triple'): Batch {
		const indices = this.sentences.map((_, index) => index);
		return arrangeBatch(this.sentences, indices, { layout: this.device.rowLayout, distanceKind });
	}

	private sentence(characters: number, words: number): LatticeSentence {
		const list = (length: number, limit: number) => Int32Array.from({ length }, () => this.random.below(limit));
		const wordStart = list(words, Math.max(1, characters - 1)).sort();
		return {
			characterRows: list(characters, tableRows),
			bigramRows: list(characters, tableRows),
			wordRows: list(words, tableRows),
			wordStart,
			wordLast: wordStart.map((start) => Math.min(characters - 1, start + 1 + this.random.below(3))),
			tags: list(characters, tagCount),
		};
	}

	/** Numbers in [-1, 1). */
	private draw(length: number): Float32Array {
		return Float32Array.from({ length }, () => 2 * this.random.uniform() - 1);
	}

	private flat(): Float32Array {
		const flat = new Float32Array(this.layout.size);
		for (const { offset, size } of this.layout.entries) flat.set(this.draw(size), offset);
		return flat;
	}

	/** Drawn numbers in the rows of the batch's nodes, something else in padding. */
	private nodes(columns: number, padding = junk): Matrix {
		return this.spread(realNodeRows(this.batch), this.batch.rowCount, columns, padding);
	}

	private characters(columns: number): Matrix {
		return this.spread(firstRows(this.batch.realCharacterCount), this.batch.characterRow.length, columns, junk);
	}

	/** Padding holds 0: its tuple is shared by nothing real, but gradients of tables count every row. */
	private distances(columns: number): Matrix {
		const { realCount, count } = this.batch.distances;
		return this.spread(firstRows(realCount), count, columns, 0);
	}

	private spread(rows: readonly number[], rowCount: number, columns: number, padding: number): Matrix {
		const values = new Float32Array(rowCount * columns).fill(padding);
		for (const row of rows) values.set(this.draw(columns), row * columns);
		return this.device.upload(values, rowCount, columns);
	}

	private async note(name: string, matrix: Matrix): Promise<void> {
		this.results.push({ name, values: await this.device.read(matrix) });
	}

	private async noteNodes(name: string, matrix: Matrix): Promise<void> {
		await this.noteRows(name, matrix, realNodeRows(this.batch));
	}

	private async noteCharacters(name: string, matrix: Matrix): Promise<void> {
		await this.noteRows(name, matrix, firstRows(this.batch.realCharacterCount));
	}

	private async noteWords(name: string, matrix: Matrix): Promise<void> {
		await this.noteRows(name, matrix, firstRows(this.batch.wordRow.filter((row) => row >= 0).length));
	}

	private async noteDistances(name: string, matrix: Matrix): Promise<void> {
		await this.noteRows(name, matrix, firstRows(this.batch.distances.realCount));
	}

	private async noteRows(name: string, matrix: Matrix, rows: readonly number[]): Promise<void> {
		const values = await this.device.read(matrix);
		const { columns } = matrix;
		const kept = new Float32Array(rows.length * columns);
		rows.forEach((row, index) => {
			kept.set(values.subarray(row * columns, (row + 1) * columns), index * columns);
		});
		this.results.push({ name, values: kept });
	}

	private async noteScores(name: string, scores: Scores): Promise<void> {
		const values = await this.device.readScores(scores);
		const kept: number[] = [];
		const { nodeCount, blockSize, pairOffset } = this.batch;
		nodeCount.forEach((count, sentence) => {
			const side = blockSize[sentence];
			for (let head = 0; head < scores.heads; head++)
				for (let query = 0; query < count; query++) {
					const start = scores.heads * pairOffset[sentence] + head * side * side + query * side;
					kept.push(...values.subarray(start, start + count));
				}
		});
		this.results.push({ name, values: kept });
	}

	private async noteGradients(name: string): Promise<void> {
		this.results.push({ name, values: await this.device.readGradients() });
	}
}

/** Rows of the batch's real nodes, sentence after sentence. */
function realNodeRows(batch: Batch): number[] {
	return Array.from(batch.nodeCount).flatMap((count, sentence) =>
		firstRows(count).map((node) => batch.rowOffset[sentence] + node),
	);
}

function firstRows(count: number): number[] {
	return Array.from({ length: count }, (_, index) => index);
}

/** Largest difference between two results, over the larger of 1 and the expected number's size. */
export function largestDifference(given: ArrayLike<number>, expected: ArrayLike<number>): number {
	if (given.length !== expected.length) return Number.POSITIVE_INFINITY;
	let largest = 0;
	for (let index = 0; index < expected.length; index++) {
		const difference = Math.abs(given[index] - expected[index]) / Math.max(1, Math.abs(expected[index]));
		if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
	}
	return largest;
}
