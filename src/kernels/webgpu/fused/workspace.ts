// What the operations of the fused device stand on: places for matrices and lists, dispatches with named numbers, the
// life of a step, and recorded steps. Between steps only the parameters and the recordings stay.

import { invariant } from '../../../util/errors';
import type { Indices, Matrix, RecordedStep, Scores, StepFacts } from '../../operations';
import type { GpuEngine, RunCall } from './gpu-engine';
import type { ProgramText } from './program';
import { differenceBetween, equalBits, hasSameData, type Recording, type Region, type UploadEntry } from './recording';
import { type Derive, FactsReader, type InputEntry, StepInputs } from './step-inputs';
import { ArenaMatrix, ArenaScores, StepMemory } from './step-memory';

/** A list of the step among the inputs. */
export class InputList implements Indices {
	constructor(
		readonly length: number,
		readonly offset: number,
		readonly name: string,
		readonly values: Int32Array,
		/** Null when it was given. */
		readonly derive: Derive | null,
		readonly step: number,
	) {}
}

/** How far a shape has got on its way to being repeated. */
type ShapeState =
	| { kind: 'drafted' | 'compared'; draft: Recording }
	| {
			kind: 'ready';
			recording: Recording;
			numbers: GPUBuffer;
			group: { group: GPUBindGroup; generation: number } | null;
	  };

/** Shapes kept at once; the one not used for longest gives way. */
const mostShapes = 48;
const arenaStep = 1 << 18;

export class Workspace {
	readonly findings: string[] = [];
	/** Steps sent again from a recording. */
	repeatedSteps = 0;
	private readonly memory = new StepMemory();
	private readonly inputs = new StepInputs();
	private uploads: UploadEntry[] = [];
	private unsentUploads = 0;
	private readonly constants = new Map<string, Float32Array>();
	private readonly sentConstants = new Map<string, ArenaMatrix>();
	private reader: FactsReader | null = null;
	/** Counts how often the arena was taken back: matrices of an earlier count are gone. */
	private epoch = 0;
	/** Element where the recorded step begins, or -1 outside of one. */
	private recordingStart = -1;
	private foreign: string | null = null;
	private shapes = new Map<string, ShapeState[]>();
	private readonly refused = new Set<string>();

	constructor(
		readonly engine: GpuEngine,
		private readonly readGradients: () => Promise<Float32Array>,
		private readonly writeGradients: (values: Float32Array) => void,
	) {}

	// --- Values of a step.

	begin(facts: StepFacts): void {
		this.reader = new FactsReader(facts);
	}

	/** Sends what is queued and takes all places back. */
	end(): void {
		this.flush();
		this.reader = null;
		this.memory.reset();
		this.inputs.reset();
		this.uploads = [];
		this.unsentUploads = 0;
		this.sentConstants.clear();
		this.epoch++;
	}

	get facts(): StepFacts {
		invariant(this.reader, 'no step is open');
		return this.reader.facts;
	}

	matrix(rows: number, columns: number): ArenaMatrix {
		return new ArenaMatrix(rows, columns, this.memory.take(rows * columns), this.epoch);
	}

	scores(heads: number, size: number): ArenaScores {
		return new ArenaScores(heads, size, this.memory.take(size), this.epoch);
	}

	/** Place of a matrix; one of another device or of an earlier step is a bug. */
	at(matrix: Matrix | Scores): number {
		const isOurs = matrix instanceof ArenaMatrix || matrix instanceof ArenaScores;
		invariant(isOurs && matrix.step === this.epoch, 'a matrix of another device or of an earlier step');
		if (matrix.offset < this.recordingStart) this.foreign = 'a matrix that was made before the step';
		return matrix.offset;
	}

	list(indices: Indices): InputList {
		invariant(indices instanceof InputList && indices.step === this.epoch, 'a list of another device or step');
		return indices;
	}

	upload(values: Float32Array, rows: number, columns: number, derive: UploadEntry['derive'] = null): ArenaMatrix {
		invariant(values.length === rows * columns, `${values.length} values for ${rows} by ${columns}`);
		const made = this.matrix(rows, columns);
		this.uploads.push({ offset: made.offset, values, derive });
		return made;
	}

	keepConstant(key: string, values: Float32Array): void {
		this.constants.set(key, values.slice());
		this.sentConstants.delete(key);
	}

	/** The constant's matrix in this step. */
	constant(key: string, rows: number, columns: number): ArenaMatrix {
		let sent = this.sentConstants.get(key);
		if (!sent) {
			sent = this.upload(this.constants.get(key) as Float32Array, rows, columns);
			this.sentConstants.set(key, sent);
		}
		return sent;
	}

	given(values: Int32Array): InputList {
		const entry = this.inputs.constant(values.slice());
		return new InputList(values.length, entry.offset, entry.name, values, null, this.epoch);
	}

	/** A list that follows from the step's facts; made once a step for each name. */
	derived(name: string, derive: Derive): InputList {
		invariant(this.reader, 'no step is open');
		const entry = this.inputs.derived(name, this.reader, derive);
		const values = this.reader.derive(name, derive);
		return new InputList(entry.length, entry.offset, name, values, derive, this.epoch);
	}

