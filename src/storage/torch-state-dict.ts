// PyTorch's state_dict files: the zip form (PyTorch 1.6 and later) and the older form of five pickles and raw storages.
// Read by pickle.ts, which runs nothing: only tensors, parameters and plain containers are known, every other name is
// refused. Written in the zip form, for torch.load. Source: torch/serialization.py, torch/_utils.py.

import { invariant } from '../util/errors';
import { PickleGlobal, readPickle } from './pickle';
import { PickleWriter } from './pickle-writer';
import { type Refuse, refuser } from './refuse';
import { type ElementType, elementBytes, elementCount, type StoredTensor } from './stored-tensor';
import { readZip, writeZip } from './zip-archive';

/** Tensors by name, in the file's order. Tensors that share a storage are views of the same bytes. */
export type StateDict = Map<string, StoredTensor>;

const storageTypes: Readonly<Record<ElementType, string>> = {
	F64: 'DoubleStorage',
	F32: 'FloatStorage',
	F16: 'HalfStorage',
	BF16: 'BFloat16Storage',
	I64: 'LongStorage',
	I32: 'IntStorage',
	I16: 'ShortStorage',
	I8: 'CharStorage',
	U8: 'ByteStorage',
	BOOL: 'BoolStorage',
};

/** First value of a file in the older form. */
const legacyMagic = 0x1950a86a20f9469cfc6cn;
const legacyProtocol = 1001;
const zipSignature = 0x04034b50;
/** Names under which training scripts wrap a state_dict. */
const wrapperKeys = ['state_dict', 'model_state_dict', 'model'];

/** Reads the state_dict of a file, bare or under one of the usual names of a wrapping dict. Throws a UserError `torch-…`,
 *  `pickle-…` or `zip-…` for anything else, cut off, or with a name that could run code. */
export function readTorchStateDict(bytes: Uint8Array, file?: string): StateDict {
	const refuse = refuser(file, remedy);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const isZip = bytes.length >= 4 && view.getUint32(0, true) === zipSignature;
	const { value, storages } = isZip ? readZipForm(bytes, refuse, file) : readLegacyForm(bytes, view, refuse, file);
	const named = findStateDict(value, refuse);
	// What strided tensors may be unfolded to; a small file can ask for terabytes.
	const budget = { bytes: 8 * bytes.length + (1 << 26) };
	return new Map([...named].map(([name, tensor]) => [name, unfold(name, tensor, storages, budget, refuse)]));
}

/** A file in the zip form that torch.load reads, with `weights_only` too. Tensors over the same bytes share a storage.
 *  Less than 4 GiB in all. */
export function writeTorchStateDict(tensors: Iterable<readonly [string, StoredTensor]>): Uint8Array<ArrayBuffer> {
	const root = 'archive';
	const storages = new StorageList();
	const pickle = new PickleWriter();
	pickle.global('collections', 'OrderedDict').emptyTuple().reduce().mark();
	for (const [name, tensor] of tensors) {
		pickle.text(name);
		writeTensor(pickle, tensor, storages.keyOf(tensor));
	}
	pickle.setItems();
	const text = (value: string) => new TextEncoder().encode(value);
	const entries: [string, Uint8Array][] = [
		[`${root}/data.pkl`, pickle.finish()],
		[`${root}/byteorder`, text('little')],
		...storages.bytes.map((bytes, key): [string, Uint8Array] => [`${root}/data/${key}`, bytes]),
		[`${root}/version`, text('3\n')],
	];
	const sizeBytes = entries.reduce((sum, [, bytes]) => sum + bytes.length, 0);
	invariant(sizeBytes < 2 ** 32 - 2 ** 24, `a state_dict of ${sizeBytes} bytes needs zip64, which is not written`);
	return writeZip(entries);
}

const remedy = 'Save only the state_dict in PyTorch: torch.save(model.state_dict(), path), and copy the complete file.';

/** A storage as a pickle names it; its bytes come later. */
class NamedStorage {
	constructor(
		readonly key: string,
		readonly type: ElementType,
		readonly elements: number,
		/** First element within the storage of that key: older files can store a view of another storage. */
		readonly offset: number,
	) {}
}

