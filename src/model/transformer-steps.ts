// The steps of a standard transformer encoder on a tape, each with its backward step.

import type { Activation } from '../experiment/bert-config';
import type { Indices } from '../kernels/operations';
import { type SelfAttentionCall, transformerOf } from '../kernels/transformer-operations';
import type { MatrixNode, Tape } from './tape';

export function activation(tape: Tape, input: MatrixNode, kind: Activation): MatrixNode {
	const operations = transformerOf(tape.device);
	return tape.note(operations.activation(input.value, kind), input.isTrained, (_, gradient) =>
		tape.receive(input, operations.activationBackward(input.value, kind, gradient)),
	);
}

export function add(tape: Tape, left: MatrixNode, right: MatrixNode): MatrixNode {
	const sum = tape.device.add(left.value, right.value);
	return tape.note(sum, left.isTrained || right.isTrained, (_, gradient) => {
		tape.receive(left, gradient);
		tape.receive(right, gradient);
	});
}

/** Rows of a table in which every row is trained, the first one too. */
export function tableRows(tape: Tape, tableName: string, ids: Indices): MatrixNode {
	const table = tape.parameter(tableName);
	const rows = tape.device.embeddingRows(table, ids);
	return tape.note(rows, tape.isTrained(tableName), (_, gradient) =>
		transformerOf(tape.device).tableRowsBackward(table, ids, gradient),
	);
}

/** LayerNorm(input + residual); `name` with `.weight` and `.bias`. */
export function layerNorm(
	tape: Tape,
	input: MatrixNode,
	residual: MatrixNode | null,
	{ name, epsilon }: { name: string; epsilon: number },
): MatrixNode {
	const operations = transformerOf(tape.device);
	const call = {
		input: input.value,
		residual: residual?.value ?? null,
		gain: tape.parameter(`${name}.weight`),
		bias: tape.parameter(`${name}.bias`),
		epsilon,
	};
	const { output, saved } = operations.layerNorm(call);
	const parameters = tape.isTrained(call.gain.name);
	const inputs = input.isTrained || residual?.isTrained === true;
	return tape.note(output, inputs || parameters, (_, gradient) => {
		const given = operations.layerNormBackward(call, saved, gradient, { inputs, parameters });
		tape.receive(input, given);
		if (residual) tape.receive(residual, given);
	});
}

export interface AttentionNodes {
	query: MatrixNode;
	key: MatrixNode;
	value: MatrixNode;
}

/** Scaled attention within each sentence. */
export function selfAttention(
	tape: Tape,
	{ query, key, value }: AttentionNodes,
	options: Pick<SelfAttentionCall, 'heads' | 'starts' | 'startsOf' | 'dropout'>,
): MatrixNode {
	const operations = transformerOf(tape.device);
	const call = { query: query.value, key: key.value, value: value.value, ...options };
	const { output, saved } = operations.selfAttention(call);
	const isTrained = query.isTrained || key.isTrained || value.isTrained;
	return tape.note(output, isTrained, (_, gradient) => {
		const gradients = operations.selfAttentionBackward(call, saved, gradient);
		tape.receive(query, gradients.query);
		tape.receive(key, gradients.key);
		tape.receive(value, gradients.value);
	});
}
