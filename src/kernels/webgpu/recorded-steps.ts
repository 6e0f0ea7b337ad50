// Recorded steps: a step of one shape is run, recorded and compared, then repeated by sending the same dispatches with
// only the host's inputs rewritten. The guards are explained in recording.ts; where one fails, the shape's later steps are
// unrecorded, and `findings` says so.

import type { RecordedStep } from '../operations';
import { gpuProblem, type SegmentGroups } from './gpu-engine';
import { differenceBetween, equalBits, hasSameData, type Recording, type UploadEntry } from './recording';
import { FactsReader, type InputEntry } from './step-inputs';
import type { Workspace } from './workspace';

/** How far a shape has got on its way to being repeated. */
interface ShapeState {
	kind: 'drafted' | 'compared' | 'ready';
	recording: Recording;
	/** The number blocks of its commands; theirs from the first step on, so that memory does not grow later. */
	numbers: GPUBuffer;
	groups: SegmentGroups | null;
}

/** The gradients, which a step adds to. There may be too many to be brought to the host. */
export interface GradientAccess {
	/** Numbers that differ where gradients do in any bit. */
	digest(): Promise<Float32Array>;
	/** Keeps them as they are until what comes back is called, which sets them to that again. */
	keep(): Promise<() => void>;
}

/** Shapes kept at once; the one not used for longest gives way. */
const maxShapes = 48;

export class RecordedSteps {
	readonly findings: string[] = [];
	/** Steps sent again from a recording. */
	repeated = 0;
	private readonly shapes = new Map<string, ShapeState[]>();
	private readonly refused = new Set<string>();

	constructor(
		private readonly space: Workspace,
		private readonly gradients: GradientAccess,
		/** Whether steps may be recorded. */
		private readonly records = true,
	) {}

	private get engine() {
		return this.space.engine;
	}

	/** Forgets all recordings: the parameters are elsewhere now. */
	forget(): void {
		for (const states of this.shapes.values()) this.release(states);
		this.shapes.clear();
	}

	async runStep(step: RecordedStep): Promise<Float32Array[]> {
		this.space.flush();
		this.engine.checkFailure();
		const isAlone = this.space.isEmpty;
		const reader = new FactsReader(step.facts);
		if (!this.records || this.refused.has(step.key)) return (await this.runWatched(step, reader)).values;
		if (!isAlone) {
			// Addresses would depend on what is there already.
			const { values, foreign } = await this.runWatched(step, reader);
			if (foreign) this.refuse(step.key, `it uses ${foreign}`);
			return values;
		}
		const state = this.stateFor(step.key, reader);
		if (!state) return this.draft(step, reader);
		switch (state.kind) {
			case 'drafted':
				return this.compare(step, reader, state);
			case 'compared':
				return this.prove(step, reader, state);
			case 'ready':
				return this.repeat(reader, state);
			default:
				return state.kind satisfies never;
		}
	}

	/** The recording of this key whose lists are as long as this step's. */
	private stateFor(key: string, reader: FactsReader): ShapeState | undefined {
		const states = this.shapes.get(key);
		const found = states?.find((state) => {
			return state.recording.entries.every(
				({ name, length, derive }) => !derive || reader.derive(name, derive).length === length,
			);
		});
		if (states && found) {
			this.shapes.delete(key); // to the end of the order of use
			this.shapes.set(key, states);
		}
		return found;
	}

	/** Runs the body and reads, watching for matrices from outside. */
	private async runWatched(step: RecordedStep, reader: FactsReader) {
		const isAlone = this.space.isEmpty;
		const { recording, foreign } = this.space.capture(step, reader);
		try {
			this.space.fill(recording, recording.inputs, isAlone);
			this.engine.sendOnce(recording.commands, recording.block);
			return { values: await this.space.readSent(recording.outputs), foreign };
		} finally {
			this.space.end();
		}
	}

	private async draft(step: RecordedStep, reader: FactsReader): Promise<Float32Array[]> {
		const { values, recording } = await this.runGuarded(step, reader);
		const numbers = this.engine.keepNumbers(recording.block);
		this.keep(step.key, { kind: 'drafted', recording, numbers, groups: null });
		return values;
	}

	private async compare(step: RecordedStep, reader: FactsReader, state: ShapeState): Promise<Float32Array[]> {
		const { values, recording } = await this.runGuarded(step, reader);
		const difference = differenceBetween(state.recording, recording);
		if (difference !== null) this.refuse(step.key, `it changes from step to step: ${difference}`);
		else if (!hasSameData(state.recording, recording)) Object.assign(state, { kind: 'compared', recording });
		return values;
	}

