// A standard transformer on the fused device: activations, LayerNorm, attention within ragged sentences, rows of tables.
// Letters: n rows of all sentences, H width, h heads.

import type { Activation } from '../../experiment/bert-config';
import { dropThreshold, siteKey } from '../../util/counter-random';
import { invariant } from '../../util/errors';
import type { Dropout, Indices, Matrix, Saved, StepFacts, Wanted } from '../operations';
import type { ParameterEntry } from '../parameters';
import type { NormCall, SelfAttentionCall, TransformerOperations } from '../transformer-operations';
import type { ArenaMatrix } from './arena-values';
import type { DenseOperations } from './dense';
import { addToTable } from './rows';
import {
	activationGradientProgram,
	activationProgram,
	keyGradientProgram,
	queryGradientProgram,
	selfAttentionProgram,
	valueGradientProgram,
} from './transformer-programs';
import type { Workspace } from './workspace';

interface AttentionSaved {
	output: ArenaMatrix; // [n, H]
	/** Greatest score and 1 / sum, four numbers for each row and head. [n, 4h] */
	stats: ArenaMatrix;
}

export class TransformerPrograms implements TransformerOperations {
	constructor(
		private readonly space: Workspace,
		private readonly dense: DenseOperations,
	) {}

	activation(input: Matrix, kind: Activation): Matrix {
		const out = this.space.matrix(input.rows, input.columns);
		const words = { out: out.address, source: this.space.at(input) };
		this.space.run(activationProgram(kind), { count: out.size, words, work: 10 * out.size });
		return out;
	}

	activationBackward(input: Matrix, kind: Activation, outputGradient: Matrix): Matrix {
		const out = this.space.matrix(input.rows, input.columns);
		const words = { out: out.address, source: this.space.at(input), gradient: this.space.at(outputGradient) };
		this.space.run(activationGradientProgram(kind), { count: out.size, words, work: 10 * out.size });
		return out;
	}

	layerNorm(call: NormCall): { output: Matrix; saved: Saved } {
		return this.dense.layerNorm(call);
	}

	layerNormBackward(call: NormCall, saved: Saved, outputGradient: Matrix, wanted: Wanted): Matrix | null {
		return this.dense.layerNormBackward(call, saved, outputGradient, wanted);
	}

	selfAttention(call: SelfAttentionCall): { output: Matrix; saved: Saved } {
		const { rows, columns } = call.query;
		const output = this.space.matrix(rows, columns);
		const stats = this.space.matrix(rows, 4 * call.heads);
		const { words, variant, ...size } = this.attentionCall(call);
		const value = this.space.at(call.value);
		this.space.run(selfAttentionProgram(variant), {
			...size,
			words: { ...words, value, out: output.address, stats: stats.address },
		});
		return { output, saved: { output, stats } satisfies AttentionSaved };
	}

	selfAttentionBackward(
		call: SelfAttentionCall,
		saved: Saved,
		outputGradient: Matrix,
	): { query: Matrix; key: Matrix; value: Matrix } {
		const { output, stats } = saved as AttentionSaved;
		const { rows, columns } = call.query;
		const make = () => this.space.matrix(rows, columns);
		const out = { query: make(), key: make(), value: make() };
		const along = this.space.matrix(rows, stats.columns);
		const { words, variant, ...size } = this.attentionCall(call);
		const given = { ...words, value: this.space.at(call.value), gradient: this.space.at(outputGradient) };
		this.space.run(queryGradientProgram(variant), {
			...size,
			words: {
				...{ ...given, out: out.query.address, along: along.address },
				...{ output: this.space.at(output), stats: this.space.at(stats) },
			},
		});
		const keys = { ...given, stats: along.address };
		this.space.run(keyGradientProgram(variant), { ...size, words: { ...keys, out: out.key.address } });
		this.space.run(valueGradientProgram(variant), { ...size, words: { ...keys, out: out.value.address } });
		return out;
	}

	tableRowsBackward(table: ParameterEntry, ids: Indices, outputGradient: Matrix): void {
		addToTable(this.space, table, { ids, firstRow: 0 }, outputGradient);
	}

	/** What all programs of one attention are given; its size follows from shapes alone. */
	private attentionCall({ query, key, heads, starts, startsOf, dropout }: SelfAttentionCall) {
		const { rows, columns } = query;
		const headSize = columns / heads;
		invariant(Number.isInteger(headSize), `${heads} heads for ${columns} columns`);
		const make = (list: Int32Array) => spansOfRows(list, rows);
		const spans = startsOf
			? this.space.derived(`spans of ${rows} rows`, ({ facts }) => make(startsOf(facts)))
			: this.space.given(make(starts));
		const rowsOfSentence = rows / Math.max(1, starts.length - 1);
		return {
			variant: { headSize, drops: dropout !== null },
			count: rows * heads,
			work: Math.ceil(3 * rows * rowsOfSentence * columns),
			words: {
				...{ query: this.space.at(query), key: this.space.at(key), spans: spans.offset, rows, heads },
				...{ scaleFloat: 1 / Math.sqrt(headSize), ...this.dropoutWords(dropout, rows) },
			},
		};
	}

	private dropoutWords(dropout: readonly Dropout[] | null, rows: number) {
		if (dropout === null) return { draws: 0, threshold: 0, keptFloat: 1 };
		const [{ rate }] = dropout;
		const isWhole = dropout.every((head) => head.rate === rate && head.rowKeys.length === rows);
		invariant(isWhole, `dropout of ${rows} rows, at one rate for all heads`);
		const sites = dropout.map(({ site }) => site);
		const rowKeys = dropout.map((head) => this.space.list(head.rowKeys).offset);
		const pairs = (keyOf: (head: number) => number) =>
			Int32Array.from({ length: 2 * dropout.length }, (_, at) => (at % 2 ? rowKeys[at >> 1] : keyOf(at >> 1)));
		const given = pairs((head) => dropout[head].key);
		const derive = ({ random }: StepFacts) =>
			random ? pairs((head) => siteKey(random.seed, random.step, sites[head] as number)) : given;
		const list = sites.includes(undefined)
			? this.space.given(given)
			: this.space.derived(`draws ${sites.join(' ')}`, ({ facts }) => derive(facts));
		return { draws: list.offset, threshold: dropThreshold(rate) | 0, keptFloat: 1 - rate };
	}
}

/** First row and end of the sentence of each row; both 0 behind the last. [n, 2] */
function spansOfRows(starts: Int32Array, rows: number): Int32Array {
	const spans = new Int32Array(2 * rows);
	for (let sentence = 0; sentence + 1 < starts.length; sentence++)
		for (let row = starts[sentence]; row < starts[sentence + 1]; row++)
			spans.set([starts[sentence], starts[sentence + 1]], 2 * row);
	return spans;
}
