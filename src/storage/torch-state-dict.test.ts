import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCodeOf } from '../testing/error-code';
import { referencePath } from '../testing/shared-data';
import { PickleWriter } from './pickle-writer';
import { readSafetensors } from './safetensors';
import { readDoubles, readFloats, type StoredTensor, storeNumbers } from './stored-tensor';
import { readTorchStateDict, writeTorchStateDict } from './torch-state-dict';
import { readZip, writeZip } from './zip-archive';

const folder = referencePath('checkpoint');
const load = (name: string) => new Uint8Array(readFileSync(join(folder!, name)));

describe.skipIf(!folder)('files that PyTorch wrote (skipped: no shared data)', () => {
	test.each(['model-zip.pt', 'model-zip.bin', 'model-legacy.pt', 'model-legacy.bin'])('%s has every tensor', (name) => {
		const expected = readSafetensors(load('model.safetensors')).tensors;
		const found = readTorchStateDict(load(name), name);
		expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
		for (const [key, tensor] of expected) {
			expect(found.get(key)!.shape, key).toEqual(tensor.shape);
			expect(readFloats(found.get(key)!), key).toEqual(readFloats(tensor));
		}
	});

	test('tensors that share a storage are views of the same bytes', () => {
		const keys: Record<string, { same_storage_as: string | null; dtype: string }> = JSON.parse(
			readFileSync(join(folder!, 'state_dict_keys.json'), 'utf8'),
		);
		const found = readTorchStateDict(load('model-zip.pt'));
		for (const [name, { same_storage_as, dtype }] of Object.entries(keys)) {
			expect(found.get(name)!.type, name).toBe({ float32: 'F32', int64: 'I64' }[dtype]);
			if (same_storage_as) expect(found.get(name)!.bytes.byteOffset).toBe(found.get(same_storage_as)!.bytes.byteOffset);
		}
	});

	test.each(['odd-zip.pt', 'odd-legacy.pt'])(
		'%s: views, every element type, a scalar, nothing, a parameter',
		(name) => {
			const expected: Record<string, { shape: number[]; values: (number | string)[] }> = JSON.parse(
				readFileSync(join(folder!, 'odd.json'), 'utf8'),
			);
			const found = readTorchStateDict(load(name));
			expect([...found.keys()].sort()).toEqual(Object.keys(expected).sort());
			for (const [key, { shape, values }] of Object.entries(expected)) {
				expect(found.get(key)!.shape, key).toEqual(shape);
				expect([...readDoubles(found.get(key)!)], key).toEqual(values.map(Number));
			}
		},
	);

	test.each([
		['refuse-os-system-zip.pt', 'pickle-refused-name', 'posix.system'],
		['refuse-os-system-legacy.bin', 'pickle-refused-name', 'posix.system'],
		['refuse-eval-plain.pkl', 'pickle-refused-name', '__builtin__.eval'],
		['refuse-getattr-zip.pt', 'pickle-refused-name', '__builtin__.getattr'],
		['refuse-whole-module-zip.pt', 'pickle-refused-name', 'torch.nn.modules.linear.Linear'],
		['refuse-truncated-zip.pt', 'zip-truncated', 'none'],
		['refuse-truncated-legacy.pt', 'torch-truncated', 'bytes'],
	])('%s is refused, and the message says why', (name, code, words) => {
		expect(errorCodeOf(() => readTorchStateDict(load(name), name))).toBe(code);
		expect(() => readTorchStateDict(load(name), name)).toThrow(words);
		expect(() => readTorchStateDict(load(name), name)).toThrow(name);
	});

	test('end in a result or a named error whatever bytes are cut or changed', () => {
		const wholes = ['odd-zip.pt', 'odd-legacy.pt', 'refuse-eval-plain.pkl'].map(load);
		const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 5 });
		fc.assert(
			fc.property(
				fc.constantFrom(...wholes),
				damage,
				fc.double({ min: 0, max: 1, noNaN: true }),
				(whole, changes, share) => {
					const bytes = whole.slice();
					for (const [position, value] of changes) bytes[Math.floor(position * (bytes.length - 1))] = value;
					errorCodeOf(() => readTorchStateDict(bytes));
					errorCodeOf(() => readTorchStateDict(bytes.subarray(0, Math.floor(share * bytes.length))));
				},
			),
			{ numRuns: 1500 },
		);
	});

	test('end in a result or a named error whatever the pickle inside says', () => {
		const entries = readZip(load('odd-zip.pt'));
		const [name, whole] = [...entries].find(([entry]) => entry.endsWith('/data.pkl'))!;
		const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
		fc.assert(
			fc.property(damage, (changes) => {
				const pickle = whole.slice();
				for (const [at, value] of changes) pickle[at] = value;
				errorCodeOf(() => readTorchStateDict(writeZip(new Map(entries).set(name, pickle))));
			}),
			{ numRuns: 1000 },
		);
	});

	test('are not read with their tensors beyond their storages', () => {
		const bytes = load('odd-zip.pt');
		const found = readTorchStateDict(bytes);
		expect(found.size).toBeGreaterThan(0);
		// The shape of `i64`, (3,), stands in the pickle as BININT1 3, TUPLE1; 4 elements are one too many.
		const text = Buffer.from(bytes);
		const at = text.indexOf(Buffer.from([0x4b, 3, 0x85]), text.indexOf('i64'));
		expect(at).toBeGreaterThan(0);
		bytes[at + 1] = 200;
		bytes.set(Buffer.from([0, 0, 0, 0]), findCentralChecksum(bytes, 'data.pkl'));
		expect(errorCodeOf(() => readTorchStateDict(bytes))).toBe('torch-damaged');
	});
});

