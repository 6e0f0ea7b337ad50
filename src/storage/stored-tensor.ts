// A tensor as a file holds it: element type, shape and little-endian bytes, and its reading as numbers.
// The bytes may start anywhere in the file's buffer, so every reading is a copy.

import { UserError } from '../util/errors';

/** Element types, by the names that safetensors gives them. */
export type ElementType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL';

export const elementBytes: Readonly<Record<ElementType, number>> = {
	F64: 8,
	F32: 4,
	F16: 2,
	BF16: 2,
	I64: 8,
	I32: 4,
	I16: 2,
	I8: 1,
	U8: 1,
	BOOL: 1,
};

export interface StoredTensor {
	type: ElementType;
	/** Row-major; an empty list is a scalar, a dimension may be 0. */
	shape: readonly number[];
	/** Elements in row-major order, little-endian. A view into the file, not aligned. */
	bytes: Uint8Array;
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
	return shape.reduce((product, dimension) => product * dimension, 1);
}

/** A tensor over the memory of typed numbers (not copied). */
export function storeNumbers(
	values: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array,
	shape: readonly number[],
): StoredTensor {
	return {
		type: elementTypeOf(values),
		shape,
		bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
	};
}

function elementTypeOf(values: ArrayBufferView): ElementType {
	if (values instanceof Float32Array) return 'F32';
	if (values instanceof Float64Array) return 'F64';
	if (values instanceof Int32Array) return 'I32';
	if (values instanceof BigInt64Array) return 'I64';
	return 'U8';
}

/** The elements as float32, rounded where the file holds more. Whole numbers are converted. */
export function readFloats(tensor: StoredTensor): Float32Array {
	if (tensor.type === 'F32') return new Float32Array(copyBuffer(tensor.bytes));
	if (tensor.type === 'F16') return readHalves(tensor.bytes);
	return fillWith(tensor, (count) => new Float32Array(count));
}

/** As `readFloats`, over the file's own memory where its numbers are aligned there: for states that are large. */
export function viewFloats(tensor: StoredTensor): Float32Array {
	const { type, bytes } = tensor;
	const isAligned = type === 'F32' && bytes.byteOffset % 4 === 0;
	return isAligned ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4) : readFloats(tensor);
}

/** Value of each pattern of 16 bits, made when first asked for: a model of half precision has a hundred million of them. */
let halfValues: Float32Array | null = null;

function readHalves(bytes: Uint8Array): Float32Array {
	halfValues ??= Float32Array.from({ length: 1 << 16 }, (_, bits) => halfToNumber(bits));
	const values = new Float32Array(bytes.length >> 1);
	for (let index = 0; index < values.length; index++)
		values[index] = halfValues[bytes[2 * index] | (bytes[2 * index + 1] << 8)];
	return values;
}

/** The elements as float64; I64 beyond 2^53 is rounded. */
export function readDoubles(tensor: StoredTensor): Float64Array {
	if (tensor.type === 'F64') return new Float64Array(copyBuffer(tensor.bytes));
	return fillWith(tensor, (count) => new Float64Array(count));
}

function fillWith<Numbers extends Float32Array | Float64Array>(
	{ type, bytes }: StoredTensor,
	allocate: (count: number) => Numbers,
): Numbers {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const step = elementBytes[type];
	const read = elementReaders[type];
	const values = allocate(bytes.byteLength / step);
	for (let index = 0; index < values.length; index++) values[index] = read(view, index * step);
	return values;
}

/** The elements as int32. Throws a UserError where an element is no whole number of 32 bits. */
export function readIntegers(tensor: StoredTensor, name = 'tensor'): Int32Array {
	if (tensor.type === 'I32') return new Int32Array(copyBuffer(tensor.bytes));
	const values = readDoubles(tensor);
	const odd = values.findIndex((value) => value !== (value | 0));
	if (odd < 0) return Int32Array.from(values);
	throw new UserError({
		code: 'tensor-not-integer',
		expected: `32-bit integers in ${name}`,
		found: `${values[odd]} at element ${odd}`,
		remedy: 'Use a file whose index tensors contain 32-bit integers.',
	});
}

const elementReaders: Readonly<Record<ElementType, (view: DataView, offset: number) => number>> = {
	F64: (view, offset) => view.getFloat64(offset, true),
	F32: (view, offset) => view.getFloat32(offset, true),
	F16: (view, offset) => halfToNumber(view.getUint16(offset, true)),
	BF16: (view, offset) => bfloatToNumber(view.getUint16(offset, true)),
	I64: (view, offset) => Number(view.getBigInt64(offset, true)),
	I32: (view, offset) => view.getInt32(offset, true),
	I16: (view, offset) => view.getInt16(offset, true),
	I8: (view, offset) => view.getInt8(offset),
	U8: (view, offset) => view.getUint8(offset),
	BOOL: (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1),
};

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
function halfToNumber(bits: number): number {
	const sign = bits & 0x8000 ? -1 : 1;
	const exponent = (bits >> 10) & 0x1f;
	const fraction = bits & 0x3ff;
	if (exponent === 0) return sign * fraction * 2 ** -24;
	if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
	return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** bfloat16 is the upper half of a float32. */
const bfloatScratch = new DataView(new ArrayBuffer(4));
function bfloatToNumber(bits: number): number {
	bfloatScratch.setUint32(0, bits << 16);
	return bfloatScratch.getFloat32(0);
}

function copyBuffer(bytes: Uint8Array): ArrayBuffer {
	const copy = new Uint8Array(bytes.byteLength);
	copy.set(bytes);
	return copy.buffer;
}
