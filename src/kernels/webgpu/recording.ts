// Recorded steps: the dispatches of a step of one shape, kept to be sent again with only the host's inputs rewritten.
// A recording is believed only after three steps: the first two must give the same dispatches, numbers and given values
// for different data (a host value that crept in shows as a difference), the third is done both ways and must give the
// same bits. Where a guard fails, the shape's later steps are not recorded.

import type { StepFacts } from '../operations';
import type { Command } from './job-queue';
import { slotWords } from './program';
import type { InputEntry } from './step-inputs';

export interface UploadEntry {
	offset: number;
	values: Float32Array;
	derive: ((facts: StepFacts) => Float32Array) | null;
}

/** A region of the arena to be read. */
export interface Region {
	offset: number;
	size: number;
}

export interface Recording {
	commands: Command[];
	/** Number blocks of the commands. */
	block: Int32Array;
	entries: InputEntry[];
	/** All inputs of the recorded step. */
	inputs: Int32Array;
	/** Replaces `inputs` once the recording is believed: the values of entries that are not derived. */
	givenValues?: (Int32Array | null)[];
	uploads: UploadEntry[];
	outputs: Region[];
	arenaElements: number;
}

/** Null when two recordings of one shape differ in nothing but derived values, else what differs. */
export function differenceBetween(first: Recording, second: Recording): string | null {
	if (first.commands.length !== second.commands.length)
		return `${second.commands.length} dispatches after ${first.commands.length}`;
	for (let index = 0; index < first.commands.length; index++) {
		const [left, right] = [first.commands[index], second.commands[index]];
		const name = right.pipeline.label;
		if (left.pipeline !== right.pipeline) return `dispatch ${index} is ${name} after ${left.pipeline.label}`;
		if (left.groupsX !== right.groupsX || left.groupsY !== right.groupsY)
			return `the size of dispatch ${index}, ${name}`;
		for (let word = index * slotWords; word < (index + 1) * slotWords; word++)
			if (first.block[word] !== second.block[word]) return `a number of dispatch ${index}, ${name}`;
	}
	return inputDifference(first, second) ?? uploadDifference(first, second) ?? outputDifference(first, second);
}

function inputDifference(first: Recording, second: Recording): string | null {
	if (first.entries.length !== second.entries.length) return 'the number of inputs';
	for (let index = 0; index < first.entries.length; index++) {
		const [left, right] = [first.entries[index], second.entries[index]];
		const isSame = left.name === right.name && left.offset === right.offset && left.length === right.length;
		if (!isSame) return `the offset of input "${right.name}"`;
		if (right.derive !== null && left.derive !== null) continue;
		for (let at = left.offset; at < left.offset + left.length; at++)
			if (first.inputs[at] !== second.inputs[at])
				return `the value of input "${right.name}", which is not derived from the step`;
	}
	return null;
}

function uploadDifference(first: Recording, second: Recording): string | null {
	if (first.uploads.length !== second.uploads.length) return 'the number of uploaded matrices';
	for (let index = 0; index < first.uploads.length; index++) {
		const [left, right] = [first.uploads[index], second.uploads[index]];
		if (left.offset !== right.offset || left.values.length !== right.values.length)
			return `the offset of upload ${index}`;
		if (left.derive !== null && right.derive !== null) continue;
		if (!equalBits(left.values, right.values)) return `upload ${index}, which is not derived from the step`;
	}
	return null;
}

function outputDifference(first: Recording, second: Recording): string | null {
	const isSame =
		first.outputs.length === second.outputs.length &&
		first.outputs.every(({ offset, size }, index) => {
			const other = second.outputs[index];
			return offset === other.offset && size === other.size;
		});
	return isSame ? null : 'the matrices to be read';
}

/** Whether two recordings saw the same data: then their agreement proves nothing. */
export function hasSameData(first: Recording, second: Recording): boolean {
	return (
		first.inputs.length === second.inputs.length && first.inputs.every((value, index) => value === second.inputs[index])
	);
}

/** Whether numbers agree bit for bit; where not, NaN included, false. */
export function equalBits(left: Float32Array, right: Float32Array): boolean {
	if (left.length !== right.length) return false;
	const bits = (values: Float32Array) => new Int32Array(values.buffer, values.byteOffset, values.length);
	const [first, second] = [bits(left), bits(right)];
	for (let index = 0; index < first.length; index++) if (first[index] !== second[index]) return false;
	return true;
}
