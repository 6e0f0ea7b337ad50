// What BERT's part of a training step takes: the sizes that forecasts count, and whether the insides of its layers fit or have to
// be computed again in the backward pass (`bert.recompute`).

import type { PreparedData } from '../data/prepared';
import type { ExperimentConfig } from '../experiment/config';
import type { BertShape, NetworkShape } from '../experiment/network-shape';
import type { Device } from '../kernels/operations';
import type { ParameterLayout } from '../kernels/parameters';
import { layOutNetwork, networkShape } from '../model/shape';

/** Pieces of a batch with [CLS] and [SEP], and the pairs of them that meet in attention. */
export interface PieceExtent {
	pieces: number;
	piecePairs: number;
}

/** `lengths`: pieces of each sentence, without [CLS] and [SEP]. */
export function pieceExtent(lengths: readonly number[]): PieceExtent {
	const whole = lengths.map((length) => length + 2);
	return {
		pieces: whole.reduce((sum, length) => sum + length, 0),
		piecePairs: whole.reduce((sum, length) => sum + length * length, 0),
	};
}

/** Multiplications of BERT's forward pass, about. */
export function bertWork({ config }: BertShape, { pieces, piecePairs }: PieceExtent): number {
	const { layers, width, innerWidth, heads, embeddingWidth } = config;
	const layer = pieces * width * (4 * width + 2 * innerWidth) + piecePairs * (2 * width + 8 * heads);
	return layers * layer + (embeddingWidth === width ? 0 : pieces * width * embeddingWidth);
}

/** Numbers that BERT's part of a training step keeps until its backward pass is done, about. */
export function bertNumbers(
	{ config, recompute }: BertShape,
	{ pieces, piecePairs }: PieceExtent,
	isTrained: boolean,
): number {
	const { layers, width, innerWidth, heads } = config;
	const inside = pieces * (11 * width + 2 * innerWidth) + piecePairs * heads * 2;
	const insides = isTrained && !recompute ? layers : 1;
	return pieces * width * (4 + layers) + insides * inside;
}

const floatBytes = 4;
/** Of the address space: WebAssembly has no larger memory, and no larger array fits beside it in most engines. */
const wasmBytes = 2 ** 32;
/** Kept free of the estimate's error and of what else is in the memory. */
const usableShare = 0.85;

/** Whether a step that trains BERT would not fit the device, as far as its limit is known. */
export function exceedsMemory(
	config: ExperimentConfig,
	data: PreparedData,
	{ device, shape, layout }: { device: Pick<Device, 'info'>; shape: NetworkShape; layout: ParameterLayout },
): boolean {
	const { bert } = shape;
	if (device.info.name !== 'wasm' || !bert || bert.rows === 0) return false;
	const tuning = config.stages.filter(({ groups }) => groups.bert.firstEpoch > 0);
	if (tuning.length === 0) return false;
	const largest = Math.max(...tuning.map(({ batchSize }) => bertNumbers(bert, largestBatch(data, batchSize), true)));
	const copies = tuning.some(({ optimizer }) => optimizer.kind === 'adamw') ? 4 : 3;
	return floatBytes * (largest + copies * layout.size) > usableShare * wasmBytes;
}

/** The longest training sentences at once. */
function largestBatch({ splits }: PreparedData, batchSize: number): PieceExtent {
	const lengths = splits.train.map(({ pieces, characterRows }) => (pieces?.rows ?? characterRows).length);
	return pieceExtent(lengths.toSorted((left, right) => right - left).slice(0, batchSize));
}

/** The network's sizes, and whether its BERT keeps what its layers compute inside. */
export function runShape(config: ExperimentConfig, data: PreparedData, device: Device): NetworkShape {
	const shape = networkShape(config, data);
	if (!shape.bert) return shape;
	const kept = layOutNetwork(shape);
	const { recompute } = config.bert;
	const isAgain =
		recompute === 'auto' ? exceedsMemory(config, data, { device, shape, layout: kept }) : recompute === 'always';
	return { ...shape, bert: { ...shape.bert, recompute: isAgain } };
}
