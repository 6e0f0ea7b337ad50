// The CRF on the fused device: loss, gradients, best paths, marginals.

import { invariant } from '../../util/errors';
import type { CrfConstraints, CrfDecoding, CrfParameters, Indices, Matrix, Saved, Wanted } from '../operations';
import type { ParameterEntry } from '../parameters';
import type { ArenaMatrix } from './arena-values';
import { realCharactersOf, sizesOf, spansOf } from './batch-lists';
import {
	crfBackwardProgram,
	crfEdgesProgram,
	crfForwardProgram,
	crfMovesProgram,
	crfViterbiProgram,
	maxTags,
} from './crf-programs';
import { addColumnSums } from './sums';
import type { Workspace } from './workspace';

export class CrfOperations {
	constructor(private readonly space: Workspace) {}

	crfLoss(emissions: Matrix, crf: CrfParameters, tags: Indices): { perSentence: Matrix; saved: Saved } {
		const perSentence = this.space.matrix(sizesOf(this.space).sentences, 1);
		const alphas = this.crfForward(emissions, crf, this.space.list(tags).offset, perSentence);
		return { perSentence, saved: alphas };
	}

	crfLossBackward(
		emissions: Matrix,
		crf: CrfParameters,
		tags: Indices,
		saved: Saved,
		weight: number,
		wanted: Wanted,
	): Matrix {
		const alphas = saved as ArenaMatrix;
		const tagsAt = this.space.list(tags).offset;
		const { gradient, betas, totals } = this.crfBackward(emissions, crf, alphas, tagsAt, weight);
		if (wanted.parameters) {
			const { columns } = emissions;
			const { sentences } = sizesOf(this.space);
			const moves = this.space.matrix(sentences, columns * columns);
			this.space.run(crfMovesProgram(columns), {
				count: moves.size,
				words: {
					...{ out: moves.address, alphas: this.space.at(alphas), betas: betas.address, totals: totals.address },
					...{
						emissions: this.space.at(emissions),
						transitions: this.space.parameters.value(crf.transitions),
						tags: tagsAt,
						spans: spansOf(this.space),
					},
				},
				work: emissions.rows * columns * columns,
			});
			addColumnSums(this.space, crf.transitions, moves, weight);
			if (crf.start || crf.end)
				this.space.run(crfEdgesProgram(columns), {
					count: columns,
					words: {
						...{ gradient: gradient.address, start: this.edge(crf.start), end: this.edge(crf.end) },
						...{ spans: spansOf(this.space), sentences },
					},
				});
		}
		return gradient;
	}

	async crfDecode(emissions: Matrix, crf: CrfParameters, constraints: CrfConstraints | null): Promise<CrfDecoding> {
		const { rows, columns } = emissions;
		const { sentences } = sizesOf(this.space);
		const table = constraints ? this.space.upload(constraints, columns + 2, columns + 2) : null;
		const pointers = this.space.matrix(rows, columns);
		const path = this.space.matrix(1, rows + sentences);
		this.space.run(crfViterbiProgram(columns), {
			count: sentences + 1,
			words: {
				...{ pointers: pointers.address, path: path.address, ...this.crfWords(emissions, crf) },
				...{ constraints: table?.address ?? -1, characters: rows, sentences, real: realCharactersOf(this.space) },
			},
			work: rows * columns * columns,
		});
		const [whole] = await this.space.read([path]);
		return { tags: Int32Array.from(whole.subarray(0, rows)), scores: whole.slice(rows) };
	}

	async crfMarginals(emissions: Matrix, crf: CrfParameters): Promise<Float32Array> {
		const alphas = this.crfForward(emissions, crf, -1, emissions);
		return (await this.space.read([this.crfBackward(emissions, crf, alphas, -1, 1).gradient]))[0];
	}

	private crfForward(emissions: Matrix, crf: CrfParameters, tags: number, loss: Matrix): ArenaMatrix {
		const { rows, columns } = emissions;
		invariant(columns <= maxTags, `${columns} tags`);
		const alphas = this.space.matrix(rows, columns + 1);
		this.space.run(crfForwardProgram(columns), {
			count: sizesOf(this.space).sentences,
			words: { alphas: alphas.address, loss: this.space.at(loss), tags, ...this.crfWords(emissions, crf) },
			work: rows * columns * columns,
		});
		return alphas;
	}

	private crfBackward(emissions: Matrix, crf: CrfParameters, alphas: ArenaMatrix, tags: number, weight: number) {
		const { rows, columns } = emissions;
		const { sentences } = sizesOf(this.space);
		const gradient = this.space.matrix(rows, columns);
		const betas = this.space.matrix(rows, columns);
		const totals = this.space.matrix(rows, 1);
		this.space.run(crfBackwardProgram(columns), {
			count: sentences + 1,
			words: {
				...{ out: gradient.address, betas: betas.address, totals: totals.address, alphas: this.space.at(alphas), tags },
				...{ sentences, real: realCharactersOf(this.space), characters: rows, weightFloat: weight },
				...this.crfWords(emissions, crf),
			},
			work: rows * columns * columns,
		});
		return { gradient, betas, totals };
	}

	private edge(entry: ParameterEntry | null) {
		return entry ? this.space.parameters.value(entry) : -1;
	}

	private crfWords(emissions: Matrix, crf: CrfParameters) {
		return {
			emissions: this.space.at(emissions),
			transitions: this.space.parameters.value(crf.transitions),
			start: this.edge(crf.start),
			end: this.edge(crf.end),
			spans: spansOf(this.space),
		};
	}
}
