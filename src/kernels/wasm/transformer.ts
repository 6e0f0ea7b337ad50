// A standard transformer on the wasm device: activations, and attention within ragged sentences, one product a sentence for all
// heads. Letters: n rows of all sentences, L rows of one, H width, h heads.

import { type Activation, activations } from '../../experiment/bert-config';
import { dropThreshold } from '../../util/counter-random';
import { invariant } from '../../util/errors';
import type { Dropout, Indices, Matrix, Saved, Wanted } from '../operations';
import type { ParameterEntry } from '../parameters';
import type { NormCall, SelfAttentionCall, TransformerOperations } from '../transformer-operations';
import { residualLayerNorm, residualLayerNormBackward } from './dense';
import { mustHaveShape, own, ownIndices, type WasmMatrix } from './heap-values';
import type { Kernels } from './kernel-exports';
import type { Workspace } from './workspace';

const floatBytes = 4;

/** `space` gives the workspace of a device that is not disposed of. */
export function transformerOperations(space: () => Workspace): TransformerOperations {
	return {
		activation: (...call) => activation(space(), ...call),
		activationBackward: (...call) => activationBackward(space(), ...call),
		layerNorm: (call) => layerNorm(space(), call),
		layerNormBackward: (...call) => layerNormBackward(space(), ...call),
		selfAttention: (call) => selfAttention(space(), call),
		selfAttentionBackward: (...call) => selfAttentionBackward(space(), ...call),
		tableRowsBackward: (...call) => tableRowsBackward(space(), ...call),
	};
}

function activation(space: Workspace, input: Matrix, kind: Activation): Matrix {
	const { rows, columns, pointer } = own(input);
	const out = space.matrix(rows, columns);
	const number = activations.indexOf(kind);
	space.shareRows(out, (kernels, offset, count) =>
		kernels.activate(count * columns, number, pointer + offset, out.pointer + offset),
	);
	return out;
}

function activationBackward(space: Workspace, input: Matrix, kind: Activation, outputGradient: Matrix): Matrix {
	const { rows, columns, pointer } = own(input);
	mustHaveShape(outputGradient, rows, columns);
	const gradient = own(outputGradient).pointer;
	const out = space.matrix(rows, columns);
	const number = activations.indexOf(kind);
	space.shareRows(out, (kernels, offset, count) =>
		kernels.activateBackward(count * columns, number, pointer + offset, gradient + offset, out.pointer + offset),
	);
	return out;
}

function layerNorm(space: Workspace, call: NormCall): { output: Matrix; saved: Saved } {
	const { input, gain, bias, epsilon } = call;
	const residual = call.residual ?? space.zeros(input.rows, input.columns);
	return residualLayerNorm(space, { input, residual, gain, bias }, epsilon);
}

function layerNormBackward(
	space: Workspace,
	call: NormCall,
	saved: Saved,
	outputGradient: Matrix,
	wanted: Wanted,
): Matrix | null {
	return residualLayerNormBackward(space, call, saved, outputGradient, wanted);
}

/** What attention keeps: probabilities of every sentence before dropout, [h, L, L] one after another, and scaled queries. */
interface AttentionSaved {
	probabilities: WasmMatrix;
	scaledQuery: WasmMatrix; // [n, H]
}

interface Sentence {
	/** L */
	length: number;
	/** First row. */
	start: number;
	/** Byte offset of its rows in a matrix [n, H]. */
	rowBytes: number;
	/** Numbers of the probabilities of one head of all sentences before it. */
	pairs: number;
}

function sentencesOf(starts: Int32Array, width: number): Sentence[] {
	let pairs = 0;
	return Array.from(starts.subarray(1), (end, index) => {
		const start = starts[index];
		const sentence = { length: end - start, start, rowBytes: start * width * floatBytes, pairs };
		pairs += (end - start) ** 2;
		return sentence;
	});
}

const pairsOf = (sentences: readonly Sentence[]) => sentences.reduce((sum, { length }) => sum + length ** 2, 0);

interface AttentionShape {
	sentences: Sentence[];
	heads: number;
	/** H / h */
	headSize: number;
	width: number;
}

function shapeOf({ query, key, value, heads, starts }: SelfAttentionCall): AttentionShape {
	const { rows, columns } = query;
	mustHaveShape(key, rows, columns);
	mustHaveShape(value, rows, columns);
	invariant(columns % heads === 0, `width ${columns} does not divide into ${heads} heads`);
	invariant(starts[0] === 0 && starts[starts.length - 1] === rows, `sentences that end at ${rows} rows`);
	return { sentences: sentencesOf(starts, columns), heads, headSize: columns / heads, width: columns };
}

/** Probabilities of one sentence's heads from `first` on, after dropout. */
function drop(
	kernels: Kernels,
	dropouts: readonly Dropout[],
	{ length, start }: Sentence,
	[first, end]: readonly [number, number],
	from: number,
	to: number,
): void {
	const blockBytes = length * length * floatBytes;
	for (let head = first; head < end; head++) {
		const { rate, key, rowKeys } = dropouts[head];
		const offset = (head - first) * blockBytes;
		const keys = ownIndices(rowKeys).pointer + start * floatBytes;
		kernels.dropout(length, length, from + offset, keys, key, dropThreshold(rate), 1 / (1 - rate), to + offset);
	}
}

