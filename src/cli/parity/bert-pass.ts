// One pass of the product's BERT over the pieces of a fixture, on a device.

import type { BertConfig } from '../../experiment/bert-config';
import { bertTensors } from '../../experiment/bert-config';
import type { Device } from '../../kernels/operations';
import { layOutParameters, type ParameterLayout } from '../../kernels/parameters';
import { type BertInput, type BertOutput, encodeBert } from '../../model/bert-encoder';
import { Tape } from '../../model/tape';
import { parseBertConfig } from '../../storage/bert/config-file';
import { MaskedTape, type MaskGroup } from './given-masks';
import { batchOf, plainSentences } from './padded-fixture';

/** What stands before the names of BERT's parameters in the fixtures. */
export const bertPrefix = 'bert.';

export function fixtureConfig(config: Record<string, unknown>): BertConfig {
	return parseBertConfig(JSON.stringify({ model_type: 'bert', ...config }), 'expected.json');
}

export function bertLayout(config: BertConfig): ParameterLayout {
	return layOutParameters(Array.from(bertTensors(config), ([name, shape]) => ({ name: bertPrefix + name, shape })));
}

export interface BertPass {
	config: BertConfig;
	layout: ParameterLayout;
	/** In this layout. */
	parameters: Float32Array;
	input: BertInput;
	/** Of every dropout; without them nothing is dropped. */
	masks?: readonly MaskGroup[];
}

/** Opens the parameters, runs the pass, hands it to `use` and ends the step. */
export async function runBert(
	device: Device,
	{ config, layout, parameters, input, masks }: BertPass,
	use: (output: BertOutput, tape: Tape) => Promise<void>,
): Promise<void> {
	device.openParameters(layout);
	device.writeParameters(parameters);
	// The lattice that a step has in the product is of no consequence here.
	const batch = batchOf(plainSentences(Int32Array.of(2), Int32Array.of(1)), device, 'ff_two');
	device.beginStep(batch);
	const trained = new Set(layout.entries.map(({ name }) => name)); // what is at rest keeps no layer's inside
	const random = { seed: 1, step: 1 };
	const tape = masks
		? new MaskedTape(device, layout, batch, { trained, random }, masks)
		: new Tape(device, layout, batch, { trained, random: null });
	await use(
		encodeBert(tape, config, bertPrefix, () => input),
		tape,
	);
	device.endStep();
}

/** Ids of padded sentences as the encoder reads them, without the padding, and where each was. */
export interface PaddedPieces {
	input: BertInput;
	/** Cell of each piece in [B, L]. [n] */
	cells: Int32Array;
	lengths: readonly number[];
	/** L */
	width: number;
}

export function withoutPadding(
	ids: Int32Array,
	segments: Int32Array | null,
	{ lengths, width }: { lengths: readonly number[]; width: number },
): PaddedPieces {
	const cells = Int32Array.from(
		lengths.flatMap((length, row) => Array.from({ length }, (_, position) => row * width + position)),
	);
	const starts = [0];
	for (const length of lengths) starts.push(starts[starts.length - 1] + length);
	const input: BertInput = {
		pieces: cells.map((cell) => ids[cell]),
		positions: cells.map((cell) => cell % width),
		segments: cells.map((cell) => segments?.[cell] ?? 0),
		starts: Int32Array.from(starts),
		rowKeys: cells.map((_, index) => index),
	};
	return { input, cells, lengths, width };
}

/** Number of ones in each row of a mask of pieces [B, L]. */
export function lengthsOfMask({ shape, values }: { shape: readonly number[]; values: Int32Array }): number[] {
	const [rows, width] = shape;
	return Array.from({ length: rows }, (_, row) =>
		values.subarray(row * width, (row + 1) * width).reduce((sum, value) => sum + value, 0),
	);
}

/** Rows of padded vectors [B, L, columns] at some cells. */
export function rowsAt(values: Float32Array, cells: Int32Array, columns: number): Float32Array {
	const rows = new Float32Array(cells.length * columns);
	cells.forEach((cell, index) => {
		rows.set(values.subarray(cell * columns, (cell + 1) * columns), index * columns);
	});
	return rows;
}