export class NamedTensor {
	constructor(
		readonly storage: NamedStorage,
		/** First element, within the storage. */
		readonly offset: number,
		readonly shape: number[],
		/** In elements. */
		readonly strides: number[],
	) {}
}

interface LoadedFile {
	value: unknown;
	/** Bytes of each storage, by key. */
	storages: ReadonlyMap<string, Uint8Array>;
}

function readZipForm(bytes: Uint8Array, refuse: Refuse, file: string | undefined): LoadedFile {
	const entries = readZip(bytes, file);
	const root = rootOfZip([...entries.keys()], refuse);
	checkByteOrder(entries.get(`${root}/byteorder`), refuse);
	const { value, named } = readObject(entries.get(`${root}/data.pkl`)!, 0, refuse, file);
	const storages = new Map<string, Uint8Array>();
	for (const key of named.keys()) {
		const data = entries.get(`${root}/data/${key}`);
		if (!data) refuse('torch-storage-missing', `the storage ${root}/data/${key}`, 'none');
		storages.set(key, data!);
	}
	return { value, storages };
}

/** The folder of all entries: that of the one pickle. */
export function rootOfZip(names: readonly string[], refuse: Refuse): string {
	const pickles = names.filter((name) => /^[^/]+\/data\.pkl$/.test(name));
	if (pickles.length !== 1) {
		return refuse('torch-format', 'a PyTorch zip archive with one data.pkl', `${pickles.length} of them`);
	}
	return pickles[0].slice(0, -'/data.pkl'.length);
}

/** Of the entry `byteorder`, which older files do not have. */
export function checkByteOrder(order: Uint8Array | undefined, refuse: Refuse): void {
	if (order && new TextDecoder().decode(order) !== 'little') {
		refuse('torch-byte-order', 'little-endian numbers', 'big-endian numbers');
	}
}

/** What the five pickles of the older form say: magic number, protocol, system, object, storage keys. */
export function readLegacyObjects(bytes: Uint8Array, refuse: Refuse, file: string | undefined) {
	const magic = readObject(bytes, 0, refuse, file);
	if (magic.value !== legacyMagic) refuse('torch-format', 'a PyTorch state_dict file', 'another kind of file');
	const protocol = readObject(bytes, magic.end, refuse, file);
	if (protocol.value !== legacyProtocol) {
		refuse('torch-format', `format ${legacyProtocol} of older PyTorch files`, `format ${String(protocol.value)}`);
	}
	const system = readObject(bytes, protocol.end, refuse, file);
	if (system.value instanceof Map && system.value.get('little_endian') === false) {
		refuse('torch-byte-order', 'little-endian numbers', 'big-endian numbers');
	}
	const { value: dict, named, end } = readObject(bytes, system.end, refuse, file);
	const keys = readObject(bytes, end, refuse, file);
	if (!Array.isArray(keys.value)) return refuse('torch-damaged', 'a list of storage keys', 'something else');
	return { dict, named, keys: keys.value.map(String), end: keys.end };
}

/** The objects, then each storage behind its element count. */
function readLegacyForm(bytes: Uint8Array, view: DataView, refuse: Refuse, file: string | undefined): LoadedFile {
	const { dict, named, keys, end } = readLegacyObjects(bytes, refuse, file);
	const storages = new Map<string, Uint8Array>();
	let at = end;
	for (const key of keys) {
		const type = named.get(key);
		if (!type) return refuse('torch-damaged', 'storages that the tensors name', `storage ${key}`);
		if (at + 8 > bytes.length) refuse('torch-truncated', `storage ${key}`, 'the end of the file');
		const length = Number(view.getBigUint64(at, true)) * elementBytes[type];
		at += 8;
		if (at + length > bytes.length) {
			refuse('torch-truncated', `${length} bytes of storage ${key}`, `${bytes.length - at}`);
		}
		storages.set(key, bytes.subarray(at, at + length));
		at += length;
	}
	return { value: dict, storages };
}

