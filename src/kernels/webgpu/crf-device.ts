// The CRF of the composed GPU device: forward and backward scores, loss, gradients, Viterbi and marginals, a sentence or a
// character to a thread. Letters as in reference/composed-device.ts.

import * as tf from '@tensorflow/tfjs-core';
import type { CrfConstraints, CrfDecoding, CrfParameters, Indices, Matrix, Saved, Wanted } from '../operations';
import { constrain } from '../reference/head-device';
import { tensorIndicesOf, tensorOf } from '../reference/tensor-values';
import {
	crfBackwardProgram,
	crfForwardProgram,
	crfLossProgram,
	crfMarginalsProgram,
	crfMovesProgram,
	crfTotalsProgram,
	crfViterbiProgram,
} from './crf-programs';
import { ProgramDevice } from './program-device';

export abstract class CrfDevice extends ProgramDevice {
	override crfLoss(emissions: Matrix, crf: CrfParameters, tags: Indices): { perSentence: Matrix; saved: Saved } {
		const { sentenceCount } = this.currentStep().batch;
		this.checkTags(tags, emissions.columns);
		const alphas = this.crfForward(emissions, crf);
		const perSentence = this.matrix(() => {
			const { transitions, start, end } = this.crfScores(crf);
			return this.run(crfLossProgram(emissions.columns), {
				inputs: [alphas, tensorOf(emissions), transitions, start, end, tensorIndicesOf(tags).tensor, this.spans()],
				uniforms: {},
				count: sentenceCount,
				output: { shape: [sentenceCount, 1], dtype: 'float32' },
			});
		});
		return { perSentence, saved: alphas };
	}

	override crfLossBackward(
		emissions: Matrix,
		crf: CrfParameters,
		tags: Indices,
		saved: Saved,
		weight: number,
		wanted: Wanted,
	): Matrix {
		const alphas = saved as tf.Tensor2D;
		const given = tensorIndicesOf(tags).tensor;
		const { columns } = emissions;
		return this.scope(() => {
			const { betas, totals } = this.crfBackwardScores(emissions, crf, alphas);
			const gradient = this.matrix(() =>
				this.run(crfMarginalsProgram(columns), {
					inputs: [alphas, betas, totals, given, this.sentenceOf()],
					uniforms: { weight, isGradient: 1 },
					count: emissions.rows * columns,
					output: { shape: [emissions.rows, columns], dtype: 'float32' },
				}),
			);
			if (wanted.parameters) {
				const { sentenceCount } = this.currentStep().batch;
				const { transitions } = this.crfScores(crf);
				const moves = this.run(crfMovesProgram(columns), {
					inputs: [alphas, betas, totals, tensorOf(emissions), transitions, given, this.spans()],
					uniforms: {},
					count: sentenceCount * columns * columns,
					output: { shape: [sentenceCount, columns * columns], dtype: 'float32' },
				});
				this.accumulateRows(crf.transitions, moves, weight);
				if (crf.start) this.accumulateRows(crf.start, this.gatherByHost(gradient.tensor, this.edges().first), 1);
				if (crf.end) this.accumulateRows(crf.end, this.gatherByHost(gradient.tensor, this.edges().last), 1);
			}
			return gradient;
		});
	}

	override async crfDecode(
		emissions: Matrix,
		crf: CrfParameters,
		constraints: CrfConstraints | null,
	): Promise<CrfDecoding> {
		const { sentenceCount } = this.currentStep().batch;
		const { rows, columns } = emissions;
		const decoded = this.scope(() => {
			const { transitions, start, end } = constrain(this.crfScores(crf), constraints, crf.end !== null);
			const whole = this.run(crfViterbiProgram(columns), {
				inputs: [tensorOf(emissions), transitions, start, end, this.spans()],
				uniforms: { length: this.longest(), characters: rows },
				count: sentenceCount,
				output: { shape: [rows * columns + rows + sentenceCount], dtype: 'int32' },
			});
			return tf.keep(tf.slice(whole, [rows * columns], [rows + sentenceCount]));
		});
		const bits = new Int32Array(await this.fetchBytes(decoded));
		decoded.dispose();
		const isReal = this.isRealCharacter();
		const tags = bits.slice(0, rows).map((tag, character) => (isReal[character] ? tag : 0));
		return { tags, scores: new Float32Array(bits.slice(rows).buffer) };
	}