	/** The same step repeated and run in full, from the same gradients. The full one counts. */
	private async prove(step: RecordedStep, reader: FactsReader, state: ShapeState): Promise<Float32Array[]> {
		const restore = await this.gradients.keep();
		this.pushScopes();
		const repeated = await this.repeat(reader, state);
		await this.popScopes();
		const repeatedGradients = await this.gradients.digest();
		restore();
		const { values } = await this.runGuarded(step, reader);
		const gradients = await this.gradients.digest();
		const isSame =
			equalBits(repeatedGradients, gradients) && values.every((list, index) => equalBits(list, repeated[index]));
		if (isSame) {
			state.recording = withoutDerived(state.recording);
			state.kind = 'ready';
		} else {
			this.refuse(step.key, 'replaying it gave different numbers than running it');
		}
		return values;
	}

	private async repeat(reader: FactsReader, state: ShapeState): Promise<Float32Array[]> {
		const { recording, numbers } = state;
		const inputs = this.refill(recording, reader);
		this.space.fill({ ...recording, uploads: refreshed(recording.uploads, reader) }, inputs, true);
		state.groups = this.engine.groupsOf(numbers, state.groups);
		this.engine.send(recording.commands, state.groups);
		this.repeated++;
		return this.space.readSent(recording.outputs);
	}

	private refilled = new Int32Array(0);

	/** The inputs of a recorded step for other facts. */
	private refill(recording: Recording, reader: FactsReader): Int32Array {
		const last = recording.entries[recording.entries.length - 1];
		const length = last ? last.offset + last.length : 0;
		if (this.refilled.length < length) this.refilled = new Int32Array(length);
		recording.entries.forEach(({ name, offset, length: size, derive }, index) => {
			const given = recording.givenValues?.[index] ?? recording.inputs.subarray(offset, offset + size);
			this.refilled.set(derive ? reader.derive(name, derive) : given, offset);
		});
		return this.refilled.subarray(0, length);
	}

	/** Runs the body and reads, with every complaint of the GPU heard before the numbers are believed. */
	private async runGuarded(step: RecordedStep, reader: FactsReader) {
		this.pushScopes();
		let recording: Recording | null = null;
		try {
			({ recording } = this.space.capture(step, reader));
			this.space.fill(recording, recording.inputs, true);
			this.engine.sendOnce(recording.commands, recording.block);
			const values = await this.space.readSent(recording.outputs);
			return { values, recording };
		} finally {
			await this.popScopes(recording !== null);
			this.space.end();
		}
	}

	private pushScopes(): void {
		this.engine.gpu.pushErrorScope('out-of-memory');
		this.engine.gpu.pushErrorScope('validation');
	}

	private async popScopes(mayThrow = true): Promise<void> {
		const pop = () => this.engine.gpu.popErrorScope().catch(() => null);
		const errors = [await pop(), await pop()];
		const error = errors.find((one) => one !== null);
		if (error) this.engine.failure ??= gpuProblem(error);
		if (mayThrow) this.engine.checkFailure();
	}

	private keep(key: string, state: ShapeState): void {
		const states = this.shapes.get(key) ?? [];
		states.push(state);
		this.shapes.set(key, states);
		let count = [...this.shapes.values()].reduce((sum, list) => sum + list.length, 0);
		for (const [oldKey, old] of this.shapes) {
			if (count <= maxShapes) break;
			this.release(old);
			this.shapes.delete(oldKey);
			count -= old.length;
		}
	}

	private release(states: readonly ShapeState[]): void {
		for (const { numbers } of states) this.engine.dropNumbers(numbers);
	}

	private refuse(key: string, reason: string): void {
		this.release(this.shapes.get(key) ?? []);
		this.shapes.delete(key);
		this.refused.add(key);
		this.findings.push(`steps of one shape are run without recording (${key}): ${reason}`);
	}
}

/** The recording without the data of the step it was made from. */
function withoutDerived(recording: Recording): Recording {
	const givenValues = recording.entries.map(({ derive, offset, length }: InputEntry) =>
		derive ? null : recording.inputs.slice(offset, offset + length),
	);
	return { ...recording, inputs: new Int32Array(0), givenValues };
}

function refreshed(uploads: readonly UploadEntry[], { facts }: FactsReader): UploadEntry[] {
	return uploads.map((upload) => (upload.derive ? { ...upload, values: upload.derive(facts) } : upload));
}