/** Where the directory of a zip archive holds the checksum of an entry; 0 there means "not checked". */
function findCentralChecksum(bytes: Uint8Array, name: string): number {
	const text = Buffer.from(bytes);
	for (let at = text.indexOf('PK\x01\x02'); at >= 0; at = text.indexOf('PK\x01\x02', at + 1)) {
		const nameBytes = text.readUInt16LE(at + 28);
		if (text.toString('utf8', at + 46, at + 46 + nameBytes).endsWith(name)) return at + 16;
	}
	throw new Error(`no entry ${name}`);
}

function sample(): Map<string, StoredTensor> {
	const shared = storeNumbers(Float32Array.of(1, -2, 0.5, 1e-30), [2, 2]);
	return new Map<string, StoredTensor>([
		['weight', shared],
		['alias', { ...shared }],
		['flat', { ...shared, shape: [4] }],
		['ids', storeNumbers(BigInt64Array.of(-1n, 1099511627776n), [2])],
		['scalar', storeNumbers(Float64Array.of(0.1), [])],
		['empty', storeNumbers(new Float32Array(0), [0, 3])],
		['字.bias', { type: 'BF16', shape: [1], bytes: Uint8Array.of(0x80, 0xbf) }],
		['flags', { type: 'BOOL', shape: [2], bytes: Uint8Array.of(1, 0) }],
	]);
}

describe('a written state_dict', () => {
	test('is read back with the same tensors', () => {
		const found = readTorchStateDict(writeTorchStateDict(sample()));
		expect([...found.keys()]).toEqual([...sample().keys()]);
		for (const [name, { type, shape, bytes }] of sample()) {
			expect({ ...found.get(name)!, bytes: [...found.get(name)!.bytes] }).toEqual({ type, shape, bytes: [...bytes] });
		}
	});

	test('stores bytes that tensors share once', () => {
		const found = readTorchStateDict(writeTorchStateDict(sample()));
		expect(found.get('alias')!.bytes.byteOffset).toBe(found.get('weight')!.bytes.byteOffset);
	});

	test('starts every storage at a multiple of 64 bytes, as PyTorch maps them', () => {
		for (const { bytes } of readTorchStateDict(writeTorchStateDict(sample())).values()) {
			expect(bytes.byteOffset % 64).toBe(0);
		}
	});

	test('is refused with another byte changed', () => {
		const bytes = writeTorchStateDict(sample());
		bytes[readTorchStateDict(bytes).get('weight')!.bytes.byteOffset] ^= 1;
		expect(errorCodeOf(() => readTorchStateDict(bytes))).toBe('zip-damaged');
	});

	const python = '/usr/bin/python3';
	const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0;
	test.skipIf(!hasTorch)('is what PyTorch itself loads (skipped: no PyTorch)', () => {
		const temporary = mkdtempSync(join(tmpdir(), 'nerco-torch-'));
		try {
			const path = join(temporary, 'ours.pt');
			writeFileSync(path, writeTorchStateDict(sample()));
			const program = [
				'import torch, json, sys',
				'd = torch.load(sys.argv[1])',
				'out = {k: [str(v.dtype), list(v.shape), v.double().flatten().tolist()] for k, v in d.items()}',
				'out["shares"] = d["weight"].data_ptr() == d["alias"].data_ptr()',
				'torch.save(d, sys.argv[1] + ".again")',
				'print(json.dumps(out))',
			].join('\n');
			const { stdout, stderr } = spawnSync(python, ['-c', program, path], { encoding: 'utf8' });
			expect(stderr).toBe('');
			const loaded = JSON.parse(stdout);
			expect(loaded.shares).toBe(true);
			for (const [name, tensor] of sample())
				expect(loaded[name].slice(1), name).toEqual([tensor.shape, [...readDoubles(tensor)]]);
			expect(loaded['字.bias'][0]).toBe('torch.bfloat16');
			const again = readTorchStateDict(new Uint8Array(readFileSync(`${path}.again`)));
			for (const [name, tensor] of sample()) expect(readDoubles(again.get(name)!), name).toEqual(readDoubles(tensor));
		} finally {
			rmSync(temporary, { recursive: true });
		}
	});
});

