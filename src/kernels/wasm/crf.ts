// The CRF head on the wasm device: parameters and sentences handed to module/crf.ts, which computes in float64.
// Letters: C characters, K tags, S = K rounded up to even (the stride of float64 rows there), B sentences.

import { invariant } from '../../util/errors';
import type { CrfConstraints, CrfDecoding, CrfParameters, Wanted } from '../operations';
import type { Block } from './heap';
import { mustHaveShape, type WasmIndices, type WasmMatrix } from './heap-values';
import type { Workspace } from './workspace';

const floatBytes = 4;
const doubleBytes = 8;

interface Sentence {
	index: number;
	length: number;
	/** First character in arrays over characters. */
	start: number;
}

/** What the forward recursion keeps. */
export interface CrfForward {
	isScaled: boolean;
	tables: Block;
	/** Forward vectors [C, S], and weights of the emissions [C, S] (empty in log space). */
	alpha: Block;
	weights: Block;
	/** Log of the sum over all paths, a sentence. */
	logZ: Float64Array;
}

interface Head {
	tagCount: number;
	stride: number;
	transitions: number;
	start: number;
	end: number;
}

function headOf(space: Workspace, emissions: WasmMatrix, { transitions, start, end }: CrfParameters): Head {
	const tagCount = emissions.columns;
	mustHaveShape(transitions, tagCount, tagCount);
	for (const entry of [start, end])
		if (entry) invariant(entry.size === tagCount, `${entry.name} has ${entry.size} scores`);
	return {
		tagCount,
		stride: Math.ceil(tagCount / 2) * 2,
		transitions: space.value(transitions),
		start: start ? space.value(start) : 0,
		end: end ? space.value(end) : 0,
	};
}

/** The sentences that have characters. */
function sentencesOf(space: Workspace, emissions: WasmMatrix): Sentence[] {
	const { batch } = space.current();
	mustHaveShape(emissions, batch.characterIds.length, emissions.columns);
	const sentences: Sentence[] = [];
	for (let index = 0; index < batch.sentenceCount; index++) {
		const length = batch.characterCount[index];
		if (length > 0) sentences.push({ index, length, start: batch.characterOffset[index] });
	}
	return sentences;
}

/** The kernels check no bounds: padding may hold any tag, a sentence only tags of the head. */
function checkTags(space: Workspace, sentences: Sentence[], tags: WasmIndices, tagCount: number): void {
	const values = space.heap.integers;
	for (const { start, length } of sentences) {
		for (let i = start; i < start + length; i++) {
			const tag = values[tags.pointer / floatBytes + i];
			invariant(tag >= 0 && tag < tagCount, `character ${i} has tag ${tag} of ${tagCount}`);
		}
	}
}

function forward(space: Workspace, emissions: WasmMatrix, head: Head, sentences: Sentence[]): CrfForward {
	const { tagCount, stride, transitions, start, end } = head;
	const { heap, kernels } = space;
	const isScaled = kernels.crfIsScaled(tagCount, transitions, start, end) !== 0;
	const rowBytes = stride * doubleBytes;
	const tables = heap.takeStep((tagCount + 2) * rowBytes + 4 * doubleBytes);
	const alpha = heap.takeStep(emissions.rows * rowBytes);
	const weights = heap.takeStep(isScaled ? emissions.rows * rowBytes : 0);
	kernels.crfTables(tagCount, transitions, start, end, isScaled, tables.pointer);
	const logZ = new Float64Array(space.current().batch.sentenceCount);
	for (const { index, length, start: first } of sentences) {
		const scores = emissions.pointer + first * tagCount * floatBytes;
		const vectors = alpha.pointer + first * rowBytes;
		logZ[index] = isScaled
			? kernels.crfForwardScaled(tagCount, length, scores, tables.pointer, vectors, weights.pointer + first * rowBytes)
			: kernels.crfForwardLog(tagCount, length, scores, tables.pointer, vectors);
	}
	return { isScaled, tables, alpha, weights, logZ };
}

interface BackwardCall {
	/** Byte address of the given tags, or 0. */
	tags: number;
	scale: number;
	out: WasmMatrix; // [C, K]
	/** Byte address of [K, S] float64, added to. */
	moveCounts: number;
}