	/** A list made of other lists: derived when they are. */
	combined(name: string, sources: readonly InputList[], make: (lists: Int32Array[]) => Int32Array): InputList {
		if (sources.every(({ derive }) => derive !== null)) {
			const whole = `${name} of ${sources.map((source) => source.name).join(', ')}`;
			return this.derived(whole, (reader) =>
				make(sources.map((source) => reader.derive(source.name, source.derive as Derive))),
			);
		}
		return this.given(make(sources.map(({ values }) => values)));
	}

	/** Place among the inputs of one number. */
	number(value: number, derived?: { name: string; derive: (facts: StepFacts) => number }): number {
		if (derived && this.reader)
			return this.derived(derived.name, (reader) => Int32Array.of(derived.derive(reader.facts) | 0)).offset;
		return this.given(Int32Array.of(value | 0)).offset;
	}

	run(text: ProgramText, call: RunCall): void {
		this.engine.run(text, call);
	}

	// --- Sending and reading.

	/** Sends everything that is queued. */
	flush(): void {
		if (this.recordingStart >= 0) invariant(false, 'a recorded step reads in its middle');
		this.reserve(this.memory.neededElements, this.inputs.usedElements);
		for (; this.unsentUploads < this.uploads.length; this.unsentUploads++) {
			const { offset, values } = this.uploads[this.unsentUploads];
			this.engine.write('arena', 4 * offset, values);
		}
		const { offset, values } = this.inputs.takeUnsent();
		this.engine.write('inputs', 4 * offset, values);
		this.engine.submit();
	}

	/** Makes the arena and the inputs large enough; what they hold stays. */
	private reserve(arenaElements: number, inputElements: number): void {
		const rounded = (elements: number) => 4 * Math.ceil(elements / arenaStep) * arenaStep;
		if (4 * arenaElements > this.engine.sizeOf('arena')) this.engine.growBuffer('arena', rounded(arenaElements));
		if (4 * inputElements > this.engine.sizeOf('inputs')) this.engine.growBuffer('inputs', rounded(inputElements));
	}

	async read(regions: readonly Region[]): Promise<Float32Array[]> {
		this.flush();
		return this.readSent(regions);
	}

	private async readSent(regions: readonly Region[]): Promise<Float32Array[]> {
		const bytes = await this.engine.read(
			'arena',
			regions.map(({ offset, size }) => ({ byteOffset: 4 * offset, bytes: 4 * size })),
		);
		let place = 0;
		return regions.map(({ size }) => {
			place += 4 * size;
			return new Float32Array(bytes.slice(place - 4 * size, place));
		});
	}

	// --- Recorded steps.

	/** Forgets all recordings: the parameters lie elsewhere now. */
	forgetSteps(): void {
		for (const states of this.shapes.values()) states.forEach(release);
		this.shapes.clear();
	}

	async runStep(step: RecordedStep): Promise<Float32Array[]> {
		this.flush();
		this.engine.checkFailure();
		const isAlone = this.memory.usedElements === 0 && this.inputs.usedElements === 0;
		const reader = new FactsReader(step.facts);
		if (this.refused.has(step.key)) return this.runUnrecorded(step, reader);
		if (!isAlone) {
			// Places would depend on what lies there already.
			const { values, foreign } = await this.runWatched(step, reader);
			if (foreign) this.refuse(step.key, `it uses ${foreign}`);
			return values;
		}
		const state = this.stateFor(step.key, reader);
		switch (state?.kind) {
			case undefined:
				return this.draft(step, reader);
			case 'drafted':
				return this.compare(step, reader, state);
			case 'compared':
				return this.prove(step, reader, state);
			case 'ready':
				return this.repeat(reader, state);
			default:
				return state satisfies never;
		}
	}

	/** The recording of this key whose lists are as long as this step's. */
	private stateFor(key: string, reader: FactsReader): ShapeState | undefined {
		const states = this.shapes.get(key);
		const found = states?.find((state) => {
			const { entries } = state.kind === 'ready' ? state.recording : state.draft;
			return entries.every(({ name, length, derive }) => !derive || reader.derive(name, derive).length === length);
		});
		if (states && found) {
			this.shapes.delete(key); // to the end of the order of use
			this.shapes.set(key, states);
		}
		return found;
	}

	private async runUnrecorded(step: RecordedStep, reader: FactsReader): Promise<Float32Array[]> {
		return (await this.runWatched(step, reader)).values;
	}

	/** Runs the body and reads, watching for matrices from outside. */
	private async runWatched(step: RecordedStep, reader: FactsReader) {
		const recording = this.capture(step, reader);
		try {
			this.perform(recording, recording.inputs);
			this.engine.sendOnce(recording.commands, recording.block);
			return { values: await this.readSent(recording.outputs), foreign: this.foreign };
		} finally {
			this.end();
		}
	}

