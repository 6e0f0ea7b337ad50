// What the WebAssembly module of the wasm device exports, as TypeScript sees it.

/** Settings of an update by SGD. */
type SgdNumbers = [rate: number, momentum: number, decay: number, limit: number, scale: number];

/** Settings of an update by AdamW. */
type AdamwNumbers = [
	...[rate: number, beta1: number, rest1: number, beta2: number, rest2: number, epsilon: number],
	...[decay: number, limit: number, scale: number, firstScale: number, secondScale: number],
];

/** Rows of a table: a list of `count` row numbers, and when each row was last updated. */
type RowNumbers = [count: number, rows: number, columns: number, stamps: number, now: number];

/** What module/kernels.ts exports. Matrices and lists are byte addresses; counts and strides are in elements;
 *  address 0 stands for "none". The docstrings are at the functions there. */
export interface Kernels {
	initialize(start: number): number;
	gemm(
		rows: number,
		columns: number,
		depth: number,
		a: number,
		aRowStride: number,
		aDepthStride: number,
		b: number,
		bDepthStride: number,
		bColumnStride: number,
		c: number,
		cRowStride: number,
		accumulate: boolean,
	): void;
	gemmHeads(
		heads: number,
		rows: number,
		columns: number,
		depth: number,
		a: number,
		aHeadStride: number,
		aRowStride: number,
		aDepthStride: number,
		b: number,
		bHeadStride: number,
		bDepthStride: number,
		bColumnStride: number,
		c: number,
		cHeadStride: number,
		cRowStride: number,
		accumulate: boolean,
	): void;
	add(count: number, left: number, right: number, out: number): void;
	addVector(rows: number, columns: number, matrix: number, vector: number, relu: boolean, out: number): void;
	relu(count: number, matrix: number): void;
	reluBackward(count: number, output: number, gradient: number, out: number): void;
	addColumnSums(rows: number, columns: number, matrix: number, sums: number): void;
	fillZero(start: number, bytes: number): void;
	activate(count: number, kind: number, input: number, out: number): void;
	activateBackward(count: number, kind: number, input: number, gradient: number, out: number): void;
	scale(count: number, factor: number, input: number, out: number): void;
	layerNorm(
		rows: number,
		columns: number,
		input: number,
		residual: number,
		gain: number,
		bias: number,
		epsilon: number,
		normalized: number,
		inverseDeviation: number,
		out: number,
	): void;
	layerNormBackward(
		rows: number,
		columns: number,
		normalized: number,
		inverseDeviation: number,
		gain: number,
		gradient: number,
		inputGradient: number,
	): void;
	layerNormParameters(
		rows: number,
		columns: number,
		normalized: number,
		gradient: number,
		gainGradient: number,
		biasGradient: number,
	): void;
	dropout(
		rows: number,
		columns: number,
		matrix: number,
		rowKeys: number,
		key: number,
		threshold: number,
		scale: number,
		out: number,
	): void;
	gatherRows(count: number, columns: number, table: number, ids: number, out: number): void;
	addToRows(count: number, columns: number, table: number, ids: number, firstId: number, rows: number): void;
	placeRows(count: number, columns: number, rows: number, ids: number, out: number): void;
	copyColumns(rows: number, columns: number, from: number, fromStride: number, to: number, toStride: number): void;
	distanceRows(
		count: number,
		columns: number,
		table: number,
		indices: number,
		isFirst: boolean,
		relu: boolean,
		out: number,
	): void;
	distanceRowsBackward(
		count: number,
		columns: number,
		tableGradient: number,
		indices: number,
		output: number,
		gradient: number,
	): void;
	softmaxGroups(rows: number, groups: number, width: number, matrix: number, out: number): void;
	softmaxGroupsBackward(
		rows: number,
		groups: number,
		width: number,
		output: number,
		gradient: number,
		inputGradient: number,
	): void;
	mixRows(
		count: number,
		columns: number,
		values: number,
		indices: number,
		weights: number,
		weightStride: number,
		isVector: boolean,
		out: number,
	): void;
	mixRowsBackward(
		count: number,
		columns: number,
		values: number,
		indices: number,
		weights: number,
		weightStride: number,
		isVector: boolean,
		gradient: number,
		valuesGradient: number,
		weightsGradient: number,
	): void;
	addPositionScores(
		queries: number,
		size: number,
		headSize: number,
		query: number,
		queryStride: number,
		relative: number,
		index: number,
		scores: number,
	): void;
	positionScoresBackward(
		queries: number,
		size: number,
		headSize: number,
		query: number,
		queryStride: number,
		relative: number,
		index: number,
		gradient: number,
		queryGradient: number,
		relativeGradient: number,
	): void;
	maskedSoftmax(rows: number, size: number, count: number, scores: number, out: number): void;
	maskedSoftmaxBackward(
		rows: number,
		size: number,
		probabilities: number,
		gradient: number,
		inputGradient: number,
	): void;
	crfIsScaled(tagCount: number, transitions: number, start: number, end: number): number;
	crfTables(tagCount: number, transitions: number, start: number, end: number, isScaled: boolean, tables: number): void;
	crfForwardScaled(
		tagCount: number,
		length: number,
		emissions: number,
		tables: number,
		alpha: number,
		weights: number,
	): number;
	crfBackwardScaled(
		tagCount: number,
		length: number,
		tables: number,
		alpha: number,
		weights: number,
		tags: number,
		scale: number,
		out: number,
		moveCounts: number,
		work: number,
	): void;
	crfFinishCounts(tagCount: number, tables: number, moveCounts: number): void;
	crfForwardLog(tagCount: number, length: number, emissions: number, tables: number, alpha: number): number;
	crfBackwardLog(
		tagCount: number,
		length: number,
		emissions: number,
		tables: number,
		alpha: number,
		logZ: number,
		tags: number,
		scale: number,
		out: number,
		moveCounts: number,
		work: number,
	): void;
	crfPathScore(
		tagCount: number,
		length: number,
		emissions: number,
		transitions: number,
		start: number,
		end: number,
		tags: number,
	): number;
	crfSubtractPath(tagCount: number, length: number, tags: number, moveCounts: number): void;
	crfAddMoves(tagCount: number, moveCounts: number, weight: number, transitionGradient: number): void;
	crfDecode(
		tagCount: number,
		length: number,
		emissions: number,
		transitions: number,
		start: number,
		end: number,
		constraints: number,
		tags: number,
		work: number,
		back: number,
	): number;
	normalizeRows(count: number, columns: number, matrix: number, order: number, normalized: number, norms: number): void;
	normalizeRowsBackward(
		count: number,
		columns: number,
		normalized: number,
		norms: number,
		order: number,
		gradient: number,
		out: number,
	): void;
	contrastiveRows(
		count: number,
		anchor: number,
		total: number,
		classStart: number,
		classEnd: number,
		scale: number,
		cosines: number,
		negatives: number,
	): number;
	contrastiveRowGradients(
		count: number,
		anchor: number,
		total: number,
		classStart: number,
		classEnd: number,
		scale: number,
		weight: number,
		cosines: number,
		negatives: number,
	): void;
	catchUpRows(...call: [...RowNumbers, history: number, values: number, first: number]): void;
	markRows(count: number, ids: number, firstId: number, marks: number, touched: number, length: number): number;
	clearRows(count: number, touched: number, columns: number, marks: number, gradients: number): void;
	updateRowsSgd(...call: [...RowNumbers, values: number, gradients: number, first: number, ...SgdNumbers]): void;
	fillIntegers(count: number, start: number, value: number): void;
	catchUpRowsAdamw(...call: [...RowNumbers, history: number, values: number, first: number, second: number]): void;
	updateRowsAdamw(
		...call: [...RowNumbers, values: number, gradients: number, first: number, second: number, ...AdamwNumbers]
	): void;
	sumSquares(count: number, numbers: number, out: number): void;
	sumSquaresOfRows(count: number, touched: number, columns: number, gradients: number, out: number): void;
	updateSgd(count: number, values: number, gradients: number, first: number, ...numbers: SgdNumbers): void;
	updateAdamw(
		count: number,
		values: number,
		gradients: number,
		first: number,
		second: number,
		...numbers: AdamwNumbers
	): void;
}
