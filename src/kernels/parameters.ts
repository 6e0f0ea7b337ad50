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
	/** Where the part begins that may be frozen; `size` where there is none. */
	frozenOffset: number;
}

/** Numbers [start, end) of the flat array. */
export interface ParameterRange {
	start: number;
	end: number;
}

/** A parameter that an update changes, and how it does so otherwise than the rule. */
export interface TrainedParameter {
	entry: ParameterEntry;
	/** The rule's learning rate is multiplied by this. */
	rate: number;
	/** Whether the rule's weight decay applies. */
	decays: boolean;
	/** Updates of the rule's count that came before this parameter's first, for AdamW's bias correction; none where absent. */
	updatesBefore?: number;
}

type ParameterSpec = { name: string; shape: readonly number[] };

const alignment = 16;

/** Lays parameters out one after another, those that may be frozen last. Names must differ; every dimension is at least 1;
 *  at most two dimensions. */
export function layOutParameters(
	specs: readonly ParameterSpec[],
	frozenSpecs: readonly ParameterSpec[] = [],
): ParameterLayout {
	const entries: ParameterEntry[] = [];
	const names = new Set<string>();
	let offset = 0;
	const add = ({ name, shape }: ParameterSpec) => {
		invariant(shape.length === 1 || shape.length === 2, `parameter ${name} has ${shape.length} dimensions`);
		invariant(!names.has(name), `parameter ${name} is laid out twice`);
		names.add(name);
		const columns = shape[shape.length - 1];
		const rows = shape.length === 2 ? shape[0] : 1;
		entries.push({ name, shape, rows, columns, offset, size: rows * columns });
		offset += Math.ceil((rows * columns) / alignment) * alignment;
	};
	specs.forEach(add);
	const frozenOffset = offset;
	frozenSpecs.forEach(add);
	return { entries, size: offset, frozenOffset };
}

/** These parameters, all updated by the rule as it is. */
export function trainedAlike(entries: readonly ParameterEntry[]): TrainedParameter[] {
	return entries.map((entry) => ({ entry, rate: 1, decays: true }));
}

/** The entry of that name; a missing one is a bug. */
export function findParameter(layout: ParameterLayout, name: string): ParameterEntry {
	const entry = layout.entries.find((candidate) => candidate.name === name);
	invariant(entry, `no parameter ${name}`);
	return entry;
}
