// Attention on the fused device: relative scores, masked softmax, weighted values, forward and backward.

import type { Matrix, Scores } from '../operations';
import type { ArenaMatrix, ArenaScores } from './arena-values';
import {
	maskedSoftmaxProgram,
	positionQueryGradientProgram,
	relativeScoresProgram,
	scoreThreads,
	softmaxGradientProgram,
	tupleGradientProgram,
} from './attention-programs';
import { pairsOf, sizesOf, tuplesOf } from './batch-lists';
import { arenaProduct, multiply } from './products';
import type { RowLanes } from './row-reduction';
import type { Workspace } from './workspace';

export class AttentionOperations {
	constructor(
		private readonly space: Workspace,
		private readonly lanes: RowLanes,
	) {}

	relativeScores(contentQuery: Matrix, key: Matrix, positionQuery: Matrix, relative: Matrix, heads: number): Scores {
		const { sentences, nodes } = sizesOf(this.space);
		const out = this.space.scores(heads, sentences * heads * nodes * nodes);
		const across = scoreThreads(nodes);
		this.space.run(relativeScoresProgram, {
			count: sentences * heads * nodes * across,
			words: {
				...{ out: out.address, contentQuery: this.space.at(contentQuery), key: this.space.at(key) },
				...{
					positionQuery: this.space.at(positionQuery),
					relative: this.space.at(relative),
					tuples: tuplesOf(this.space).offset,
				},
				...{ nodes, heads, width: key.columns, across },
			},
			work: 2 * sentences * nodes * nodes * key.columns,
		});
		return out;
	}

	relativeScoresBackward(
		contentQuery: Matrix,
		key: Matrix,
		positionQuery: Matrix,
		relative: Matrix,
		scoresGradient: Scores,
	): { contentQuery: Matrix; key: Matrix; positionQuery: Matrix; relative: Matrix } {
		const { nodes } = sizesOf(this.space);
		const { heads } = scoresGradient;
		const { columns: width } = key;
		const scores = this.space.ownScores(scoresGradient).address;
		const common = { scores, nodes, heads, width };
		const positionOut = this.space.matrix(key.rows, width);
		this.space.run(positionQueryGradientProgram, {
			count: positionOut.size,
			words: {
				...common,
				out: positionOut.address,
				relative: this.space.at(relative),
				tuples: tuplesOf(this.space).offset,
			},
			work: positionOut.size * nodes,
		});
		const relativeOut = this.space.matrix(relative.rows, width);
		this.space.run(tupleGradientProgram, {
			count: relativeOut.size,
			words: {
				...common,
				...{ out: relativeOut.address, query: this.space.at(positionQuery) },
				...{ lists: pairsOf(this.space).offset, tuples: relative.rows },
			},
			work: positionOut.size * nodes,
		});
		return {
			contentQuery: this.sumOverKeys(scoresGradient, key, false),
			key: this.sumOverKeys(scoresGradient, contentQuery, true),
			positionQuery: positionOut,
			relative: relativeOut,
		};
	}

	maskedSoftmax(scores: Scores): Scores {
		const { nodes, nodeCount } = sizesOf(this.space);
		const source = scores as ArenaScores;
		const out = this.space.scores(source.heads, source.size);
		const words = {
			out: out.address,
			scores: this.space.ownScores(source).address,
			nodeCount,
			nodes,
			heads: source.heads,
		};
		this.space.run(maskedSoftmaxProgram(this.lanes), { count: out.size / nodes, words, work: 4 * out.size });
		return out;
	}

	maskedSoftmaxBackward(probabilities: Scores, outputGradient: Scores): Scores {
		const { nodes } = sizesOf(this.space);
		const { heads, size } = probabilities as ArenaScores;
		const out = this.space.scores(heads, size);
		this.space.run(softmaxGradientProgram(this.lanes), {
			count: size / nodes,
			words: {
				...{ out: out.address, probabilities: this.space.ownScores(probabilities).address },
				...{ gradient: this.space.ownScores(outputGradient).address, nodes },
			},
			work: 2 * size,
		});
		return out;
	}

	weightedValues(probabilities: Scores, value: Matrix): Matrix {
		return this.sumOverKeys(probabilities, value, false);
	}

	weightedValuesBackward(
		probabilities: Scores,
		value: Matrix,
		outputGradient: Matrix,
	): { probabilities: Scores; value: Matrix } {
		const { sentences, nodes } = sizesOf(this.space);
		const { heads, size } = probabilities as ArenaScores;
		const width = value.columns;
		const out = this.space.scores(heads, size);
		const rows = { outer: width, inner: 1, sentence: nodes * width, head: width / heads };
		multiply(this.space, arenaProduct, {
			...{ rows: nodes, columns: nodes, inner: width / heads, sentences, heads },
			a: { at: this.space.at(outputGradient), ...rows },
			b: { at: this.space.at(value), ...rows },
			c: { at: out.address, row: nodes, sentence: heads * nodes * nodes, head: nodes * nodes },
		});
		return { probabilities: out, value: this.sumOverKeys(probabilities, outputGradient, true) };
	}

	/** out_i = sum over j of score[g, i, j] * matrix_j; transposed: score[g, j, i]. [R, H] */
	private sumOverKeys(scores: Scores, matrix: Matrix, isTransposed: boolean): ArenaMatrix {
		const { sentences, nodes } = sizesOf(this.space);
		const { heads } = scores;
		const width = matrix.columns;
		const out = this.space.matrix(matrix.rows, width);
		const step = { sentence: nodes * width, head: width / heads };
		multiply(this.space, arenaProduct, {
			...{ rows: nodes, columns: width / heads, inner: nodes, sentences, heads },
			a: {
				at: this.space.ownScores(scores).address,
				...(isTransposed ? { outer: 1, inner: nodes } : { outer: nodes, inner: 1 }),
				...{ sentence: heads * nodes * nodes, head: nodes * nodes },
			},
			b: { at: this.space.at(matrix), outer: 1, inner: width, ...step },
			c: { at: out.address, row: width, ...step },
		});
		return out;
	}
}
