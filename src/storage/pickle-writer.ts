// Writes the few pickle opcodes (protocol 2) that a state_dict needs, one method each. Opcodes: Python's pickletools.

import { invariant } from '../util/errors';

export class PickleWriter {
	private bytes = new Uint8Array(1 << 12);
	private length = 0;

	constructor() {
		this.put(0x80, 2);
	}

	/** The pickle, ended. */
	finish(): Uint8Array {
		this.op('.');
		return this.bytes.subarray(0, this.length);
	}

	global(module: string, name: string): this {
		return this.op('c').raw(`${module}\n${name}\n`);
	}

	text(value: string): this {
		const encoded = new TextEncoder().encode(value);
		return this.op('X')
			.put(...littleEndian(encoded.length))
			.append(encoded);
	}

	/** From 0 to 2^31 - 1 in four bytes; beyond that, up to 2^53, in eight. */
	integer(value: number): this {
		invariant(Number.isSafeInteger(value) && value >= 0, `integer ${value} in a pickle`);
		if (value < 2 ** 31) return this.op('J').put(...littleEndian(value));
		return this.put(0x8a, 8, ...littleEndian(value % 2 ** 32), ...littleEndian(Math.floor(value / 2 ** 32)));
	}

	integerTuple(values: readonly number[]): this {
		this.mark();
		for (const value of values) this.integer(value);
		return this.tuple();
	}

	boolean(value: boolean): this {
		return this.put(value ? 0x88 : 0x89);
	}

	emptyTuple(): this {
		return this.op(')');
	}

	mark(): this {
		return this.op('(');
	}

	/** A tuple of everything since the mark. */
	tuple(): this {
		return this.op('t');
	}

	/** Keys and values since the mark, into the dict before it. */
	setItems(): this {
		return this.op('u');
	}

	/** Calls the function before the tuple of arguments. */
	reduce(): this {
		return this.op('R');
	}

	persistentId(): this {
		return this.op('Q');
	}

	private op(opcode: string): this {
		return this.put(opcode.charCodeAt(0));
	}

	private raw(text: string): this {
		return this.append(new TextEncoder().encode(text));
	}

	private put(...values: number[]): this {
		return this.append(Uint8Array.from(values));
	}

	private append(values: Uint8Array): this {
		if (this.length + values.length > this.bytes.length) {
			const larger = new Uint8Array(2 * (this.length + values.length));
			larger.set(this.bytes.subarray(0, this.length));
			this.bytes = larger;
		}
		this.bytes.set(values, this.length);
		this.length += values.length;
		return this;
	}
}

/** Four bytes of an unsigned number below 2^32. */
function littleEndian(value: number): number[] {
	return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff];
}
