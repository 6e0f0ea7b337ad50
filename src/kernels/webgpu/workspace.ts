// What the operations of the fused device are built on: room for matrices and lists, dispatches with named numbers, and
// the life of a step. Between steps only the parameters stay. Recording and repeating is recorded-steps.ts.

import { invariant } from '../../util/errors';
import type { Indices, Matrix, RecordedStep, Scores, StepFacts } from '../operations';
import { type ArenaAddress, ArenaMatrix, type ArenaRun, ArenaScores } from './arena-values';
import type { GemmForm } from './gemm-program';
import type { GpuEngine } from './gpu-engine';
import type { RunCall } from './job-queue';
import { ParameterSegments } from './parameter-segments';
import type { ProgramText } from './program';
import type { Recording, Region, UploadEntry } from './recording';
import { type Derive, FactsReader, StepInputs } from './step-inputs';
import { StepMemory } from './step-memory';

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

/** A matrix that lives between steps: its numbers go up with each step that uses it. */
export class ConstantMatrix {
	constructor(
		readonly key: string,
		readonly rows: number,
		readonly columns: number,
	) {}
}

interface Upload {
	address: ArenaAddress;
	values: Float32Array;
	derive: UploadEntry['derive'];
}

/** Buffers grow by so many elements. */
const growthElements = 1 << 18;
/** An arena up to here is no burden: 64 MB. */
const ampleElements = 1 << 24;

export class Workspace {
	private readonly memory = new StepMemory();
	private readonly inputs = new StepInputs();
	private uploads: Upload[] = [];
	private unsentUploads = 0;
	private readonly constants = new Map<string, Float32Array>();
	private readonly sentConstants = new Map<string, ArenaMatrix>();
	private reader: FactsReader | null = null;
	/** Counts how often the arena was taken back: matrices of an earlier count are gone. */
	private epoch = 0;
	/** Where the parameters are. */
	parameters = new ParameterSegments({ entries: [], size: 0, frozenOffset: 0 });
	private isCapturing = false;
	/** What a captured step used that it did not make. */
	private foreign: string | null = null;

	constructor(
		readonly engine: GpuEngine,
		readonly gemmForm: GemmForm = 'direct',
	) {}

	// --- Values of a step.

	begin(facts: StepFacts): void {
		this.reader = new FactsReader(facts);
	}

	/** Ends the step. */
	end(): void {
		this.reader = null;
		this.release();
	}