function backward(
	space: Workspace,
	emissions: WasmMatrix,
	head: Head,
	sentences: Sentence[],
	saved: CrfForward,
	{ tags, scale, out, moveCounts }: BackwardCall,
): void {
	const { kernels, heap } = space;
	const { tagCount, stride } = head;
	const rowBytes = stride * doubleBytes;
	const tables = saved.tables.pointer;
	const work = heap.takeStep(3 * rowBytes).pointer;
	for (const { index, length, start } of sentences) {
		const alpha = saved.alpha.pointer + start * rowBytes;
		const gold = tags ? tags + start * floatBytes : 0;
		const target = out.pointer + start * tagCount * floatBytes;
		if (saved.isScaled) {
			const weights = saved.weights.pointer + start * rowBytes;
			kernels.crfBackwardScaled(tagCount, length, tables, alpha, weights, gold, scale, target, moveCounts, work);
		} else {
			const scores = emissions.pointer + start * tagCount * floatBytes;
			const logZ = saved.logZ[index];
			kernels.crfBackwardLog(tagCount, length, scores, tables, alpha, logZ, gold, scale, target, moveCounts, work);
		}
	}
	if (saved.isScaled) kernels.crfFinishCounts(tagCount, tables, moveCounts);
}

export function crfLoss(
	space: Workspace,
	emissions: WasmMatrix,
	crf: CrfParameters,
	tags: WasmIndices,
): { perSentence: WasmMatrix; saved: CrfForward } {
	const head = headOf(space, emissions, crf);
	const sentences = sentencesOf(space, emissions);
	checkTags(space, sentences, tags, head.tagCount);
	const losses = new Float32Array(space.current().batch.sentenceCount);
	const saved = forward(space, emissions, head, sentences);
	for (const { index, length, start } of sentences) {
		const scores = emissions.pointer + start * head.tagCount * floatBytes;
		const path = tags.pointer + start * floatBytes;
		const { tagCount, transitions, start: starts, end } = head;
		losses[index] =
			saved.logZ[index] - space.kernels.crfPathScore(tagCount, length, scores, transitions, starts, end, path);
	}
	return { perSentence: space.upload(losses, losses.length, 1), saved };
}

export function crfLossBackward(
	space: Workspace,
	emissions: WasmMatrix,
	crf: CrfParameters,
	tags: WasmIndices,
	saved: CrfForward,
	weight: number,
	wanted: Wanted,
): WasmMatrix {
	const head = headOf(space, emissions, crf);
	const sentences = sentencesOf(space, emissions);
	const { tagCount, stride } = head;
	const out = space.zeros(emissions.rows, tagCount); // [C, K]
	space.withSpace(() => {
		const moveCounts = space.zeros(tagCount, stride * 2).pointer; // [K, S] float64
		backward(space, emissions, head, sentences, saved, { tags: tags.pointer, scale: weight, out, moveCounts });
		if (!wanted.parameters) return;
		const rowAt = (character: number) => out.pointer + character * tagCount * floatBytes;
		for (const { start, length } of sentences) {
			space.kernels.crfSubtractPath(tagCount, length, tags.pointer + start * floatBytes, moveCounts);
			// The first (last) character's gradient is also that of the start (end) scores.
			if (crf.start) space.kernels.addColumnSums(1, tagCount, rowAt(start), space.gradient(crf.start));
			if (crf.end) space.kernels.addColumnSums(1, tagCount, rowAt(start + length - 1), space.gradient(crf.end));
		}
		space.kernels.crfAddMoves(tagCount, moveCounts, weight, space.gradient(crf.transitions));
	});
	return out;
}

export function crfMarginals(space: Workspace, emissions: WasmMatrix, crf: CrfParameters): Float32Array {
	const head = headOf(space, emissions, crf);
	const sentences = sentencesOf(space, emissions);
	return space.withSpace(() => {
		const out = space.zeros(emissions.rows, head.tagCount); // [C, K]
		const saved = forward(space, emissions, head, sentences);
		const moveCounts = space.zeros(head.tagCount, head.stride * 2).pointer;
		backward(space, emissions, head, sentences, saved, { tags: 0, scale: 1, out, moveCounts });
		return space.read(out.pointer, out.count);
	});
}

export function crfDecode(
	space: Workspace,
	emissions: WasmMatrix,
	crf: CrfParameters,
	constraints: CrfConstraints | null,
): CrfDecoding {
	const head = headOf(space, emissions, crf);
	const sentences = sentencesOf(space, emissions);
	const { tagCount, transitions, start, end } = head;
	const { batch } = space.current();
	const scores = new Float32Array(batch.sentenceCount);
	return space.withSpace(() => {
		const longest = sentences.reduce((most, { length }) => Math.max(most, length), 0);
		const tags = space.zeros(1, emissions.rows).pointer; // int32
		const work = space.matrix(2, tagCount).pointer;
		const back = space.matrix(longest, tagCount).pointer; // int32
		const rules = constraints ? space.upload(constraints, tagCount + 2, tagCount + 2).pointer : 0;
		for (const { index, length, start: first } of sentences) {
			const rows = emissions.pointer + first * tagCount * floatBytes;
			const path = tags + first * floatBytes;
			scores[index] = space.kernels.crfDecode(
				...([tagCount, length, rows, transitions, start, end, rules, path, work, back] as const),
			);
		}
		const first = tags / floatBytes;
		return { tags: space.heap.integers.slice(first, first + emissions.rows), scores };
	});
}
