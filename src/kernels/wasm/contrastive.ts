// The contrastive loss on the wasm device: tokens sorted by class, their unit vectors, and, for a slab of anchors at a
// time, all cosines as one matrix product; row sums and gradients in module/contrastive.ts. O(P (P + Neg)) work, and
// memory for one slab. Letters: T tokens of any class, P tokens of one class, H width.

import { invariant } from '../../util/errors';
import type { ContrastiveCall } from '../operations';
import { own, type WasmIndices, type WasmMatrix } from './heap-values';
import { multiply } from './products';
import type { Workspace } from './workspace';

const floatBytes = 4;
/** Numbers in one slab of cosines. */
const slabSize = 1 << 20;

/** Tokens [start, end) in the order by class. */
interface ClassRange {
	name: number;
	start: number;
	end: number;
}

interface Tokens {
	order: Int32Array;
	/** Classes that have a term: at least two tokens, at least one other token, and not the outside class. */
	contrasted: ClassRange[];
}

export interface ContrastiveSaved {
	contrasted: ClassRange[];
	/** Row of each token in the features. [T] */
	order: WasmIndices;
	/** Unit vectors [T, H], their lengths before [1, T], log sums over the negatives of each anchor [1, T]. */
	unit: WasmMatrix;
	norms: WasmMatrix;
	negatives: WasmMatrix;
}

/** Sorts tokens by class, keeping their order within a class. */
function sortByClass({ classes, classCount, outsideClass }: ContrastiveCall): Tokens {
	const members: number[][] = Array.from({ length: classCount }, () => []);
	classes.forEach((name, row) => {
		invariant(name >= -1 && name < classCount, `character ${row} has class ${name} of ${classCount}`);
		if (name >= 0) members[name].push(row);
	});
	const order = members.flat();
	const contrasted: ClassRange[] = [];
	let start = 0;
	members.forEach((rows, name) => {
		const end = start + rows.length;
		if (name !== outsideClass && rows.length >= 2 && rows.length < order.length) contrasted.push({ name, start, end });
		start = end;
	});
	return { order: Int32Array.from(order), contrasted };
}

/** Calls a function for each slab of anchors of each class, with the slab's cosines [count, T] filled in. */
function forEachSlab(
	space: Workspace,
	cosines: number,
	unit: WasmMatrix,
	range: ClassRange,
	slabRows: number,
	visit: (anchor: number, count: number) => void,
): void {
	const { rows: total, columns: width, pointer } = unit;
	for (let anchor = range.start; anchor < range.end; anchor += slabRows) {
		const count = Math.min(slabRows, range.end - anchor);
		const anchors = pointer + anchor * width * floatBytes;
		multiply(space, {
			rows: count,
			columns: total,
			depth: width,
			left: [anchors, width, 1],
			right: [pointer, 1, width],
			out: [cosines, total],
			accumulate: false,
		});
		visit(anchor, count);
	}
}

function slabRowsOf(total: number): number {
	return Math.max(16, Math.floor(slabSize / total));
}

/** Numbers in the largest slab that the classes need. */
function slabFloats(contrasted: ClassRange[], total: number): number {
	const largest = contrasted.reduce((most, { start, end }) => Math.max(most, end - start), 0);
	return Math.min(largest, slabRowsOf(total)) * total;
}

export function contrastiveLoss(
	space: Workspace,
	call: ContrastiveCall,
): { loss: WasmMatrix; perClass: WasmMatrix; saved: ContrastiveSaved } {
	const features = own(call.features);
	invariant(call.classes.length === features.rows, `${call.classes.length} classes for ${features.rows} characters`);
	invariant(call.temperature > 0, `temperature ${call.temperature}`);
	const { order: rows, contrasted } = sortByClass(call);
	const order = space.indices(rows); // [T]
	const unit = space.matrix(rows.length, features.columns); // [T, H]
	const norms = space.matrix(1, rows.length);
	const negatives = space.matrix(1, rows.length);
	space.kernels.normalizeRows(
		rows.length,
		features.columns,
		features.pointer,
		order.pointer,
		unit.pointer,
		norms.pointer,
	);
	const terms = new Float32Array(call.classCount);
	let total = 0;
	space.withSpace(() => {
		const cosines = space.matrix(1, slabFloats(contrasted, rows.length)).pointer;
		for (const range of contrasted) {
			const { name, start, end } = range;
			let sum = 0;
			forEachSlab(space, cosines, unit, range, slabRowsOf(rows.length), (anchor, count) => {
				const kept = negatives.pointer + anchor * floatBytes;
				const { temperature } = call;
				sum += space.kernels.contrastiveRows(count, anchor, rows.length, start, end, 1 / temperature, cosines, kept);
			});
			const term = sum / ((end - start) * (end - start - 1));
			terms[name] = term;
			total += term;
		}
	});
	const loss = space.upload(Float32Array.of(total), 1, 1);
	const perClass = space.upload(terms, 1, terms.length);
	return { loss, perClass, saved: { contrasted, order, unit, norms, negatives } };
}

export function contrastiveLossBackward(space: Workspace, call: ContrastiveCall, saved: ContrastiveSaved): WasmMatrix {
	const { contrasted, order, unit, norms, negatives } = saved;
	const { rows: total, columns: width } = unit;
	const { kernels } = space;
	const out = space.zeros(call.features.rows, width); // [C, H]
	if (contrasted.length === 0) return out;
	space.withSpace(() => {
		const unitGradient = space.zeros(total, width); // [T, H]
		const cosines = space.matrix(1, slabFloats(contrasted, total)).pointer;
		for (const range of contrasted) {
			const { start, end } = range;
			const scale = 1 / call.temperature;
			const weight = scale / ((end - start) * (end - start - 1));
			forEachSlab(space, cosines, unit, range, slabRowsOf(total), (anchor, count) => {
				const kept = negatives.pointer + anchor * floatBytes;
				kernels.contrastiveRowGradients(count, anchor, total, start, end, scale, weight, cosines, kept);
				const offset = anchor * width * floatBytes;
				multiply(space, {
					rows: count,
					columns: width,
					depth: total,
					left: [cosines, total, 1],
					right: [unit.pointer, width, 1],
					out: [unitGradient.pointer + offset, width],
					accumulate: true,
				});
				multiply(space, {
					rows: total,
					columns: width,
					depth: count,
					left: [cosines, 1, total],
					right: [unit.pointer + offset, width, 1],
					out: [unitGradient.pointer, width],
					accumulate: true,
				});
			});
		}
		const pointers = [unit.pointer, norms.pointer, order.pointer, unitGradient.pointer, out.pointer] as const;
		kernels.normalizeRowsBackward(total, width, ...pointers);
	});
	return out;
}
