// The safetensors file format: 8 bytes header length (little-endian), a JSON header that names element type, shape
// and byte range of each tensor, then the bytes. Format: huggingface/safetensors, README "Format". Nothing is
// executed, and a file is refused whole when any part of its header does not fit its bytes.

import { invariant } from '../util/errors';
import { type Refuse, refuser } from './refuse';
import { type ElementType, elementBytes, elementCount, type StoredTensor } from './stored-tensor';

export interface SafetensorsFile {
	/** In the order of their bytes. */
	tensors: Map<string, StoredTensor>;
	metadata: Record<string, string>;
}

const prefixBytes = 8;
/** The limit of the format's own library. */
const maxHeaderBytes = 100_000_000;
const metadataKey = '__metadata__';

/** Reads a whole file; tensors are views into `bytes`. Throws a UserError (`safetensors-…`) when anything is off. */
export function readSafetensors(bytes: Uint8Array, file?: string): SafetensorsFile {
	const refuse = refuser(file, remedy);
	const length = headerLength(bytes, bytes.length, refuse);
	const dataStart = prefixBytes + length;
	const { ranges, metadata } = readEntries(bytes.subarray(prefixBytes, dataStart), bytes.length - dataStart, refuse);
	const tensors = new Map<string, StoredTensor>(
		ranges.map(({ name, type, shape, start, end }) => [
			name,
			{ type, shape, bytes: bytes.subarray(dataStart + start, dataStart + end) },
		]),
	);
	return { tensors, metadata };
}

/** The header alone, of a file that is read in parts: where each tensor is, in the order of their bytes, from `dataStart`. */
export async function readSafetensorsHeader(
	read: (start: number, end: number) => Promise<Uint8Array>,
	fileBytes: number,
	file?: string,
): Promise<{ ranges: TensorRange[]; dataStart: number }> {
	const refuse = refuser(file, remedy);
	const dataStart = prefixBytes + headerLength(await read(0, prefixBytes), fileBytes, refuse);
	const { ranges } = readEntries(await read(prefixBytes, dataStart), fileBytes - dataStart, refuse);
	return { ranges, dataStart };
}

function readEntries(header: Uint8Array, dataLength: number, refuse: Refuse) {
	const entries = parseJson(header);
	if (!isRecord(entries)) return refuse('safetensors-header', 'a JSON object as the header', 'something else');
	const metadata = readMetadata(entries[metadataKey], refuse);
	const ranges = Object.entries(entries)
		.filter(([name]) => name !== metadataKey)
		.map(([name, entry]) => readEntry(name, entry, dataLength, refuse))
		.sort((left, right) => left.start - right.start || left.end - right.end);
	let covered = 0;
	for (const { name, start, end } of ranges) {
		if (start !== covered) {
			refuse('safetensors-offsets', `tensor ${name} to start at byte ${covered}`, `byte ${start}`);
		}
		covered = end;
	}
	if (covered !== dataLength) refuse('safetensors-length', `${covered} bytes of tensors`, `${dataLength} bytes`);
	return { ranges, metadata };
}

/** A tensor whose bytes are made when they are written. */
export interface StreamedTensor extends Omit<StoredTensor, 'bytes'> {
	/** All of its bytes, in order. */
	parts(): AsyncIterable<Uint8Array>;
}

/** What `writeSafetensors` joins, part by part: the header, then what each tensor holds. Nothing of it is copied. */
export async function* safetensorsParts(
	tensors: Iterable<readonly [string, StoredTensor | StreamedTensor]>,
	metadata: Record<string, string> = {},
): AsyncGenerator<Uint8Array, void> {
	const named = [...tensors];
	yield headerOf(named, metadata);
	for (const [name, tensor] of named) {
		if ('bytes' in tensor) {
			yield tensor.bytes;
			continue;
		}
		let count = 0;
		for await (const part of tensor.parts()) {
			count += part.length;
			yield part;
		}
		invariant(count === byteLength(tensor), `${count} bytes for tensor ${name}`);
	}
}