	private async draft(step: RecordedStep, reader: FactsReader): Promise<Float32Array[]> {
		const { values, recording } = await this.runGuarded(step, reader);
		this.keep(step.key, { kind: 'drafted', draft: recording });
		return values;
	}

	private async compare(step: RecordedStep, reader: FactsReader, state: ShapeState): Promise<Float32Array[]> {
		if (state.kind !== 'drafted') return this.draft(step, reader);
		const { values, recording } = await this.runGuarded(step, reader);
		const difference = differenceBetween(state.draft, recording);
		if (difference !== null) this.refuse(step.key, `it changes from step to step: ${difference}`);
		else if (!hasSameData(state.draft, recording)) Object.assign(state, { kind: 'compared', draft: recording });
		return values;
	}

	/** The same step repeated and run in full, from the same gradients. The full one counts. */
	private async prove(
		step: RecordedStep,
		reader: FactsReader,
		state: ShapeState & { kind: 'drafted' | 'compared' },
	): Promise<Float32Array[]> {
		const ready: ShapeState & { kind: 'ready' } = {
			kind: 'ready',
			recording: state.draft,
			numbers: this.engine.keepNumbers(state.draft.block),
			group: null,
		};
		const before = await this.readGradients();
		this.pushScopes();
		const repeated = await this.repeat(reader, ready);
		await this.popScopes();
		const repeatedGradients = await this.readGradients();
		this.writeGradients(before);
		const { values } = await this.runGuarded(step, reader);
		const gradients = await this.readGradients();
		const isSame =
			equalBits(repeatedGradients, gradients) && values.every((list, index) => equalBits(list, repeated[index]));
		if (isSame) {
			ready.recording = withoutDerived(ready.recording);
			const states = this.shapes.get(step.key) ?? [];
			states[states.indexOf(state)] = ready;
		} else {
			release(ready);
			this.refuse(step.key, 'repeating it gave other numbers than running it');
		}
		return values;
	}

	private async repeat(reader: FactsReader, state: ShapeState & { kind: 'ready' }): Promise<Float32Array[]> {
		const { recording, numbers } = state;
		const inputs = this.refill(recording, reader);
		this.perform({ ...recording, uploads: refreshed(recording.uploads, reader) }, inputs);
		if (state.group?.generation !== this.engine.generation)
			state.group = { group: this.engine.bindGroup(numbers), generation: this.engine.generation };
		this.engine.send(recording.commands, state.group.group);
		this.repeatedSteps++;
		return this.readSent(recording.outputs);
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

	/** Writes a step's inputs and uploads. */
	private perform({ uploads, arenaElements }: Recording, inputs: Int32Array): void {
		this.reserve(arenaElements, inputs.length);
		for (const { offset, values } of uploads) this.engine.write('arena', 4 * offset, values);
		this.engine.write('inputs', 0, inputs);
	}

	/** Runs the body without sending anything. */
	private capture(step: RecordedStep, reader: FactsReader): Recording {
		this.reader = reader;
		this.foreign = null;
		this.recordingStart = this.memory.usedElements;
		try {
			const outputs = step.body().map((matrix) => ({ offset: this.at(matrix), size: matrix.rows * matrix.columns }));
			return {
				...this.engine.takeCommands(),
				entries: [...this.inputs.entries],
				inputs: this.inputs.values.slice(),
				uploads: [...this.uploads],
				outputs,
				arenaElements: this.memory.neededElements,
			};
		} catch (error) {
			this.engine.takeCommands();
			throw error;
		} finally {
			this.recordingStart = -1;
			// What was captured is sent from the capture.
			this.unsentUploads = this.uploads.length;
			this.inputs.takeUnsent();
		}
	}

	/** Runs the body and reads, with every complaint of the GPU heard before the numbers are believed. */
	private async runGuarded(step: RecordedStep, reader: FactsReader) {
		this.pushScopes();
		let recording: Recording | null = null;
		try {
			recording = this.capture(step, reader);
			this.perform(recording, recording.inputs);
			this.engine.sendOnce(recording.commands, recording.block);
			const values = await this.readSent(recording.outputs);
			return { values, recording };
		} finally {
			await this.popScopes(recording !== null);
			this.end();
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
		if (error) this.engine.failure ??= new Error(`the GPU reports an error: ${error.message}`);
		if (mayThrow) this.engine.checkFailure();
	}

	private keep(key: string, state: ShapeState): void {
		const states = this.shapes.get(key) ?? [];
		states.push(state);
		this.shapes.set(key, states);
		let count = [...this.shapes.values()].reduce((sum, list) => sum + list.length, 0);
		for (const [oldKey, old] of this.shapes) {
			if (count <= mostShapes) break;
			old.forEach(release);
			this.shapes.delete(oldKey);
			count -= old.length;
		}
	}

	private refuse(key: string, reason: string): void {
		this.shapes.get(key)?.forEach(release);
		this.shapes.delete(key);
		this.refused.add(key);
		this.findings.push(`steps of one shape go on unrecorded (${key}): ${reason}`);
	}
}

function release(state: ShapeState): void {
	if (state.kind === 'ready') state.numbers.destroy();
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
