// A reader of Python pickles that executes nothing. A pickle is a program for a small stack machine that builds plain
// values and can call anything that it names; this machine builds the plain values, and calls only what the caller
// lists by name. Any other name is refused before it is used. Protocols 2 to 5, without the opcodes that state_dict
// files never use. Opcodes: Python's module pickletools.
//
// None -> null, dict -> Map, list and tuple -> array, int -> number (bigint beyond 2^53), bytes -> Uint8Array.

import { UserError } from '../util/errors';

/** A name that a pickle may use: with `call` as a function of positional arguments, without it as a value only. */
export class PickleGlobal {
	constructor(
		readonly name: string,
		readonly call?: (args: readonly unknown[]) => unknown,
	) {}
}

export interface PickleWorld {
	/** Allowed names, as `module.name`. */
	globals: ReadonlyMap<string, PickleGlobal>;
	/** The value that a persistent id stands for. */
	loadPersistent(id: unknown): unknown;
	file?: string;
}

/** Reads one pickle from `start`; `end` is the byte after it. Throws a UserError `pickle-…`. */
export function readPickle(bytes: Uint8Array, start: number, world: PickleWorld): { value: unknown; end: number } {
	return new PickleMachine(bytes, start, world).run();
}

/** Longest integer that is read, in bytes; state_dict files use at most ten. */
const maxIntegerBytes = 64;

class PickleMachine {
	private stack: unknown[] = [];
	/** Stacks below each open mark. */
	private readonly below: unknown[][] = [];
	private readonly memo = new Map<number, unknown>();
	private readonly view: DataView;