	override async crfMarginals(emissions: Matrix, crf: CrfParameters): Promise<Float32Array> {
		const { rows, columns } = emissions;
		const alphas = this.crfForward(emissions, crf);
		const marginals = this.matrix(() => {
			const { betas, totals } = this.crfBackwardScores(emissions, crf, alphas);
			return this.run(crfMarginalsProgram(columns), {
				inputs: [alphas, betas, totals, this.sentenceOf(), this.sentenceOf()],
				uniforms: { weight: 1, isGradient: 0 },
				count: rows * columns,
				output: { shape: [rows, columns], dtype: 'float32' },
			});
		});
		return this.read(marginals);
	}

	private crfForward(emissions: Matrix, crf: CrfParameters): tf.Tensor2D {
		const { rows, columns } = emissions;
		return this.compute(() => {
			const { transitions, start } = this.crfScores(crf);
			return this.run(crfForwardProgram(columns), {
				inputs: [tensorOf(emissions), transitions, start, this.spans()],
				uniforms: { length: this.longest() },
				count: this.currentStep().batch.sentenceCount,
				output: { shape: [rows, columns + 1], dtype: 'float32' },
			}) as tf.Tensor2D;
		});
	}

	private crfBackwardScores(emissions: Matrix, crf: CrfParameters, alphas: tf.Tensor2D) {
		const { rows, columns } = emissions;
		const { transitions, end } = this.crfScores(crf);
		const betas = this.run(crfBackwardProgram(columns), {
			inputs: [tensorOf(emissions), transitions, end, this.spans()],
			uniforms: { length: this.longest() },
			count: this.currentStep().batch.sentenceCount,
			output: { shape: [rows, columns], dtype: 'float32' },
		});
		const totals = this.run(crfTotalsProgram(columns), {
			inputs: [alphas, betas, this.sentenceOf()],
			uniforms: {},
			count: rows,
			output: { shape: [rows], dtype: 'float32' },
		});
		return { betas, totals };
	}

	/** First character and number of characters of each sentence. [B, 2] */
	private spans(): tf.Tensor {
		return this.stepTensor('spans', ({ sentenceCount, characterOffset, characterCount }) => {
			const spans = new Int32Array(2 * sentenceCount);
			for (let sentence = 0; sentence < sentenceCount; sentence++)
				spans.set([characterOffset[sentence], characterCount[sentence]], 2 * sentence);
			return spans;
		});
	}

	/** -1 for a character of padding. [C] */
	private sentenceOf(): tf.Tensor {
		return this.stepTensor('sentenceOf', (batch) => {
			const sentences = new Int32Array(batch.characterRow.length).fill(-1);
			batch.characterCount.forEach((count, sentence) => {
				const first = batch.characterOffset[sentence];
				sentences.fill(sentence, first, first + count);
			});
			return sentences;
		});
	}

	private isRealCharacter(): boolean[] {
		return Array.from(this.currentStep().characterBlock().cellOfCharacter, (cell) => cell >= 0);
	}

	/** Position of each sentence's first and last character. [B] */
	private edges(): { first: Int32Array; last: Int32Array } {
		const { characterOffset, characterCount } = this.currentStep().batch;
		return {
			first: characterOffset,
			last: characterOffset.map((first, sentence) => first + characterCount[sentence] - 1),
		};
	}

	private longest(): number {
		return this.currentStep().characterBlock().length;
	}
}