/** Reads one pickle in which tensors may occur; `named` gives the element type of each storage that it names. */
export function readObject(bytes: Uint8Array, start: number, refuse: Refuse, file: string | undefined) {
	const named = new Map<string, ElementType>();
	const loadPersistent = (id: unknown) => {
		const storage = nameStorage(id, refuse);
		if ((named.get(storage.key) ?? storage.type) !== storage.type) {
			refuse('torch-damaged', `one element type for storage ${storage.key}`, 'two');
		}
		named.set(storage.key, storage.type);
		return storage;
	};
	const { value, end } = readPickle(bytes, start, { globals: knownGlobals(refuse), loadPersistent, file });
	return { value, end, named };
}

/** All names that a file may use. */
function knownGlobals(refuse: Refuse): ReadonlyMap<string, PickleGlobal> {
	const globals = new Map<string, PickleGlobal>();
	const add = (name: string, call?: (args: readonly unknown[]) => unknown) =>
		globals.set(name, new PickleGlobal(name, call));
	for (const storage of Object.values(storageTypes)) add(`torch.${storage}`);
	add('collections.OrderedDict', (args) => {
		if (args.length > 0) refuse('torch-damaged', 'an empty OrderedDict to fill', `${args.length} arguments`);
		return new Map();
	});
	add('torch._utils._rebuild_tensor_v2', (args) => rebuildTensor(args, refuse));
	add('torch._utils._rebuild_parameter', ([tensor]) => {
		if (tensor instanceof NamedTensor) return tensor;
		return refuse('torch-damaged', 'a tensor as a parameter', 'something else');
	});
	return globals;
}

/** ('storage', element type, key, device, elements) and, in the older form, null or (view key, offset, elements). */
function nameStorage(id: unknown, refuse: Refuse): NamedStorage {
	const [kind, type, key, , elements, view] = Array.isArray(id) ? id : [];
	const isKnown = kind === 'storage' && type instanceof PickleGlobal && typeof key === 'string' && isCount(elements);
	const found = Object.entries(storageTypes).find(([, name]) => type?.name === `torch.${name}`)?.[0];
	if (!isKnown || !found) return refuse('torch-damaged', 'the name of a storage', 'something else');
	const [, offset, viewElements] = Array.isArray(view) ? view : [null, 0, elements];
	if (!isCount(offset) || !isCount(viewElements) || offset + viewElements > elements) {
		return refuse('torch-damaged', `a view within the ${elements} elements of storage ${key}`, 'a view beyond them');
	}
	return new NamedStorage(key, found as ElementType, viewElements, offset);
}

