// The flat parameters of the fused device with their gradients and the optimiser's memory, in segments, and their updates.

import { invariant } from '../../util/errors';
import type { OptimizerState, UpdateRule } from '../operations';
import {
	type ParameterEntry,
	type ParameterLayout,
	type ParameterRange,
	type TrainedParameter,
	trainedAlike,
} from '../parameters';
import type { ArenaMatrix } from './arena-values';
import { digestNumbers, digestProgram, normProgram, squaresProgram, stretch } from './gradient-programs';
import type { RunCall } from './job-queue';
import { ParameterClasses } from './parameter-classes';
import { ParameterSegments, usualSegmentBytes } from './parameter-segments';
import type { BufferName, ProgramText } from './program';
import type { GradientAccess } from './recorded-steps';
import { adamwProgram, maskWords, sgdProgram } from './update-program';
import type { Workspace } from './workspace';

/** No clipping, as a number. */
const unlimited = 3e38;
/** Bytes that come back from the GPU at once: a copy of all at once would be one more in memory. */
const readBytes = 32 * 2 ** 20;

export class ParameterBuffers implements GradientAccess {
	private layout: ParameterLayout | null = null;
	private hasSecond = false;
	private classes: ParameterClasses | null = null;

	constructor(
		private readonly space: Workspace,
		private readonly segmentBytes = usualSegmentBytes,
	) {}

	open(layout: ParameterLayout): void {
		this.space.flush();
		this.layout = layout;
		this.hasSecond = false;
		this.space.parameters = new ParameterSegments(layout, this.segmentBytes);
		const sizes = this.segments.ranges.map(({ start, end }) => end - start);
		const trained = sizes.map((size, segment) => (this.isTrained(segment) ? size : 0));
		const bytes = (counts: number[]) => counts.map((count) => 4 * count);
		this.buffers.replace('values', bytes(sizes));
		for (const name of ['gradients', 'first'] as const) this.buffers.replace(name, bytes(trained));
		this.buffers.replace('second', bytes(sizes.fill(0)));
		this.buffers.replace('mask', bytes(trained.map(maskWords)));
		this.classes = this.makeClasses();
	}

	openFrozen(): void {
		const { size, frozenOffset } = this.opened;
		if (frozenOffset === size) return;
		invariant(this.trainedSize === frozenOffset, 'the frozen part is open already');
		this.space.flush();
		this.segments.trainedSize = size;
		for (const { segment, length } of this.segments.partsOf({ start: frozenOffset, end: size })) {
			for (const name of ['gradients', 'first'] as const) this.buffers.replaceAt(name, segment, 4 * length);
			if (this.hasSecond) this.buffers.replaceAt('second', segment, 4 * length);
			this.buffers.replaceAt('mask', segment, 4 * maskWords(length));
		}
		this.classes = this.makeClasses();
	}

	// --- Writing and reading.

	write(values: Float32Array, offset = 0): void {
		this.writeFlat('values', values, offset);
	}

	read(range?: ParameterRange): Promise<Float32Array> {
		return this.readFlat('values', range);
	}

	readGradients(): Promise<Float32Array> {
		return this.readFlat('gradients');
	}

	zeroGradients(): void {
		this.space.flush();
		this.buffers.clear('gradients');
	}

	writeOptimizerState(state: OptimizerState | null): void {
		this.space.flush();
		if (state) this.writeFlat('first', state.first);
		else this.buffers.clear('first');
		this.setSecond(Boolean(state?.second));
		if (state?.second) this.writeFlat('second', state.second);
	}

	async readOptimizerState(range?: ParameterRange): Promise<OptimizerState> {
		const first = await this.readFlat('first', range);
		return { first, second: this.hasSecond ? await this.readFlat('second', range) : null };
	}

	// --- Gradients as a whole.

	async gradientNorm(entries: readonly ParameterEntry[]): Promise<number> {
		this.space.flush();
		this.classes?.write(trainedAlike(entries));
		return this.aside(async () => (await this.space.read([this.norm()]))[0][0]);
	}

	/** Of every stretch: sums of its bits, and whether any is set. */
	digest(): Promise<Float32Array> {
		this.space.flush();
		return this.aside(async () => (await this.space.read([this.overStretches(digestProgram, digestNumbers)]))[0]);
	}

	async keep(): Promise<() => void> {
		const digest = await this.digest();
		const isZero = digest.every((value, index) => index % digestNumbers < digestNumbers - 1 || value === 0);
		return isZero ? () => this.zeroGradients() : this.buffers.keepCopies('gradients');
	}