describe('a small file', () => {
	test('cannot ask for more memory than it is worth', () => {
		const pickle = new PickleWriter().global('collections', 'OrderedDict').emptyTuple().reduce().mark().text('w');
		pickle.global('torch._utils', '_rebuild_tensor_v2').mark();
		pickle
			.mark()
			.text('storage')
			.global('torch', 'FloatStorage')
			.text('0')
			.text('cpu')
			.integer(1)
			.tuple()
			.persistentId();
		pickle
			.integer(0)
			.integerTuple([2 ** 40, 2 ** 40])
			.integerTuple([0, 0])
			.boolean(false)
			.emptyTuple();
		pickle.tuple().reduce().setItems();
		const bytes = writeZip([
			['a/data.pkl', pickle.finish()],
			['a/data/0', new Uint8Array(4)],
		]);
		expect(errorCodeOf(() => readTorchStateDict(bytes))).toBe('torch-damaged');
	});
});

describe('a file that is no state_dict', () => {
	test.each([
		['an empty file', [], 'pickle-truncated'],
		['text', [...new TextEncoder().encode('word 0.1 0.2\n')], 'pickle-opcode'],
		['a pickle of a number', [0x80, 2, 0x4b, 1, 0x2e], 'torch-format'],
		['a pickle of another protocol', [0x80, 9, 0x2e], 'pickle-protocol'],
		['a zip archive without data.pkl', [0x50, 0x4b, 3, 4, 0, 0, 0, 0], 'zip-truncated'],
	])('is refused: %s', (_, bytes, code) => {
		expect(errorCodeOf(() => readTorchStateDict(Uint8Array.from(bytes as number[])))).toBe(code);
	});
});

/** A pickle of a dict with one tensor `w` of two numbers in storage 0; `change` writes other things in their place. */
function pickled({ storage = namedStorage(), tensor = wholeTensor, wrap }: PickleParts = {}): Uint8Array {
	const pickle = emptyDict(new PickleWriter()).mark();
	if (wrap) emptyDict(pickle.text(wrap)).mark();
	pickle.text('w');
	tensor(pickle, storage);
	if (wrap) pickle.setItems();
	return pickle.setItems().finish();
}

type Write = (pickle: PickleWriter) => PickleWriter;

interface PickleParts {
	storage?: Write;
	tensor?(pickle: PickleWriter, storage: Write): PickleWriter;
	wrap?: string;
}

const emptyDict: Write = (pickle) => pickle.global('collections', 'OrderedDict').emptyTuple().reduce();

function namedStorage(type = 'FloatStorage', key = '0'): Write {
	return (pickle) =>
		pickle.mark().text('storage').global('torch', type).text(key).text('cpu').integer(2).tuple().persistentId();
}

function wholeTensor(pickle: PickleWriter, storage: Write): PickleWriter {
	storage(pickle.global('torch._utils', '_rebuild_tensor_v2').mark()).integer(0);
	return pickle.integerTuple([2]).integerTuple([1]).boolean(false).emptyTuple().tuple().reduce();
}

const encode = (text: string) => new TextEncoder().encode(text);
const twoFloats = new Uint8Array(8);

function zipOf(pickle: Uint8Array, others: [string, Uint8Array][] = [['a/data/0', twoFloats]]): Uint8Array {
	return writeZip([['a/data.pkl', pickle], ...others]);
}

