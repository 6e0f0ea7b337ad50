// Tensors of a model file by name, read one at a time out of a Blob, so that a large file is never in memory as a whole:
// safetensors, alone or in shards, and PyTorch's files in both forms. Nothing in a file is executed.

import { type Refuse, refuser } from './refuse';
import { readSafetensorsHeader } from './safetensors';
import type { ElementType, StoredTensor } from './stored-tensor';
import { elementBytes } from './stored-tensor';
import {
	checkByteOrder,
	findStateDict,
	type NamedTensor,
	partOfStorage,
	readLegacyObjects,
	readObject,
	rootOfZip,
	unfold,
} from './torch-state-dict';
import { ZipBlob } from './zip-blob';

export interface FiledTensor {
	type: ElementType;
	shape: readonly number[];
	/** Reads its bytes. Throws the UserErrors of its format when the file is cut off or damaged there. */
	read(): Promise<StoredTensor>;
}

/** In the file's order. */
export type TensorFile = ReadonlyMap<string, FiledTensor>;

const zipSignature = 0x04034b50;
/** How a pickle of protocol 2 begins, which the older form of PyTorch's files is made of. */
const pickleStart = 0x8002;
/** Objects of a legacy file lie in its first megabytes. */
const firstRead = 2 ** 22;
const lastRead = 2 ** 28;

const remedy =
	'Copy or download the complete file again; the supported files are safetensors and state_dicts of PyTorch.';

const indexRemedy = 'Add the index and all files that it names.';

/** By its first bytes. Throws a UserError `safetensors-…`, `torch-…`, `pickle-…` or `zip-…`. */
export async function openTensorFile(blob: Blob, file: string): Promise<TensorFile> {
	const head = new DataView(await blob.slice(0, 4).arrayBuffer());
	if (head.byteLength === 4 && head.getUint32(0, true) === zipSignature) return openTorchZip(blob, file);
	if (head.byteLength === 4 && head.getUint16(0) === pickleStart && !(await isHeader(blob)))
		return openTorchLegacy(blob, file);
	return openSafetensors(blob, file);
}

/** A length of safetensors' header can begin with the same bytes; the header itself is JSON. */
async function isHeader(blob: Blob): Promise<boolean> {
	return (await blob.slice(8, 9).text()) === '{';
}

/** Names of the files that an index lists. Throws a UserError `shard-index`. */
export function shardNames(index: { text: string; file: string }): string[] {
	const refuse = refuser(index.file, indexRemedy);
	return [...new Set(weightMap(index.text, refuse).map(([, shard]) => shard))];
}

/** The files of an index (`model.safetensors.index.json`, `pytorch_model.bin.index.json`) as one. */
export async function openShards(
	index: { text: string; file: string },
	shards: ReadonlyMap<string, Blob>,
): Promise<TensorFile> {
	const refuse = refuser(index.file, indexRemedy);
	const weights = weightMap(index.text, refuse);
	const opened = new Map<string, TensorFile>();
	const tensors = new Map<string, FiledTensor>();
	for (const [name, shard] of weights) {
		if (!opened.has(shard)) {
			const blob = shards.get(shard);
			if (!blob) return refuse('shard-missing', `the file ${shard} beside the index`, 'none');
			opened.set(shard, await openTensorFile(blob, shard));
		}
		const tensor = opened.get(shard)?.get(name);
		if (!tensor) return refuse('shard-mixed-up', `tensor ${name} in ${shard}`, 'none');
		tensors.set(name, tensor);
	}
	return tensors;
}

function weightMap(text: string, refuse: Refuse): [string, string][] {
	let value: unknown = null;
	try {
		value = (JSON.parse(text) as { weight_map?: unknown } | null)?.weight_map;
	} catch {
		// said below
	}
	const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
	if (entries.length === 0 || !entries.every(([, shard]) => typeof shard === 'string' && !/[/\\]/.test(shard)))
		return refuse('shard-index', 'a weight_map of tensors and file names', 'something else');
	return entries as [string, string][];
}