/** Sentences are wide apart in length, so heads are shared between threads, each for all sentences. */
function forHeads(
	space: Workspace,
	{ sentences, heads, width }: AttentionShape,
	work: (kernels: Kernels, sentence: Sentence, heads: readonly [first: number, end: number]) => void,
): void {
	space.share(heads, 2 * pairsOf(sentences) * width, (kernels, first, end) => {
		for (const sentence of sentences) work(kernels, sentence, [first, end]);
	});
}

function selfAttention(space: Workspace, call: SelfAttentionCall): { output: Matrix; saved: Saved } {
	const shape = shapeOf(call);
	const { sentences, heads, headSize, width } = shape;
	const [query, key, value] = [own(call.query), own(call.key), own(call.value)];
	const scaledQuery = space.matrix(query.rows, width);
	space.shareRows(scaledQuery, (kernels, offset, count) =>
		kernels.scale(count * width, 1 / Math.sqrt(headSize), query.pointer + offset, scaledQuery.pointer + offset),
	);
	const probabilities = space.matrix(1, heads * pairsOf(sentences));
	const output = space.matrix(query.rows, width);
	space.withSpace(() => {
		const dropped = call.dropout ? space.matrix(1, probabilities.columns) : probabilities;
		forHeads(space, shape, (kernels, sentence, [first, end]) => {
			const { length, rowBytes, pairs } = sentence;
			const block = (heads * pairs + first * length * length) * floatBytes;
			const part = rowBytes + first * headSize * floatBytes;
			const own = probabilities.pointer + block;
			kernels.gemmHeads(
				...([end - first, length, length, headSize] as const),
				...([scaledQuery.pointer + part, headSize, width, 1] as const),
				...([key.pointer + part, headSize, 1, width] as const),
				...([own, length * length, length] as const),
				false,
			);
			kernels.maskedSoftmax((end - first) * length, length, length, own, own);
			if (call.dropout) drop(kernels, call.dropout, sentence, [first, end], own, dropped.pointer + block);
			kernels.gemmHeads(
				...([end - first, length, headSize, length] as const),
				...([dropped.pointer + block, length * length, length, 1] as const),
				...([value.pointer + part, headSize, width, 1] as const),
				...([output.pointer + part, headSize, width] as const),
				false,
			);
		});
	});
	return { output, saved: { probabilities, scaledQuery } satisfies AttentionSaved };
}

function selfAttentionBackward(
	space: Workspace,
	call: SelfAttentionCall,
	saved: Saved,
	outputGradient: Matrix,
): { query: Matrix; key: Matrix; value: Matrix } {
	const shape = shapeOf(call);
	const { sentences, heads, headSize, width } = shape;
	const { probabilities, scaledQuery } = saved as AttentionSaved;
	const [key, value, given] = [own(call.key), own(call.value), own(outputGradient)];
	mustHaveShape(outputGradient, key.rows, width);
	const make = () => space.matrix(key.rows, width);
	const out = { query: make(), key: make(), value: make() };
	const longest = sentences.reduce((most, { length }) => Math.max(most, length), 0);
	space.withSpace(() => {
		const scratch = space.matrix(heads, longest * longest); // each head its own part
		forHeads(space, shape, (kernels, sentence, [first, end]) => {
			const { length, rowBytes, pairs } = sentence;
			const part = rowBytes + first * headSize * floatBytes;
			const own = probabilities.pointer + (heads * pairs + first * length * length) * floatBytes;
			const gradient = scratch.pointer + first * longest * longest * floatBytes;
			const square = [length * length, length, 1] as const;
			const turned = [length * length, 1, length] as const;
			// Of values: the dropped probabilities, turned, times the gradient.
			let shares = own;
			if (call.dropout) {
				drop(kernels, call.dropout, sentence, [first, end], own, gradient);
				shares = gradient;
			}
			const rows = [given.pointer + part, headSize, width, 1] as const;
			kernels.gemmHeads(
				...([end - first, length, headSize, length, shares, ...turned, ...rows] as const),
				...([out.value.pointer + part, headSize, width] as const),
				false,
			);
			// Of scores: through dropout and softmax.
			kernels.gemmHeads(
				...([end - first, length, length, headSize, ...rows] as const),
				...([value.pointer + part, headSize, 1, width] as const),
				...([gradient, length * length, length] as const),
				false,
			);
			if (call.dropout) drop(kernels, call.dropout, sentence, [first, end], gradient, gradient);
			kernels.maskedSoftmaxBackward((end - first) * length, length, own, gradient, gradient);
			kernels.gemmHeads(
				...([end - first, length, headSize, length, gradient, ...square] as const),
				...([key.pointer + part, headSize, width, 1] as const),
				...([out.query.pointer + part, headSize, width] as const),
				false,
			);
			kernels.gemmHeads(
				...([end - first, length, headSize, length, gradient, ...turned] as const),
				...([scaledQuery.pointer + part, headSize, width, 1] as const),
				...([out.key.pointer + part, headSize, width] as const),
				false,
			);
		});
	});
	const { query } = out;
	space.shareRows(query, (kernels, offset, count) =>
		kernels.scale(count * width, 1 / Math.sqrt(headSize), query.pointer + offset, query.pointer + offset),
	);
	return out;
}

function tableRowsBackward(space: Workspace, table: ParameterEntry, ids: Indices, outputGradient: Matrix): void {
	const list = ownIndices(ids);
	list.mustBeWithin(-1, table.rows);
	mustHaveShape(outputGradient, list.length, table.columns);
	const target = space.rowGradients(table, list, 0);
	space.kernels.addToRows(list.length, table.columns, target, list.pointer, 0, own(outputGradient).pointer);
}
