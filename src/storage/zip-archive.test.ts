import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCodeOf } from '../testing/error-code';
import { crc32, readZip, writeZip } from './zip-archive';

const text = (value: string) => new TextEncoder().encode(value);
const sample = () =>
	writeZip([
		['a/一.txt', text('hello')],
		['empty', new Uint8Array(0)],
	]);

/** The same archive with sizes and positions in zip64 fields, as archives beyond 4 GiB have them. */
function withWideSizes(data: Uint8Array): Uint8Array {
	const narrow = writeZip([['a', data]]);
	const view = new DataView(narrow.buffer);
	const end = narrow.length - 22;
	const directory = view.getUint32(end + 16, true);
	const wide = new Uint8Array(28);
	const wideView = new DataView(wide.buffer);
	wideView.setUint16(0, 1, true);
	wideView.setUint16(2, 24, true);
	wideView.setBigUint64(4, BigInt(data.length), true);
	wideView.setBigUint64(12, BigInt(data.length), true);
	view.setUint32(directory + 20, 0xffffffff, true);
	view.setUint32(directory + 24, 0xffffffff, true);
	view.setUint32(directory + 42, 0xffffffff, true);
	view.setUint16(directory + 30, wide.length, true);
	return Buffer.concat([narrow.subarray(0, end), wide, narrow.subarray(end)]);
}

describe('zip archives', () => {
	test('give back their entries', () => {
		const entries = readZip(sample());
		expect([...entries.keys()]).toEqual(['a/一.txt', 'empty']);
		expect(new TextDecoder().decode(entries.get('a/一.txt'))).toBe('hello');
	});

	test('have the checksum of ISO 3309', () => {
		expect(crc32(text('123456789'))).toBe(0xcbf43926);
	});

	test('are read with zip64 sizes', () => {
		expect(new TextDecoder().decode(readZip(withWideSizes(text('hello'))).get('a'))).toBe('hello');
	});

	test('are read with a comment at the end', () => {
		const bytes = Uint8Array.from([...sample(), ...text('note')]);
		new DataView(bytes.buffer).setUint16(bytes.length - 6, 4, true);
		expect(readZip(bytes).size).toBe(2);
	});

	test('are refused when cut, packed, encrypted, or with one name twice', () => {
		const whole = sample();
		const directory = new DataView(whole.buffer).getUint32(whole.length - 6, true);
		const changed = (at: number, value: number) => {
			const bytes = whole.slice();
			bytes[directory + at] = value;
			return bytes;
		};
		expect(errorCodeOf(() => readZip(whole.subarray(0, whole.length - 1)))).toBe('zip-truncated');
		expect(errorCodeOf(() => readZip(changed(10, 8)))).toBe('zip-packed');
		expect(errorCodeOf(() => readZip(changed(8, 1)))).toBe('zip-packed');
		expect(errorCodeOf(() => readZip(changed(0, 0)))).toBe('zip-damaged');
		expect(errorCodeOf(() => readZip(changed(45, 0x7f)))).toBe('zip-damaged');
		const twice = writeZip([
			['a', text('1')],
			['a', text('2')],
		]);
		expect(errorCodeOf(() => readZip(twice))).toBe('zip-damaged');
	});

	test('whose directory asks for more bytes than the file has are refused before they are checked', () => {
		const whole = sample();
		const view = new DataView(whole.buffer);
		view.setUint32(view.getUint32(whole.length - 6, true) + 20, whole.length + 1, true);
		expect(errorCodeOf(() => readZip(whole))).toBe('zip-damaged');
	});

	test('end in entries or a named error whatever bytes are changed', () => {
		const whole = withWideSizes(text('hello'));
		const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 });
		fc.assert(
			fc.property(damage, (changes) => {
				const bytes = Uint8Array.from(whole);
				for (const [at, value] of changes) bytes[at] = value;
				errorCodeOf(() => readZip(bytes));
			}),
			{ numRuns: 1000 },
		);
	});
});
