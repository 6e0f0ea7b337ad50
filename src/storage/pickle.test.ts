import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCodeOf } from '../testing/error-code';
import { PickleGlobal, readPickle } from './pickle';
import { PickleWriter } from './pickle-writer';

const world = {
	globals: new Map([
		['m.pair', new PickleGlobal('m.pair', (args) => ({ pair: args }))],
		['m.Kind', new PickleGlobal('m.Kind')],
	]),
	loadPersistent: (id: unknown) => ({ persistent: id }),
};
const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const read = (text: string) => readPickle(bytesOf(`\x80\x02${text}`), 0, world).value;

describe('a pickle', () => {
	// Bytes as Python's pickle.dumps(value, protocol) writes them.
	test.each([
		['N.', null],
		['\x88.', true],
		['J\xfe\xff\xff\xff.', -2],
		['M\x01\x02.', 513],
		['\x8a\x02\xff\x7f.', 32767],
		['\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01.', 1n << 64n],
		['\x8a\x00.', 0],
		['G\x3f\xf8\x00\x00\x00\x00\x00\x00.', 1.5],
		['X\x03\x00\x00\x00\xe5\xad\x97.', '字'],
		[']q\x00(K\x01K\x02e.', [1, 2]],
		['K\x01K\x02\x86q\x00.', [1, 2]],
		[
			'}q\x00(X\x01\x00\x00\x00aK\x01X\x01\x00\x00\x00bNu.',
			new Map<string, unknown>([
				['a', 1],
				['b', null],
			]),
		],
		['}(K\x01K\x02d0K\x07.', 7],
		['cm\npair\nK\x01K\x02\x86R.', { pair: [1, 2] }],
		['X\x01\x00\x00\x00mX\x04\x00\x00\x00pair\x93)R.', { pair: [] }],
		['K\x05Q.', { persistent: 5 }],
		[']q\x05K\x01ah\x05\x86.', [[1], [1]]],
		['}X\x01\x00\x00\x00xb.', new Map()],
	])('%j is read', (text, value) => {
		expect(read(text)).toEqual(value);
	});

	test('ends where it ends, so that another can follow', () => {
		const bytes = bytesOf('\x80\x02K\x01.\x80\x02K\x02.');
		const first = readPickle(bytes, 0, world);
		expect(first).toEqual({ value: 1, end: 5 });
		expect(readPickle(bytes, first.end, world).value).toBe(2);
	});

	test.each([
		['a name that is not listed', 'cos\nsystem\n.', 'pickle-refused-name'],
		[
			'a name from the stack that is not listed',
			'X\x02\x00\x00\x00osX\x06\x00\x00\x00system\x93.',
			'pickle-refused-name',
		],
		['a name of an object property', 'c__proto__\nconstructor\n.', 'pickle-refused-name'],
		['a call of a value', 'K\x01)R.', 'pickle-damaged'],
		['a call of a name that is no function', 'cm\nKind\n)R.', 'pickle-damaged'],
		['state of a call’s result', 'cm\npair\n)RNb.', 'pickle-damaged'],
		['an object made by class (NEWOBJ)', 'cm\nKind\n)\x81.', 'pickle-opcode'],
		['an extension code', '\x82\x01.', 'pickle-opcode'],
		['a text that is longer than the file', 'X\xff\xff\xff\x7fab.', 'pickle-truncated'],
		['an endless integer', '\x8b\x00\x01\x00\x00.', 'pickle-damaged'],
		['an empty stack', '0.', 'pickle-damaged'],
		['a mark that is missing', 'K\x01t.', 'pickle-damaged'],
		['a memory that was never filled', 'h\x07.', 'pickle-damaged'],
		['a key without a value', '}(K\x01u.', 'pickle-damaged'],
		['no end', 'K\x01', 'pickle-truncated'],
	])('with %s is refused', (_, text, code) => {
		expect(errorCodeOf(() => read(text))).toBe(code);
	});

	test('is written as it is read', () => {
		const bytes = new PickleWriter()
			.global('m', 'pair')
			.mark()
			.text('字')
			.integer(2 ** 31 - 1)
			.integer(2 ** 40 + 3)
			.boolean(true)
			.integerTuple([0, 70000])
			.tuple()
			.reduce()
			.finish();
		expect(readPickle(bytes, 0, world).value).toEqual({ pair: ['字', 2 ** 31 - 1, 2 ** 40 + 3, true, [0, 70000]] });
	});

	test('of random opcodes ends in a value or a named error', () => {
		const opcodes = [
			...'().012NKMJGXUTCB}]tldaesuqrhjcQRb',
			'\x80',
			'\x85',
			'\x86',
			'\x87',
			'\x88',
			'\x8a',
			'\x8b',
			'\x93',
			'\x94',
		];
		const piece = fc.oneof(
			fc.constantFrom(...opcodes),
			fc.constantFrom('K\x01', 'cm\npair\n', '\x00', 'q\x01', 'h\x01'),
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
				errorCodeOf(() => read(pieces.join('')));
			}),
			{ numRuns: 2000 },
		);
	});
});
