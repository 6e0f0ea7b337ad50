// One flat layout of all parameters of a model, shared by every device, by checkpoints and by importers: each
// parameter is a run of float32 numbers, row-major, at an offset that is a multiple of 16 (64 bytes); gaps are 0.
// Names and shapes are those of the published program's state_dict (linear weights are [out, in]).

import { invariant } from '../util/errors';

export interface ParameterEntry {
	name: string;
	shape: readonly number[];
	/** The shape as a matrix: [n] is one row of n columns. */
	rows: number;
	columns: number;
	/** Index of the first element in the flat array. */
	offset: number;
	/** rows * columns */
	size: number;
}

export interface ParameterLayout {
	entries: readonly ParameterEntry[];
	/** Length of the flat array, gaps included. */
	size: number;
}

const alignment = 16;

/** Lays parameters out one after another. Names must differ; every dimension is at least 1; at most two dimensions. */
export function layOutParameters(specs: readonly { name: string; shape: readonly number[] }[]): ParameterLayout {
	const entries: ParameterEntry[] = [];
	let offset = 0;
	for (const { name, shape } of specs) {
		invariant(shape.length === 1 || shape.length === 2, `parameter ${name} has ${shape.length} dimensions`);
		invariant(!entries.some((entry) => entry.name === name), `parameter ${name} is laid out twice`);
		const columns = shape[shape.length - 1];
		const rows = shape.length === 2 ? shape[0] : 1;
		entries.push({ name, shape, rows, columns, offset, size: rows * columns });
		offset += Math.ceil((rows * columns) / alignment) * alignment;
	}
	return { entries, size: offset };
}

/** The entry of that name; a missing one is a bug. */
export function findParameter(layout: ParameterLayout, name: string): ParameterEntry {
	const entry = layout.entries.find((candidate) => candidate.name === name);
	invariant(entry, `no parameter ${name}`);
	return entry;
}