	update(rule: UpdateRule, trained: readonly TrainedParameter[]): void {
		this.space.flush();
		for (const { entry } of trained) this.segments.mustBeTrained(entry);
		this.classes?.write(trained);
		this.classes?.writeRates(rule);
		if (rule.kind === 'adamw' && !this.hasSecond) this.setSecond(true);
		this.aside(() => {
			const isClipped = rule.clipNorm > 0;
			const norm: RunCall['words'] = isClipped ? { clipNormFloat: rule.clipNorm, norm: this.norm().address } : {};
			const clipFloat = rule.clipValue > 0 ? rule.clipValue : unlimited;
			const text = rule.kind === 'sgd' ? sgdProgram(isClipped) : adamwProgram(isClipped);
			for (const { segment, length } of this.trainedParts)
				this.space.run(text, {
					count: Math.ceil(length / 4),
					segment,
					words: { scaleFloat: rule.gradientScale ?? 1, clipFloat, ...norm, ...ownWords(rule) },
				});
			this.space.flush();
		});
	}

	/** Root of the sum of squares of the gradients that `mask` names. [1, 1] */
	private norm(): ArenaMatrix {
		const sums = this.overStretches(squaresProgram, 1);
		const out = this.space.matrix(1, 1);
		const words = { out: out.address, source: sums.address, size: sums.size };
		this.space.run(normProgram, { count: 1, words, work: sums.size });
		return out;
	}

	/** What a program says of every stretch of the gradients, one segment after the other. */
	private overStretches(text: ProgramText, numbers: number): ArenaMatrix {
		const counts = this.trainedParts.map(({ length }) => Math.ceil(length / stretch));
		const out = this.space.matrix(
			counts.reduce((sum, count) => sum + count, 0),
			numbers,
		);
		let first = 0;
		this.trainedParts.forEach(({ segment, length }, index) => {
			const words = { out: out.address.plus(first * numbers), size: length };
			this.space.run(text, { count: counts[index], words, segment, work: length });
			first += counts[index];
		});
		return out;
	}

	/** Does something with matrices of its own; a step that begins later finds none of them. */
	private aside<Result>(work: () => Result): Result {
		const wasEmpty = this.space.isEmpty;
		const end = () => {
			if (wasEmpty) this.space.release();
		};
		const result = work();
		if (result instanceof Promise) return result.finally(end) as Result;
		end();
		return result;
	}

	// --- Segments.

	get trainedSize(): number {
		return this.segments.trainedSize;
	}

	private get opened(): ParameterLayout {
		invariant(this.layout, 'no parameters were opened');
		return this.layout;
	}

	private get segments(): ParameterSegments {
		return this.space.parameters;
	}

	private get buffers() {
		return this.space.engine.buffers;
	}

	private isTrained(segment: number): boolean {
		return this.segments.ranges[segment].end <= this.trainedSize;
	}

	private get trainedParts() {
		return this.segments.partsOf({ start: 0, end: this.trainedSize });
	}

	private makeClasses(): ParameterClasses {
		const masked = this.trainedParts.map(({ segment }) => segment);
		return new ParameterClasses(this.buffers, this.segments, masked);
	}

	private setSecond(isWanted: boolean): void {
		if (isWanted || this.hasSecond) {
			const sizes = this.segments.ranges.map(({ start, end }, segment) =>
				isWanted && this.isTrained(segment) ? 4 * (end - start) : 0,
			);
			this.buffers.replace('second', sizes);
		}
		this.hasSecond = isWanted;
	}

	private writeFlat(name: BufferName, values: Float32Array, offset = 0): void {
		this.space.flush();
		for (const { segment, local, flat, length } of this.segments.partsOf({
			start: offset,
			end: offset + values.length,
		}))
			this.buffers.write(name, 4 * local, values.subarray(flat - offset, flat - offset + length), { segment });
	}

	private async readFlat(name: BufferName, range?: ParameterRange): Promise<Float32Array> {
		const { start, end } = range ?? { start: 0, end: this.trainedSize };
		this.space.flush();
		const values = new Float32Array(end - start);
		for (const { segment, local, flat, length } of this.segments.partsOf({ start, end }))
			for (let first = 0; first < length; first += readBytes / 4) {
				const bytes = Math.min(readBytes, 4 * (length - first));
				const region = { segment, byteOffset: 4 * (local + first), bytes };
				const part = await this.space.engine.read(name, [region]);
				values.set(new Float32Array(part), flat - start + first);
			}
		return values;
	}
}

function ownWords(rule: UpdateRule): Record<string, number> {
	if (rule.kind === 'sgd') return { momentumFloat: rule.momentum };
	const { beta1, beta2, epsilon } = rule;
	return { beta1Float: beta1, rest1Float: 1 - beta1, beta2Float: beta2, rest2Float: 1 - beta2, epsilonFloat: epsilon };
}