/** Writes tensors in the given order; the header is padded with spaces so that the data starts at a multiple of 8. */
export function writeSafetensors(
	tensors: Iterable<readonly [string, StoredTensor]>,
	metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
	const named = [...tensors];
	const header = headerOf(named, metadata);
	const file = new Uint8Array(named.reduce((sum, [, { bytes }]) => sum + bytes.length, header.length));
	file.set(header);
	let offset = header.length;
	for (const [, { bytes }] of named) {
		file.set(bytes, offset);
		offset += bytes.length;
	}
	return file;
}

function byteLength({ type, shape }: Omit<StoredTensor, 'bytes'>): number {
	return elementCount(shape) * elementBytes[type];
}

/** All that stands before the tensors. */
function headerOf(
	named: readonly (readonly [string, Omit<StoredTensor, 'bytes'>])[],
	metadata: Record<string, string>,
): Uint8Array<ArrayBuffer> {
	const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [[metadataKey, metadata]] : [];
	let length = 0;
	for (const [name, tensor] of named) {
		const end = length + byteLength(tensor);
		entries.push([name, { dtype: tensor.type, shape: tensor.shape, data_offsets: [length, end] }]);
		length = end;
	}
	const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
	const headerLength = Math.ceil(header.length / 8) * 8;
	const file = new Uint8Array(prefixBytes + headerLength);
	new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
	file.fill(0x20, prefixBytes);
	file.set(header, prefixBytes);
	return file;
}

const remedy = 'Use a complete safetensors file; this one may be incomplete or damaged: copy or download it again.';

/** Of the JSON header, in bytes, from the first eight bytes of a file. */
function headerLength(bytes: Uint8Array, fileBytes: number, refuse: Refuse): number {
	if (bytes.length < prefixBytes) {
		refuse('safetensors-truncated', `at least ${prefixBytes} bytes`, `${bytes.length} bytes`);
	}
	const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
	if (length < 2 || length > maxHeaderBytes) {
		refuse('safetensors-header', `a header of 2 to ${maxHeaderBytes} bytes`, `a header length of ${length}`);
	}
	if (prefixBytes + length > fileBytes) {
		refuse('safetensors-truncated', `a header of ${length} bytes`, `a file of ${fileBytes} bytes`);
	}
	return length;
}

function parseJson(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
	} catch {
		return null;
	}
}

function readMetadata(value: unknown, refuse: Refuse): Record<string, string> {
	if (value === undefined) return {};
	if (!isRecord(value) || !Object.values(value).every((text) => typeof text === 'string')) {
		refuse('safetensors-metadata', 'metadata with text values', 'something else');
	}
	return value as Record<string, string>;
}

/** Bytes of a tensor, [start, end), from where the data starts. */
export interface TensorRange {
	name: string;
	type: ElementType;
	shape: number[];
	start: number;
	end: number;
}

function readEntry(name: string, value: unknown, dataLength: number, refuse: Refuse): TensorRange {
	if (!isRecord(value)) return refuse('safetensors-header', `an object for tensor ${name}`, 'something else');
	const { dtype, shape, data_offsets: offsets } = value;
	if (typeof dtype !== 'string' || !Object.hasOwn(elementBytes, dtype)) {
		const known = Object.keys(elementBytes).join(', ');
		return refuse('safetensors-type', `tensor ${name} of a type in ${known}`, JSON.stringify(dtype) ?? 'none');
	}
	if (!isCountList(shape)) return refuse('safetensors-shape', `a shape for tensor ${name}`, printShort(shape));
	if (!isCountList(offsets) || offsets.length !== 2) {
		return refuse('safetensors-offsets', `a byte range for tensor ${name}`, printShort(offsets));
	}
	const [start, end] = offsets;
	const type = dtype as ElementType;
	const needed = elementCount(shape) * elementBytes[type];
	if (end - start !== needed) {
		refuse('safetensors-shape', `${needed} bytes for tensor ${name} ${type}[${shape}]`, `${end - start} bytes`);
	}
	if (end > dataLength) {
		refuse('safetensors-truncated', `tensor ${name} to end at byte ${end} of the data`, `${dataLength} bytes of data`);
	}
	return { name, type, shape, start, end };
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCountList(value: unknown): value is number[] {
	return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function printShort(value: unknown): string {
	return (JSON.stringify(value) ?? 'none').slice(0, 80);
}