function rebuildTensor(args: readonly unknown[], refuse: Refuse): NamedTensor {
	const [storage, offset, shape, strides] = args;
	const isTensor = storage instanceof NamedStorage && isCount(offset) && isCountList(shape) && isCountList(strides);
	if (!isTensor || shape.length !== strides.length || shape.length > 64) {
		return refuse('torch-damaged', 'a storage, an offset, a shape and strides of a tensor', 'something else');
	}
	return new NamedTensor(storage, offset, shape, strides);
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCountList(value: unknown): value is number[] {
	return Array.isArray(value) && value.every(isCount);
}

export function findStateDict(value: unknown, refuse: Refuse): Map<string, NamedTensor> {
	if (!(value instanceof Map)) return refuse('torch-format', 'a dict of tensors', 'something else');
	const wrapped = wrapperKeys.map((key) => value.get(key)).find((inner) => inner instanceof Map);
	const dict: Map<unknown, unknown> = wrapped ?? value;
	for (const [name, tensor] of dict) {
		if (typeof name === 'string' && tensor instanceof NamedTensor) continue;
		refuse('torch-format', 'a dict of names and tensors', `something else under '${String(name).slice(0, 80)}'`);
	}
	if (dict.size === 0) refuse('torch-format', 'a dict of tensors', 'an empty dict');
	return dict as Map<string, NamedTensor>;
}

/** The tensor with its elements in row-major order: a view of its storage where they lie so, a copy elsewhere. */
export function unfold(
	name: string,
	tensor: NamedTensor,
	storages: ReadonlyMap<string, Uint8Array>,
	budget: { bytes: number },
	refuse: Refuse,
): StoredTensor {
	const { storage, shape, strides } = tensor;
	const { type } = storage;
	const size = elementBytes[type];
	const count = elementCount(shape);
	const bytes = storages.get(storage.key);
	const { start } = partOfStorage(name, tensor, bytes ? bytes.length : null, refuse);
	if (!bytes || count === 0) return { type, shape, bytes: new Uint8Array(0) };
	if (isRowMajor(shape, strides)) return { type, shape, bytes: bytes.subarray(start, start + count * size) };
	budget.bytes -= count * size;
	if (budget.bytes < 0) refuse('torch-damaged', 'tensors about as large as the file', `tensor ${name} of [${shape}]`);
	return { type, shape, bytes: gather(bytes, start, shape, strides, size) };
}

/** Bytes [start, end) of its storage that hold a tensor, and the tensor over these bytes alone. `storedBytes` of the storage,
 *  null where the file has none of that name. */
export function partOfStorage(
	name: string,
	{ storage, offset, shape, strides }: NamedTensor,
	storedBytes: number | null,
	refuse: Refuse,
): { start: number; end: number; part: NamedTensor } {
	const { key, type } = storage;
	const size = elementBytes[type];
	if (storedBytes === null) return refuse('torch-storage-missing', `storage ${key} of tensor ${name}`, 'none');
	const isEmpty = shape.includes(0);
	const last = isEmpty ? offset - 1 : shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis], offset);
	const available = Math.min(storage.elements, Math.floor(storedBytes / size) - storage.offset);
	if (!isEmpty && last >= available)
		refuse('torch-damaged', `element ${last} of storage ${key} for tensor ${name}`, `${available} elements`);
	const elements = last + 1 - offset;
	const start = isEmpty ? 0 : (storage.offset + offset) * size;
	const part = new NamedTensor(new NamedStorage(key, type, elements, 0), 0, shape, strides);
	return { start, end: start + elements * size, part };
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
	let expected = 1;
	for (let axis = shape.length - 1; axis >= 0; axis--) {
		if (shape[axis] !== 1 && strides[axis] !== expected) return false;
		expected *= shape[axis];
	}
	return true;
}

/** Copies elements of `size` bytes; `start` in bytes, strides in elements. */
function gather(
	bytes: Uint8Array,
	start: number,
	shape: readonly number[],
	strides: readonly number[],
	size: number,
): Uint8Array {
	const copy = new Uint8Array(elementCount(shape) * size);
	const position = shape.map(() => 0);
	let from = start;
	for (let to = 0; to < copy.length; to += size) {
		for (let index = 0; index < size; index++) copy[to + index] = bytes[from + index];
		for (let axis = shape.length - 1; axis >= 0; axis--) {
			from += strides[axis] * size;
			if (++position[axis] < shape[axis]) break;
			from -= strides[axis] * size * shape[axis];
			position[axis] = 0;
		}
	}
	return copy;
}

/** Distinct storages in order of first use; the key of one is its position. */
class StorageList {
	readonly bytes: Uint8Array[] = [];
	private readonly keys = new Map<ArrayBufferLike, Map<string, number>>();

	keyOf({ type, bytes }: StoredTensor): number {
		const inBuffer = this.keys.get(bytes.buffer) ?? new Map<string, number>();
		this.keys.set(bytes.buffer, inBuffer);
		const range = `${type} ${bytes.byteOffset} ${bytes.length}`;
		const known = inBuffer.get(range);
		if (known !== undefined) return known;
		inBuffer.set(range, this.bytes.length);
		return this.bytes.push(bytes) - 1;
	}
}

/** _rebuild_tensor_v2(storage, 0, shape, row-major strides, requires_grad False, no hooks) */
function writeTensor(pickle: PickleWriter, { type, shape }: StoredTensor, key: number): void {
	const count = elementCount(shape);
	const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
	pickle.global('torch._utils', '_rebuild_tensor_v2').mark();
	pickle.mark().text('storage').global('torch', storageTypes[type]).text(`${key}`).text('cpu').integer(count);
	pickle.tuple().persistentId().integer(0);
	pickle.integerTuple(shape).integerTuple(strides).boolean(false);
	pickle.global('collections', 'OrderedDict').emptyTuple().reduce();
	pickle.tuple().reduce();
}