	constructor(
		private readonly bytes: Uint8Array,
		private at: number,
		private readonly world: PickleWorld,
	) {
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	run(): { value: unknown; end: number } {
		for (;;) {
			const opcode = String.fromCharCode(this.byte());
			if (opcode === '.') return { value: this.pop(), end: this.at };
			this.execute(opcode);
		}
	}

	/** One case an opcode, named as in pickletools. */
	private execute(opcode: string): void {
		switch (opcode) {
			case '\x80': // PROTO
				this.checkProtocol(this.byte());
				break;
			case '\x95': // FRAME: a hint for buffering
				this.take(8);
				break;
			case '(': // MARK
				this.below.push(this.stack);
				this.stack = [];
				break;
			case '0': // POP
				this.pop();
				break;
			case '1': // POP_MARK
				this.popToMark();
				break;
			case '2': // DUP
				this.push(this.top());
				break;

			case 'N': // NONE
				this.push(null);
				break;
			case '\x88': // NEWTRUE
				this.push(true);
				break;
			case '\x89': // NEWFALSE
				this.push(false);
				break;
			case 'K': // BININT1
				this.push(this.byte());
				break;
			case 'M': // BININT2
				this.push(this.view.getUint16(this.take(2), true));
				break;
			case 'J': // BININT
				this.push(this.view.getInt32(this.take(4), true));
				break;
			case '\x8a': // LONG1
				this.push(this.integer(this.byte()));
				break;
			case '\x8b': // LONG4
				this.push(this.integer(this.count(4)));
				break;
			case 'G': // BINFLOAT
				this.push(this.view.getFloat64(this.take(8)));
				break;
			case '\x8c': // SHORT_BINUNICODE
				this.push(this.text(this.count(1)));
				break;
			case 'X': // BINUNICODE
				this.push(this.text(this.count(4)));
				break;
			case '\x8d': // BINUNICODE8
				this.push(this.text(this.count(8)));
				break;
			case 'U': // SHORT_BINSTRING: text of Python 2
				this.push(this.text(this.count(1)));
				break;
			case 'T': // BINSTRING
				this.push(this.text(this.count(4)));
				break;
			case 'C': // SHORT_BINBYTES
				this.push(this.raw(this.count(1)));
				break;
			case 'B': // BINBYTES
				this.push(this.raw(this.count(4)));
				break;
			case '\x8e': // BINBYTES8
				this.push(this.raw(this.count(8)));
				break;

			case ')': // EMPTY_TUPLE
			case ']': // EMPTY_LIST
				this.push([]);
				break;
			case '}': // EMPTY_DICT
				this.push(new Map());
				break;
			case '\x85': // TUPLE1
				this.push(this.popLast(1));
				break;
			case '\x86': // TUPLE2
				this.push(this.popLast(2));
				break;
			case '\x87': // TUPLE3
				this.push(this.popLast(3));
				break;
			case 't': // TUPLE
			case 'l': // LIST
				this.push(this.popToMark());
				break;
			case 'd': // DICT
				this.setItems(this.popToMark(), new Map(), true);
				break;
			case 'a': // APPEND
				this.append([this.pop()]);
				break;
			case 'e': // APPENDS
				this.append(this.popToMark());
				break;
			case 's': // SETITEM
				this.setItems(this.popLast(2), this.top());
				break;
			case 'u': // SETITEMS
				this.setItems(this.popToMark(), this.top());
				break;

			case 'q': // BINPUT
				this.memo.set(this.byte(), this.top());
				break;
			case 'r': // LONG_BINPUT
				this.memo.set(this.count(4), this.top());
				break;
			case '\x94': // MEMOIZE
				this.memo.set(this.memo.size, this.top());
				break;
			case 'h': // BINGET
				this.push(this.recall(this.byte()));
				break;
			case 'j': // LONG_BINGET
				this.push(this.recall(this.count(4)));
				break;

			case 'c': // GLOBAL
				this.push(this.findGlobal(this.line(), this.line()));
				break;
			case '\x93': // STACK_GLOBAL
				this.push(this.stackGlobal());
				break;
			case 'Q': // BINPERSID
				this.push(this.world.loadPersistent(this.pop()));
				break;
			case 'R': // REDUCE
				this.call();
				break;
			case 'b': // BUILD
				this.build();
				break;
			default:
				throw this.error('pickle-opcode', 'opcodes that a state_dict uses', `opcode ${printOpcode(opcode)}`);
		}
	}

	private checkProtocol(protocol: number): void {
		if (protocol < 2 || protocol > 5)
			throw this.error('pickle-protocol', 'pickle protocol 2 to 5', `protocol ${protocol}`);
	}

	private findGlobal(module: string, name: string): PickleGlobal {
		const fullName = `${module}.${name}`;
		const found = this.world.globals.get(fullName);
		if (found) return found;
		throw new UserError({
			code: 'pickle-refused-name',
			location: { file: this.world.file },
			expected: 'a file with only tensors and plain containers',
			found: `the name ${fullName.slice(0, 200)}, which could run code`,
			remedy: 'None of it was executed. Save only the state_dict in PyTorch: torch.save(model.state_dict(), path).',
		});
	}

	private stackGlobal(): PickleGlobal {
		const [module, name] = this.popLast(2);
		if (typeof module === 'string' && typeof name === 'string') return this.findGlobal(module, name);
		throw this.damaged('a module and a name', 'something else');
	}

	private call(): void {
		const [callee, args] = this.popLast(2);
		if (!(callee instanceof PickleGlobal) || !callee.call) {
			throw this.damaged('a function to call', callee instanceof PickleGlobal ? callee.name : 'a value');
		}
		if (!Array.isArray(args)) throw this.damaged(`arguments for ${callee.name}`, 'something else');
		this.push(callee.call(args));
	}

	/** State set on a dict (PyTorch's `_metadata`) is of no use here and dropped; on anything else it is refused. */
	private build(): void {
		this.pop();
		if (!(this.top() instanceof Map)) throw this.damaged('state of a dict', 'state of another object');
	}

	private append(values: unknown[]): void {
		const list = this.top();
		if (!Array.isArray(list)) throw this.damaged('a list to append to', 'something else');
		for (const value of values) list.push(value);
	}

	private setItems(items: unknown[], target: unknown, isNew = false): void {
		if (!(target instanceof Map)) throw this.damaged('a dict to fill', 'something else');
		if (items.length % 2 !== 0) throw this.damaged('keys with values', 'a key without a value');
		for (let index = 0; index < items.length; index += 2) target.set(items[index], items[index + 1]);
		if (isNew) this.push(target);
	}

	private recall(index: number): unknown {
		if (!this.memo.has(index)) throw this.damaged('a memorised value', `number ${index}, which was not memorised`);
		return this.memo.get(index);
	}

	private push(value: unknown): void {
		this.stack.push(value);
	}

	private top(): unknown {
		if (this.stack.length === 0) throw this.damaged('a value on the stack', 'none');
		return this.stack[this.stack.length - 1];
	}

	private pop(): unknown {
		return this.popLast(1)[0];
	}

	private popLast(count: number): unknown[] {
		if (this.stack.length < count) throw this.damaged(`${count} values on the stack`, `${this.stack.length}`);
		return this.stack.splice(this.stack.length - count, count);
	}

	private popToMark(): unknown[] {
		const lower = this.below.pop();
		if (!lower) throw this.damaged('a mark on the stack', 'none');
		const values = this.stack;
		this.stack = lower;
		return values;
	}

	/** The position of the next `count` bytes. */
	private take(count: number): number {
		const start = this.at;
		if (start + count > this.bytes.length) {
			throw this.error('pickle-truncated', `${count} more bytes at byte ${start}`, `${this.bytes.length - start}`);
		}
		this.at = start + count;
		return start;
	}

	private byte(): number {
		return this.bytes[this.take(1)];
	}

	private count(width: 1 | 4 | 8): number {
		const start = this.take(width);
		if (width === 1) return this.bytes[start];
		return width === 4 ? this.view.getUint32(start, true) : Number(this.view.getBigUint64(start, true));
	}

	private raw(length: number): Uint8Array {
		const start = this.take(length);
		return this.bytes.subarray(start, start + length);
	}

	private text(length: number): string {
		return new TextDecoder().decode(this.raw(length));
	}

	private line(): string {
		const end = this.bytes.indexOf(0x0a, this.at);
		if (end < 0) throw this.error('pickle-truncated', 'the end of a name', 'the end of the file');
		const text = this.text(end - this.at);
		this.at = end + 1;
		return text;
	}

	/** Two's complement, little-endian. */
	private integer(length: number): number | bigint {
		if (length > maxIntegerBytes) throw this.damaged(`an integer of up to ${maxIntegerBytes} bytes`, `${length}`);
		const raw = this.raw(length);
		let value = 0n;
		for (let index = length - 1; index >= 0; index--) value = (value << 8n) | BigInt(raw[index]);
		value = BigInt.asIntN(8 * length, value);
		const narrow = Number(value);
		return Number.isSafeInteger(narrow) ? narrow : value;
	}

	private damaged(expected: string, found: string): UserError {
		return this.error('pickle-damaged', expected, found);
	}

	private error(code: string, expected: string, found: string): UserError {
		return new UserError({
			code,
			location: { file: this.world.file },
			expected,
			found,
			remedy: 'Use the file as PyTorch saved it; this one is incomplete, damaged, or contains more than a state_dict.',
		});
	}
}

function printOpcode(opcode: string): string {
	return opcode >= ' ' && opcode <= '~' ? `'${opcode}'` : `0x${opcode.charCodeAt(0).toString(16)}`;
}