describe('a state_dict of the zip form', () => {
	test.each(['state_dict', 'model_state_dict', 'model'])('is found under %s', (wrap) => {
		expect([...readTorchStateDict(zipOf(pickled({ wrap }))).keys()]).toEqual(['w']);
	});

	const twoTypes: PickleParts['tensor'] = (pickle) => {
		wholeTensor(pickle, namedStorage()).text('v');
		return wholeTensor(pickle, namedStorage('IntStorage'));
	};
	const parameterOfText: PickleParts['tensor'] = (pickle) =>
		pickle.global('torch._utils', '_rebuild_parameter').mark().text('w').tuple().reduce();
	const filledDict: PickleParts['tensor'] = (pickle) =>
		pickle.global('collections', 'OrderedDict').mark().text('w').tuple().reduce();
	const withoutStrides: PickleParts['tensor'] = (pickle, storage) => {
		storage(pickle.global('torch._utils', '_rebuild_tensor_v2').mark()).integer(0);
		return pickle.integerTuple([2]).emptyTuple().tuple().reduce();
	};
	test.each<[string, () => Uint8Array, string]>([
		[
			'two pickles',
			() =>
				writeZip([
					['a/data.pkl', pickled()],
					['b/data.pkl', pickled()],
				]),
			'torch-format',
		],
		[
			'numbers of the other byte order',
			() =>
				zipOf(pickled(), [
					['a/data/0', twoFloats],
					['a/byteorder', encode('big')],
				]),
			'torch-byte-order',
		],
		['no storage', () => zipOf(pickled(), []), 'torch-storage-missing'],
		['a storage of two types', () => zipOf(pickled({ tensor: twoTypes })), 'torch-damaged'],
		[
			'a storage of an unknown kind',
			() => zipOf(pickled({ storage: (to) => to.text('storage').persistentId() })),
			'torch-damaged',
		],
		['a parameter that is no tensor', () => zipOf(pickled({ tensor: parameterOfText })), 'torch-damaged'],
		['a dict made of arguments', () => zipOf(pickled({ tensor: filledDict })), 'torch-damaged'],
		['a tensor without strides', () => zipOf(pickled({ tensor: withoutStrides })), 'torch-damaged'],
		['something else than tensors', () => zipOf(pickled({ tensor: (to) => to.integer(1) })), 'torch-format'],
		['nothing', () => zipOf(emptyDict(new PickleWriter()).finish()), 'torch-format'],
	])('with %s is refused', (_, make, code) => {
		expect(errorCodeOf(() => readTorchStateDict(make(), 'a.pt'))).toBe(code);
	});
});

describe('a state_dict of the older form', () => {
	const legacyMagic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
	const number = (value: number) => new PickleWriter().integer(value).finish();
	const system = (isLittle: boolean) =>
		emptyDict(new PickleWriter()).mark().text('little_endian').boolean(isLittle).setItems().finish();
	/** A list of texts, as Python writes it: EMPTY_LIST, MARK, texts, APPENDS. */
	const keys = (...texts: string[]) => [0x80, 2, 0x5d, 0x28, ...texts.flatMap(shortText), 0x65, 0x2e];
	const shortText = (text: string) => [0x58, text.length, 0, 0, 0, ...encode(text)];
	const storage = (length: number) => [length, 0, 0, 0, 0, 0, 0, 0, ...new Uint8Array(4 * length)];

	function legacy({ protocol = 1001, isLittle = true, named = keys('0'), data = storage(2) } = {}): Uint8Array {
		const parts = [legacyMagic, number(protocol), system(isLittle), pickled(), named, data];
		return Uint8Array.from(parts.flatMap((part) => [...part]));
	}

	test('is read', () => {
		expect([...readFloats(readTorchStateDict(legacy()).get('w')!)]).toEqual([0, 0]);
	});

	test.each<[string, Parameters<typeof legacy>[0], string]>([
		['another format', { protocol: 1002 }, 'torch-format'],
		['numbers of the other byte order', { isLittle: false }, 'torch-byte-order'],
		['no list of storages', { named: [...number(3)] }, 'torch-damaged'],
		['a storage that no tensor names', { named: keys('0', '1') }, 'torch-damaged'],
		['no count of elements', { data: [2, 0, 0] }, 'torch-truncated'],
		['fewer elements than counted', { data: storage(2).slice(0, -1) }, 'torch-truncated'],
		['fewer storages than named', { named: keys(), data: [] }, 'torch-storage-missing'],
	])('with %s is refused', (_, change, code) => {
		expect(errorCodeOf(() => readTorchStateDict(legacy(change), 'a.pt'))).toBe(code);
	});
});
