// Between the flat array that devices hold and tensors by name that files hold.

import { invariant, UserError } from '../util/errors';
import { readFloats, type StoredTensor, storeNumbers } from './stored-tensor';

/** The part of a parameter layout (kernels/parameters.ts) that files need. */
export interface FlatLayout {
	entries: readonly { name: string; shape: readonly number[]; offset: number; size: number }[];
	/** Length of the flat array. */
	size: number;
	/** Where the part begins that an array may lack (BERT at rest). */
	frozenOffset: number;
}

/** Each parameter as a view into the flat array, which may lack the part that may be frozen. */
export function tensorsOfParameters(layout: FlatLayout, values: Float32Array): Map<string, StoredTensor> {
	const { size, frozenOffset } = layout;
	const fits = values.length === size || values.length === frozenOffset;
	invariant(fits, `${values.length} parameters for a layout of ${size} or ${frozenOffset}`);
	return new Map(
		entriesBelow(layout, values.length).map(({ name, shape, offset, size }) => [
			name,
			storeNumbers(values.subarray(offset, offset + size), shape),
		]),
	);
}

/** The flat array without the part that may be frozen, gaps 0. Throws a UserError when a tensor is missing or has another shape; further tensors are left. */
export function parametersOfTensors(
	layout: FlatLayout,
	tensors: ReadonlyMap<string, StoredTensor>,
	file?: string,
): Float32Array {
	const values = new Float32Array(layout.frozenOffset);
	for (const { name, shape, offset } of entriesBelow(layout, layout.frozenOffset)) {
		values.set(readFloats(requireTensor(tensors, name, shape, file)), offset);
	}
	return values;
}

function entriesBelow(layout: FlatLayout, end: number): FlatLayout['entries'] {
	return layout.entries.filter(({ offset }) => offset < end);
}

/** The tensor of that name. Throws a UserError when it is missing or has another shape. */
export function requireTensor(
	tensors: ReadonlyMap<string, StoredTensor>,
	name: string,
	shape: readonly number[],
	file?: string,
): StoredTensor {
	const tensor = tensors.get(name);
	if (!tensor) throw misfit('checkpoint-tensor-missing', `a tensor ${name} of shape [${shape}]`, 'none', file);
	const fits = tensor.shape.length === shape.length && shape.every((size, axis) => tensor.shape[axis] === size);
	if (!fits) throw misfit('checkpoint-tensor-shape', `tensor ${name} of shape [${shape}]`, `[${tensor.shape}]`, file);
	return tensor;
}

function misfit(code: string, expected: string, found: string, file: string | undefined): UserError {
	const remedy = 'Use a checkpoint of the same architecture; this one belongs to another or has been changed.';
	return new UserError({ code, location: { file }, expected, found, remedy });
}
