// The host's values of one step: index lists, row keys, lists for sums, keys of dropout. They are one after another in
// one array and go up in one write. A value is either derived from the step's facts, and then can be derived again for
// the next step of the same shape, or simply given.

import type { StepFacts } from '../operations';

export type Derive = (facts: FactsReader) => Int32Array;

/** The facts of a step with what was derived from them so far, so that nothing is derived twice. */
export class FactsReader {
	private readonly known = new Map<string, Int32Array>();

	constructor(readonly facts: StepFacts) {}

	derive(name: string, make: Derive): Int32Array {
		let values = this.known.get(name);
		if (!values) {
			values = make(this);
			this.known.set(name, values);
		}
		return values;
	}
}

export interface InputEntry {
	name: string;
	offset: number;
	length: number;
	/** Null for a value that was given: it must be the same in every step of a recording. */
	derive: Derive | null;
}

export class StepInputs {
	entries: InputEntry[] = [];
	private readonly byName = new Map<string, InputEntry>();
	private staging = new Int32Array(1 << 16);
	private used = 0;
	private given = 0;
	/** Elements that were already sent up. */
	private sent = 0;

	derived(name: string, reader: FactsReader, derive: Derive): InputEntry {
		const known = this.byName.get(name);
		if (known) return known;
		const entry = this.add(name, reader.derive(name, derive), derive);
		this.byName.set(name, entry);
		return entry;
	}

	constant(values: Int32Array): InputEntry {
		return this.add(`given ${this.given++}`, values, null);
	}

	private add(name: string, values: Int32Array, derive: Derive | null): InputEntry {
		const offset = this.used;
		this.reserve(offset + values.length);
		this.staging.set(values, offset);
		this.used += values.length;
		const entry = { name, offset, length: values.length, derive };
		this.entries.push(entry);
		return entry;
	}

	private reserve(elements: number): void {
		if (elements <= this.staging.length) return;
		const longer = new Int32Array(Math.max(elements, 2 * this.staging.length));
		longer.set(this.staging.subarray(0, this.used));
		this.staging = longer;
	}

	get usedElements(): number {
		return this.used;
	}

	/** All values so far. */
	get values(): Int32Array {
		return this.staging.subarray(0, this.used);
	}

	/** What was not yet sent, and where it belongs; counts as sent from now on. */
	takeUnsent(): { offset: number; values: Int32Array } {
		const offset = this.sent;
		this.sent = this.used;
		return { offset, values: this.staging.subarray(offset, this.used) };
	}

	reset(): void {
		this.entries = [];
		this.byName.clear();
		this.used = 0;
		this.given = 0;
		this.sent = 0;
	}
}
