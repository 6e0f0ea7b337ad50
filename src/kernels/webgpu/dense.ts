// Dense layers of the fused device: linear layers, LayerNorm with residual, added vectors, dropout.

import { dropThreshold, siteKey } from '../../util/counter-random';
import { invariant } from '../../util/errors';
import type { Dropout, LayerNormCall, LinearCall, Matrix, Saved, StepFacts, Wanted } from '../operations';
import type { ParameterEntry } from '../parameters';
import type { NormCall } from '../transformer-operations';
import type { ArenaMatrix } from './arena-values';
import { layerNormGradientProgram, layerNormParametersProgram, layerNormProgram } from './layer-norm-programs';
import { multiply } from './products';
import { addVectorProgram, dropoutProgram } from './row-programs';
import type { RowLanes } from './row-reduction';
import { addColumnSums } from './sums';
import type { Workspace } from './workspace';

export class DenseOperations {
	constructor(
		private readonly space: Workspace,
		private readonly lanes: RowLanes,
	) {}

	linear({ input, weight, bias, relu }: LinearCall): Matrix {
		const { entry, columnStart, columnCount } = weight;
		const out = this.space.matrix(input.rows, entry.rows);
		multiply(
			this.space,
			{ a: 'arena', b: 'values', c: 'arena', bias: bias !== null, relu },
			{
				...{ rows: input.rows, columns: entry.rows, inner: columnCount },
				a: { at: this.space.at(input), outer: input.columns, inner: 1 },
				b: { at: this.space.parameters.value(entry, columnStart), outer: entry.columns, inner: 1 },
				c: { at: out.address, row: out.columns },
				bias: bias ? this.space.parameters.value(bias) : undefined,
			},
		);
		return out;
	}

	linearBackward(call: LinearCall, output: Matrix, outputGradient: Matrix, wanted: Wanted): Matrix | null {
		const { input, bias, relu } = call;
		const { entry, columnStart, columnCount } = call.weight;
		const { rows, columns } = input;
		const gradient = this.space.at(outputGradient);
		const mask = relu ? this.space.at(output) : undefined;
		const outputs = entry.rows;
		if (wanted.parameters)
			multiply(
				this.space,
				{ a: 'arena', b: 'arena', c: 'gradients', accumulates: true, isMasked: relu, hasOnes: bias !== null },
				{
					...{ rows: outputs, columns: columnCount + (bias ? 1 : 0), inner: rows },
					a: { at: gradient, outer: 1, inner: outputs },
					b: { at: this.space.at(input), outer: 1, inner: columns },
					c: { at: this.space.parameters.gradient(entry, columnStart), row: entry.columns },
					...{ bias: bias ? this.space.parameters.gradient(bias) : undefined, mask },
				},
			);
		if (!wanted.inputs) return null;
		const out = this.space.matrix(rows, columns);
		multiply(
			this.space,
			{ a: 'arena', b: 'values', c: 'arena', isMasked: relu },
			{
				...{ rows, columns: columnCount, inner: outputs },
				a: { at: gradient, outer: outputs, inner: 1 },
				b: { at: this.space.parameters.value(entry, columnStart), outer: 1, inner: entry.columns },
				c: { at: out.address, row: columns },
				mask,
			},
		);
		return out;
	}

	addVector(matrix: Matrix, vector: ParameterEntry): Matrix {
		const out = this.space.matrix(matrix.rows, matrix.columns);
		const words = {
			out: out.address,
			source: this.space.at(matrix),
			vector: this.space.parameters.value(vector),
			columns: matrix.columns,
		};
		this.space.run(addVectorProgram, { count: out.size, words });
		return out;
	}

	addVectorBackward(vector: ParameterEntry, outputGradient: Matrix): void {
		addColumnSums(this.space, vector, outputGradient, 1);
	}

	residualLayerNorm(call: LayerNormCall): { output: Matrix; saved: Saved } {
		return this.layerNorm({ ...call, epsilon: 1e-5 });
	}

	residualLayerNormBackward(call: LayerNormCall, saved: Saved, outputGradient: Matrix, wanted: Wanted): Matrix | null {
		return this.layerNormBackward(call, saved, outputGradient, wanted);
	}

	layerNorm({ input, residual, gain, bias, epsilon }: NormCall): { output: Matrix; saved: Saved } {
		const { rows, columns } = input;
		const output = this.space.matrix(rows, columns);
		const stats = this.space.matrix(rows, 2);
		this.space.run(layerNormProgram(this.lanes, residual !== null), {
			count: rows,
			words: {
				...{ out: output.address, stats: stats.address, ...this.normInputs(input, residual) },
				...{
					gain: this.space.parameters.value(gain),
					bias: this.space.parameters.value(bias),
					columns,
					epsilonFloat: epsilon,
				},
			},
			work: 4 * rows * columns,
		});
		return { output, saved: stats };
	}

	layerNormBackward(
		{ input, residual, gain, bias }: Omit<NormCall, 'epsilon'>,
		saved: Saved,
		outputGradient: Matrix,
		wanted: Wanted,
	): Matrix | null {
		const { rows, columns } = input;
		const words = {
			...{ gradient: this.space.at(outputGradient), stats: this.space.at(saved as ArenaMatrix) },
			...{ ...this.normInputs(input, residual), gain: this.space.parameters.value(gain), columns },
		};
		if (wanted.parameters)
			this.space.run(layerNormParametersProgram(residual !== null), {
				count: Math.ceil(columns / 16),
				words: { ...words, bias: this.space.parameters.gradient(bias), rows },
				work: 2 * rows * columns,
			});
		if (!wanted.inputs) return null;
		const out = this.space.matrix(rows, columns);
		this.space.run(layerNormGradientProgram(this.lanes, residual !== null), {
			count: rows,
			words: { ...words, out: out.address },
			work: 4 * rows * columns,
		});
		return out;
	}

	private normInputs(input: Matrix, residual: Matrix | null) {
		return { input: this.space.at(input), ...(residual && { residual: this.space.at(residual) }) };
	}

	dropout(matrix: Matrix, { rate, key, rowKeys, site }: Dropout): Matrix {
		const { rows, columns } = matrix;
		invariant(rowKeys.length === rows, `${rowKeys.length} row keys for ${rows} rows`);
		const out = this.space.matrix(rows, columns);
		const derive = ({ random }: StepFacts) =>
			random && site !== undefined ? siteKey(random.seed, random.step, site) : key;
		const keyAt = this.space.number(key, site === undefined ? undefined : { name: `key ${site}`, derive });
		this.space.run(dropoutProgram, {
			count: out.size,
			words: {
				...{ out: out.address, source: this.space.at(matrix), rowKeys: this.space.list(rowKeys).offset, key: keyAt },
				...{ threshold: dropThreshold(rate) | 0, columns, keptFloat: 1 - rate },
			},
		});
		return out;
	}
}
