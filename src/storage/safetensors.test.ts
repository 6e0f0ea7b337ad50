import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCodeOf } from '../testing/error-code';
import { referencePath } from '../testing/shared-data';
import { readSafetensors, writeSafetensors } from './safetensors';
import { readDoubles, readFloats, readIntegers, type StoredTensor, storeNumbers } from './stored-tensor';

function fileOf(header: unknown, data: number[] = []): Uint8Array {
	const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
	const bytes = new Uint8Array(8 + text.length + data.length);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
	bytes.set(text, 8);
	bytes.set(data, 8 + text.length);
	return bytes;
}

const sample = () =>
	writeSafetensors(
		[
			['odd', storeNumbers(Uint8Array.of(1, 2, 3), [3])],
			['weight', storeNumbers(Float32Array.of(1.5, -2, 3, 4, 5, 6), [2, 3])],
			['empty', storeNumbers(new Float32Array(0), [0, 4])],
			['scalar', storeNumbers(Float64Array.of(0.1), [])],
		],
		{ note: '字' },
	);

describe('safetensors', () => {
	test('gives back what was written, though a tensor starts at an odd byte', () => {
		const { tensors, metadata } = readSafetensors(sample());
		expect([...readFloats(tensors.get('weight')!)]).toEqual([1.5, -2, 3, 4, 5, 6]);
		expect(tensors.get('weight')!.shape).toEqual([2, 3]);
		expect([...readDoubles(tensors.get('scalar')!)]).toEqual([0.1]);
		expect(tensors.get('empty')!.bytes.length).toBe(0);
		expect(metadata).toEqual({ note: '字' });
	});

	test('reads every element type as numbers', () => {
		const tensor = (type: StoredTensor['type'], ...bytes: number[]): StoredTensor => ({
			type,
			shape: [1],
			bytes: Uint8Array.from(bytes),
		});
		expect(readFloats(tensor('F16', 0x00, 0xc0))[0]).toBe(-2);
		expect(readFloats(tensor('F16', 0x01, 0x00))[0]).toBe(2 ** -24);
		expect(readFloats(tensor('F16', 0x00, 0x7c))[0]).toBe(Number.POSITIVE_INFINITY);
		expect(readFloats(tensor('BF16', 0x80, 0xbf))[0]).toBe(-1);
		expect(readDoubles(tensor('I64', 0, 0, 0, 0, 0, 1, 0, 0))[0]).toBe(1099511627776);
		expect(readIntegers(tensor('I16', 0xfe, 0xff))[0]).toBe(-2);
		expect(readIntegers(tensor('I8', 0xff))[0]).toBe(-1);
		expect(readIntegers(tensor('BOOL', 7))[0]).toBe(1);
	});

	test('refuses to read a number beyond 32 bits as an index', () => {
		const tensor = storeNumbers(BigInt64Array.of(1n, 1099511627776n), [2]);
		expect(errorCodeOf(() => readIntegers(tensor))).toBe('tensor-not-integer');
	});

	const entry = (shape: unknown, offsets: unknown, dtype: unknown = 'U8') => ({ dtype, shape, data_offsets: offsets });
	test.each([
		['an empty file', new Uint8Array(0), 'safetensors-truncated'],
		['a header longer than the file', Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0, 123, 125), 'safetensors-truncated'],
		['an absurd header length', new Uint8Array(16).fill(255), 'safetensors-header'],
		['a header that is no JSON', fileOf('{"a": '), 'safetensors-header'],
		['a header that is a list', fileOf([]), 'safetensors-header'],
		['an unknown type', fileOf({ a: entry([1], [0, 1], 'F8') }, [0]), 'safetensors-type'],
		['a type named like an object property', fileOf({ a: entry([1], [0, 1], 'toString') }, [0]), 'safetensors-type'],
		['a negative dimension', fileOf({ a: entry([-1], [0, 1]) }, [0]), 'safetensors-shape'],
		['a shape that needs more bytes', fileOf({ a: entry([2], [0, 1]) }, [0]), 'safetensors-shape'],
		['a shape whose product overflows', fileOf({ a: entry([2 ** 52, 2 ** 52], [0, 1]) }, [0]), 'safetensors-shape'],
		[
			'tensors that overlap',
			fileOf({ a: entry([2], [0, 2]), b: entry([2], [1, 3]) }, [0, 0, 0]),
			'safetensors-offsets',
		],
		[
			'a hole between tensors',
			fileOf({ a: entry([1], [0, 1]), b: entry([1], [2, 3]) }, [0, 0, 0]),
			'safetensors-offsets',
		],
		['bytes after the last tensor', fileOf({ a: entry([1], [0, 1]) }, [0, 0]), 'safetensors-length'],
		['metadata that is no text', fileOf({ __metadata__: { a: 1 } }), 'safetensors-metadata'],
		['a file cut in half', sample().subarray(0, sample().length - 10), 'safetensors-truncated'],
	])('refuses %s', (_, bytes, code) => {
		expect(errorCodeOf(() => readSafetensors(bytes as Uint8Array))).toBe(code);
	});

	test('says which file, what was expected and what was found', () => {
		expect(() => readSafetensors(new Uint8Array(3), 'm.safetensors')).toThrow(
			/^m\.safetensors: expected at least 8 bytes, found 3 bytes\. Use a complete/,
		);
	});

	test('ends in a result or a named error whatever bytes are cut or changed', () => {
		const whole = sample();
		const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 });
		fc.assert(
			fc.property(damage, fc.nat(whole.length), (changes, length) => {
				const bytes = whole.slice();
				for (const [at, value] of changes) bytes[at] = value;
				errorCodeOf(() => readSafetensors(bytes.subarray(0, length)));
				errorCodeOf(() => readSafetensors(bytes));
			}),
			{ numRuns: 500 },
		);
	});

	const folder = referencePath('crf');
	test.skipIf(!folder)('reads the reference tensors of the published program (skipped: no shared data)', () => {
		const names = readdirSync(folder!).filter((name) => name.endsWith('.safetensors'));
		expect(names.length).toBeGreaterThan(0);
		for (const name of names) {
			const { tensors } = readSafetensors(readFileSync(join(folder!, name)), name);
			expect(tensors.size).toBeGreaterThan(0);
			for (const tensor of tensors.values()) expect(readFloats(tensor).every(Number.isFinite)).toBe(true);
		}
	});
});