	/** Sends what is queued and frees the arena; the step stays open. */
	release(): void {
		this.flush();
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

	get isEmpty(): boolean {
		return this.memory.isEmpty && this.inputs.usedElements === 0;
	}

	matrix(rows: number, columns: number): ArenaMatrix {
		return new ArenaMatrix(rows, columns, this.memory.take(rows * columns), this.epoch);
	}

	scores(heads: number, size: number): ArenaScores {
		return new ArenaScores(heads, size, this.memory.take(size), this.epoch);
	}

	/** The matrix or scores in this step's arena; those of another device or of an earlier step are a bug. */
	own(matrix: Matrix): ArenaMatrix {
		const found = matrix instanceof ConstantMatrix ? this.constant(matrix) : matrix;
		invariant(found instanceof ArenaMatrix && found.step === this.epoch, stranger);
		this.watch(found.address);
		return found;
	}

	at(matrix: Matrix): ArenaAddress {
		return this.own(matrix).address;
	}

	ownScores(scores: Scores): ArenaScores {
		invariant(scores instanceof ArenaScores && scores.step === this.epoch, stranger);
		this.watch(scores.address);
		return scores;
	}

	private watch({ run }: ArenaAddress): void {
		invariant(!run.isGone, 'a matrix that was released');
		if (this.isCapturing && run.offset >= 0) this.foreign = 'a matrix that was made before the step';
	}

	list(indices: Indices): InputList {
		invariant(indices instanceof InputList && indices.step === this.epoch, 'a list of another device or step');
		return indices;
	}

	upload(values: Float32Array, rows: number, columns: number, derive: UploadEntry['derive'] = null): ArenaMatrix {
		invariant(values.length === rows * columns, `${values.length} values for ${rows} by ${columns}`);
		const made = this.matrix(rows, columns);
		made.address.run.isUploaded = true;
		this.uploads.push({ address: made.address, values, derive });
		return made;
	}

	keepConstant(key: string, values: Float32Array): void {
		this.constants.set(key, values.slice());
		this.sentConstants.delete(key);
	}

	/** The constant's matrix in this step. */
	private constant({ key, rows, columns }: ConstantMatrix): ArenaMatrix {
		let sent = this.sentConstants.get(key);
		if (!sent || sent.address.run.isGone) {
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

	/** Index of one number among the inputs. */
	number(value: number, derived?: { name: string; derive: (facts: StepFacts) => number }): number {
		if (derived && this.reader)
			return this.derived(derived.name, (reader) => Int32Array.of(derived.derive(reader.facts) | 0)).offset;
		return this.given(Int32Array.of(value | 0)).offset;
	}

	run(text: ProgramText, call: RunCall): void {
		this.engine.run(text, call);
	}

	// --- Sending and reading.

	/** Sends everything that is queued. Of the step's matrices only those `kept` may be used later; all when not given. */
	flush(kept: readonly Matrix[] | null = null): void {
		invariant(!this.isCapturing, 'a recorded step reads in its middle');
		const hadArena = this.memory.plannedElements > 0;
		const { commands, block } = this.arrange(kept && new Set(kept.map((matrix) => this.at(matrix).run)));
		const { offset, values } = this.inputs.takeUnsent();
		this.reserve('arena', this.memory.plannedElements, hadArena);
		this.reserve('inputs', this.inputs.usedElements, offset > 0);
		for (; this.unsentUploads < this.uploads.length; this.unsentUploads++) {
			const upload = this.uploads[this.unsentUploads];
			this.engine.buffers.write('arena', 4 * upload.address.offset, upload.values);
		}
		this.engine.buffers.write('inputs', 4 * offset, values);
		this.engine.sendOnce(commands, block);
	}

	/** Takes the queue as dispatches, with addresses for everything new. */
	private arrange(kept: ReadonlySet<ArenaRun> | null) {
		const prompt = this.engine.queue.schedule({ defers: false });
		const promptPlan = this.memory.plan(prompt, kept);
		const deferred = this.engine.queue.schedule({ defers: true });
		const deferredPlan = this.memory.plan(deferred, kept);
		const mayDefer = deferredPlan.end <= Math.max(ampleElements, 1.25 * promptPlan.end);
		const [dispatches, plan] = mayDefer ? [deferred, deferredPlan] : [prompt, promptPlan];
		this.memory.adopt(plan, kept);
		return this.engine.queue.takeCommands(dispatches);
	}

	/** Makes a buffer large enough; what it holds stays where that matters. */
	private reserve(name: 'arena' | 'inputs', elements: number, isInUse: boolean): void {
		if (4 * elements <= this.engine.buffers.at(name).size) return;
		const bytes = 4 * Math.ceil(elements / growthElements) * growthElements;
		if (isInUse) this.engine.buffers.grow(name, bytes);
		else this.engine.buffers.replace(name, [bytes]);
	}

	async read(matrices: readonly (ArenaMatrix | ArenaScores)[]): Promise<Float32Array[]> {
		this.flush();
		return this.readSent(matrices.map(({ address, size }) => ({ offset: address.offset, size })));
	}

	/** Numbers of regions when all that was sent is done. */
	async readSent(regions: readonly Region[]): Promise<Float32Array[]> {
		const bytes = await this.engine.read(
			'arena',
			regions.map(({ offset, size }) => ({ byteOffset: 4 * offset, bytes: 4 * size })),
		);
		let end = 0;
		return regions.map(({ size }) => {
			end += 4 * size;
			return new Float32Array(bytes.slice(end - 4 * size, end));
		});
	}

	// --- Whole steps.

	/** Runs the body of a step without sending anything; also what it used from outside, if it did. */
	capture(step: RecordedStep, reader: FactsReader): { recording: Recording; foreign: string | null } {
		this.reader = reader;
		this.foreign = null;
		this.isCapturing = true;
		try {
			const outputs = step.body().map((matrix) => this.own(matrix));
			const recording = {
				...this.arrange(new Set(outputs.map(({ address }) => address.run))),
				entries: [...this.inputs.entries],
				inputs: this.inputs.values.slice(),
				uploads: this.uploads.map(({ address, ...upload }) => ({ ...upload, offset: address.offset })),
				outputs: outputs.map(({ address, size }) => ({ offset: address.offset, size })),
				arenaElements: this.memory.plannedElements,
			};
			return { recording, foreign: this.foreign };
		} catch (error) {
			this.engine.queue.dropCommands();
			this.memory.dropNew();
			this.uploads = [];
			throw error;
		} finally {
			this.isCapturing = false;
			// What was captured is sent from the capture.
			this.unsentUploads = this.uploads.length;
			this.inputs.takeUnsent();
		}
	}

	/** Writes the inputs and uploads of a captured step; `isAlone` when nothing before it is still needed. */
	fill({ uploads, arenaElements }: Recording, inputs: Int32Array, isAlone: boolean): void {
		this.reserve('arena', arenaElements, !isAlone);
		this.reserve('inputs', inputs.length, false);
		for (const { offset, values } of uploads) this.engine.buffers.write('arena', 4 * offset, values);
		this.engine.buffers.write('inputs', 0, inputs);
	}
}

const stranger = 'a matrix of another device or of an earlier step';