async function openSafetensors(blob: Blob, file: string): Promise<TensorFile> {
	const { ranges, dataStart } = await readSafetensorsHeader(
		async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
		blob.size,
		file,
	);
	return new Map(
		ranges.map(({ name, type, shape, start, end }) => {
			const slice = blob.slice(dataStart + start, dataStart + end);
			const read = async () => ({ type, shape, bytes: new Uint8Array(await slice.arrayBuffer()) });
			return [name, { type, shape, read }];
		}),
	);
}

async function openTorchZip(blob: Blob, file: string): Promise<TensorFile> {
	const refuse = refuser(file, remedy);
	const zip = await ZipBlob.open(blob, file, remedy);
	const root = rootOfZip(zip.names(), refuse);
	const order = `${root}/byteorder`;
	checkByteOrder(zip.has(order) ? await zip.read(order) : undefined, refuse);
	const { value } = readObject(await zip.read(`${root}/data.pkl`), 0, refuse, file);
	const opened = new Map<string, Promise<StorageBytes>>();
	return filedTensors(findStateDict(value, refuse), blob.size, refuse, async (key) => {
		const name = `${root}/data/${key}`;
		if (!zip.has(name)) return null;
		const storage = opened.get(key) ?? zip.open(name);
		opened.set(key, storage);
		return storage;
	});
}

async function openTorchLegacy(blob: Blob, file: string): Promise<TensorFile> {
	const refuse = refuser(file, remedy);
	const { named, dict, keys, end } = await legacyObjects(blob, file, refuse);
	const storages = new Map<string, [number, number]>();
	let at = end;
	for (const key of keys) {
		const type = named.get(key);
		if (!type) return refuse('torch-damaged', 'storages that the tensors name', `storage ${key}`);
		const count = new DataView(await blob.slice(at, at + 8).arrayBuffer());
		if (count.byteLength < 8) return refuse('torch-truncated', `storage ${key}`, 'the end of the file');
		const length = Number(count.getBigUint64(0, true)) * elementBytes[type];
		at += 8;
		if (at + length > blob.size)
			return refuse('torch-truncated', `${length} bytes of storage ${key}`, `${blob.size - at}`);
		storages.set(key, [at, at + length]);
		at += length;
	}
	return filedTensors(findStateDict(dict, refuse), blob.size, refuse, async (key) => {
		const range = storages.get(key);
		if (!range) return null;
		const data = blob.slice(...range);
		const read = async (start: number, end: number) => new Uint8Array(await data.slice(start, end).arrayBuffer());
		return { sizeBytes: data.size, read };
	});
}

/** Reads further into the file while its objects end beyond what was read. */
async function legacyObjects(blob: Blob, file: string, refuse: Refuse) {
	for (let length = firstRead; ; length *= 4) {
		const bytes = new Uint8Array(await blob.slice(0, length).arrayBuffer());
		try {
			return readLegacyObjects(bytes, refuse, file);
		} catch (error) {
			if (bytes.length >= blob.size || length >= lastRead) throw error;
		}
	}
}

/** A storage of a PyTorch file, which many tensors may share. */
interface StorageBytes {
	sizeBytes: number;
	read(start: number, end: number): Promise<Uint8Array>;
}

/** Of a shared storage only what a tensor needs is read. */
function filedTensors(
	dict: ReadonlyMap<string, NamedTensor>,
	fileBytes: number,
	refuse: Refuse,
	openStorage: (key: string) => Promise<StorageBytes | null>,
): TensorFile {
	const budgetBytes = 8 * fileBytes + (1 << 26);
	return new Map(
		[...dict].map(([name, tensor]) => {
			const { type, key } = tensor.storage;
			const read = async () => {
				const storage = await openStorage(key);
				const { start, end, part } = partOfStorage(name, tensor, storage?.sizeBytes ?? null, refuse);
				const bytes = (await storage?.read(start, end)) ?? new Uint8Array(0);
				return unfold(name, part, new Map([[key, bytes]]), { bytes: budgetBytes }, refuse);
			};
			return [name, { type, shape: tensor.shape, read }];
		}),
	);
}
