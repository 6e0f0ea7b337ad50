// A network with its parameters on a device: the flat array of what is trained, and BERT's weights tensor by tensor from
// wherever they are, so that they are in memory once.

import type { PreparedBert } from '../data/bert/bert-text';
import { bertTensors } from '../experiment/bert-config';
import type { LabelSet } from '../experiment/labels';
import type { Device } from '../kernels/operations';
import { findParameter, type ParameterLayout } from '../kernels/parameters';
import { invariant } from '../util/errors';
import { Network } from './network';
import { bertPrefix, type NetworkShape, pieceTableName } from './shape';

/** Tensors of a BERT model by their names without prefix (`bertTensors`), each read when it is asked for. */
export interface BertWeights {
	read(name: string): Promise<Float32Array>;
}

/** The BERT of a network: how text becomes pieces, and where its weights are. */
export interface NetworkBert {
	prepared: PreparedBert;
	weights: BertWeights;
	/** Whether the weights were trained with the network: their table of pieces is then the network's own. */
	isTrained: boolean;
}

/** The BERT of parameters that reach into the part that may be frozen: trained with them. Else as the run got it. */
export function bertOfParameters(
	given: NetworkBert | null,
	layout: ParameterLayout,
	parameters: Float32Array,
): NetworkBert | null {
	if (given === null || parameters.length === layout.frozenOffset) return given;
	return { ...given, weights: weightsIn(layout, parameters), isTrained: true };
}

function weightsIn(layout: ParameterLayout, parameters: Float32Array): BertWeights {
	return {
		async read(name) {
			const { offset, size } = findParameter(layout, bertPrefix + name);
			return parameters.subarray(offset, offset + size);
		},
	};
}

export interface OpenNetworkOptions {
	shape: NetworkShape;
	labels: LabelSet;
	/** In the network's layout; without BERT's part, or with it when `bert` is null. */
	parameters: Float32Array;
	bert: NetworkBert | null;
}

export async function openNetwork(
	device: Device,
	{ shape, labels, parameters, bert }: OpenNetworkOptions,
): Promise<Network> {
	const network = new Network(device, shape, labels);
	network.load(parameters);
	if (bert) await loadBert(network, bert);
	return network;
}

/** Puts BERT's weights in their place on the device, one tensor at a time. */
export async function loadBert(network: Network, { prepared, weights, isTrained }: NetworkBert): Promise<void> {
	const { device, layout } = network;
	for (const name of bertTensors(prepared.config).keys()) {
		const entry = findParameter(layout, bertPrefix + name);
		const values = await weights.read(name);
		const isTable = entry.name === pieceTableName && !isTrained;
		const placed = isTable ? chosenRows(values, prepared.sources, entry.columns) : values;
		invariant(placed.length === entry.size, `${placed.length} numbers for ${entry.name} of ${entry.size}`);
		device.writeParameters(placed, entry.offset);
	}
}

function chosenRows(values: Float32Array, rows: Int32Array, columns: number): Float32Array {
	const chosen = new Float32Array(rows.length * columns);
	for (const [index, row] of rows.entries())
		chosen.set(values.subarray(row * columns, (row + 1) * columns), index * columns);
	return chosen;
}
