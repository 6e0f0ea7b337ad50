// Reading a fixture: a JSON file, a safetensors file, or nothing where a folder lacks one.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors } from '../../storage/safetensors';
import { readFloats, readIntegers, type StoredTensor } from '../../storage/stored-tensor';

export interface FloatTensor {
	shape: readonly number[];
	values: Float32Array;
}

/** The tensors of one fixture file; every look-up of an absent one gives null. */
export class FixtureTensors {
	constructor(private readonly tensors: ReadonlyMap<string, StoredTensor>) {}

	names(): string[] {
		return [...this.tensors.keys()];
	}

	floats(name: string): FloatTensor | null {
		const tensor = this.tensors.get(name);
		return tensor ? { shape: tensor.shape, values: readFloats(tensor) } : null;
	}

	integers(name: string): { shape: readonly number[]; values: Int32Array } | null {
		const tensor = this.tensors.get(name);
		return tensor ? { shape: tensor.shape, values: readIntegers(tensor, name) } : null;
	}

	/** The same tensors under names of another layout. */
	renamed(names: Iterable<readonly [given: string, name: string]>): FixtureTensors {
		const tensors = [...names].flatMap(([given, name]) => {
			const tensor = this.tensors.get(given);
			return tensor ? [[name, tensor] as const] : [];
		});
		return new FixtureTensors(new Map(tensors));
	}

	/** The tensors whose names begin so, without that beginning. */
	under(prefix: string): FixtureTensors {
		const inside = [...this.tensors].filter(([name]) => name.startsWith(prefix));
		return new FixtureTensors(new Map(inside.map(([name, tensor]) => [name.slice(prefix.length), tensor])));
	}
}

export function readFixtureTensors(folder: string, file: string): FixtureTensors | null {
	const path = join(folder, file);
	return existsSync(path) ? new FixtureTensors(readSafetensors(readFileSync(path), file).tensors) : null;
}

// biome-ignore lint/suspicious/noExplicitAny: a fixture's JSON has the shape that its README describes
export function readFixtureJson(folder: string, file: string): any {
	const text = readFixtureText(folder, file);
	return text === null ? null : JSON.parse(text);
}

export function readFixtureText(folder: string, file: string): string | null {
	const path = join(folder, file);
	return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** Names in a folder, sorted; empty for a file or when there is nothing there. */
export function listFolder(folder: string): string[] {
	return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder).sort() : [];
}
