// One pass through a network: every operation runs on the device at once and, where something is trained, notes its
// backward step; the backward pass is that list read from the end. This is all the differentiation there is above the
// devices. A tape lives for one step; the device's `endStep` frees what it holds.

import type { Batch } from '../data/batch';
import type {
	ContrastiveCall,
	CrfParameters,
	Device,
	Dropout,
	Indices,
	Matrix,
	Scores,
	StepFacts,
	Weight,
} from '../kernels/operations';
import { findParameter, type ParameterEntry, type ParameterLayout } from '../kernels/parameters';
import { dropThreshold, elementBits, rowBits, siteKey } from '../util/counter-random';

/** A value on the tape, and the loss's gradient with respect to it once the backward pass has reached it. */
export interface Node<Value> {
	readonly value: Value;
	/** Whether it depends on something trained. */
	readonly isTrained: boolean;
	gradient: Value | null;
}

export type MatrixNode = Node<Matrix>;
export type ScoresNode = Node<Scores>;

export interface TapeOptions {
	/** Parameters to train, by name; empty for evaluation. */
	trained: ReadonlySet<string>;
	/** Draws of dropout; null when nothing is dropped (evaluation). */
	random: { seed: number; step: number } | null;
}

export class Tape {
	private readonly backwardSteps: (() => void)[] = [];
	private readonly lists = new Map<string, Indices>();
	readonly facts: StepFacts;

	constructor(
		readonly device: Device,
		readonly layout: ParameterLayout,
		readonly batch: Batch,
		private readonly options: TapeOptions,
	) {
		this.facts = { batch, random: options.random };
	}

	/** Runs the noted backward steps from the last to the first. Gradients of parameters are added on the device. */
	backward(): void {
		for (let index = this.backwardSteps.length - 1; index >= 0; index--) this.backwardSteps[index]();
	}

	/** A tape of its own for the same step, which notes backward steps only if it `trains`. */
	apart(trains: boolean): Tape {
		const options = trains ? this.options : { ...this.options, trained: new Set<string>() };
		return new Tape(this.device, this.layout, this.batch, options);
	}

	parameter(name: string): ParameterEntry {
		return findParameter(this.layout, name);
	}

	/** A list that follows from the step's facts and from nothing else that may change; made once a step for each name. */
	indices(name: string, derive: (facts: StepFacts) => Int32Array): Indices {
		let list = this.lists.get(name);
		if (!list) {
			const { device } = this;
			list = device.indicesFrom?.(name, derive) ?? device.uploadIndices(derive(this.facts));
			this.lists.set(name, list);
		}
		return list;
	}

	/** A matrix that follows from the step's facts and from nothing else that may change. */
	matrix(rows: number, columns: number, derive: (facts: StepFacts) => Float32Array): Matrix {
		const { device } = this;
		return device.matrixFrom?.(rows, columns, derive) ?? device.upload(derive(this.facts), rows, columns);
	}

	/** A matrix that depends on nothing trained. */
	given(value: Matrix): MatrixNode {
		return { value, isTrained: false, gradient: null };
	}

	/** input * weight^T + bias, then max(0, .) if asked; `columns` picks a range of the weight's columns. */
	linear(
		input: MatrixNode,
		weightName: string,
		biasName: string | null,
		{ relu = false, columns }: { relu?: boolean; columns?: [start: number, count: number] } = {},
	): MatrixNode {
		const entry = this.parameter(weightName);
		const weight: Weight = { entry, columnStart: columns?.[0] ?? 0, columnCount: columns?.[1] ?? entry.columns };
		const call = { input: input.value, weight, bias: biasName === null ? null : this.parameter(biasName), relu };
		const parameters = this.isTrained(weightName);
		const output = this.note(this.device.linear(call), input.isTrained || parameters, (node, gradient) => {
			const wanted = { inputs: input.isTrained, parameters };
			this.receive(input, this.device.linearBackward(call, node.value, gradient, wanted));
		});
		return output;
	}

	addVector(input: MatrixNode, vectorName: string): MatrixNode {
		const vector = this.parameter(vectorName);
		const isVectorTrained = this.isTrained(vectorName);
		return this.note(this.device.addVector(input.value, vector), input.isTrained || isVectorTrained, (_, gradient) => {
			if (isVectorTrained) this.device.addVectorBackward(vector, gradient);
			this.receive(input, gradient);
		});
	}

	embeddingRows(tableName: string, ids: Indices): MatrixNode {
		const table = this.parameter(tableName);
		return this.note(this.device.embeddingRows(table, ids), this.isTrained(tableName), (_, gradient) =>
			this.device.embeddingRowsBackward(table, ids, gradient),
		);
	}

	/** Inactive in evaluation, and at rates up to 0.001 as in the published program. */
	dropout(input: MatrixNode, rate: number, site: number, rowKeys: Indices): MatrixNode {
		const dropout = this.draws(rate, site, rowKeys);
		if (dropout === null) return input;
		return this.note(this.device.dropout(input.value, dropout), input.isTrained, (_, gradient) =>
			this.receive(input, this.device.dropout(gradient, dropout)),
		);
	}

	/** The draws of one dropout of the step; null where nothing is dropped. */
	draws(rate: number, site: number, rowKeys: Indices): Dropout | null {
		const { random } = this.options;
		if (random === null || rate <= 0.001) return null;
		return { rate, key: siteKey(random.seed, random.step, site), rowKeys, site };
	}

	concatColumns(parts: readonly MatrixNode[]): MatrixNode {
		if (parts.length === 1) return parts[0];
		const values = parts.map((part) => part.value);
		const isTrained = parts.some((part) => part.isTrained);
		return this.note(this.device.concatColumns(values), isTrained, (_, gradient) => {
			const widths = values.map((value) => value.columns);
			const gradients = this.device.splitColumns(gradient, widths);
			parts.forEach((part, index) => {
				this.receive(part, gradients[index]);
			});
		});
	}

	placeRows(parts: readonly { node: MatrixNode; rows: Indices }[], rowCount: number): MatrixNode {
		const placed = parts.map(({ node, rows }) => ({ matrix: node.value, rows }));
		const isTrained = parts.some(({ node }) => node.isTrained);
		return this.note(this.device.placeRows(placed, rowCount), isTrained, (_, gradient) => {
			for (const { node, rows } of parts)
				if (node.isTrained) this.receive(node, this.device.gatherRows(gradient, rows));
		});
	}

	gatherRows(input: MatrixNode, rows: Indices): MatrixNode {
		return this.note(this.device.gatherRows(input.value, rows), input.isTrained, (_, gradient) =>
			this.receive(input, this.device.placeRows([{ matrix: gradient, rows }], input.value.rows)),
		);
	}

	distanceRows(tables: readonly MatrixNode[], indices: readonly Indices[], relu: boolean): MatrixNode {
		const values = tables.map((table) => table.value);
		const isTrained = tables.some((table) => table.isTrained);
		return this.note(this.device.distanceRows(values, indices, relu), isTrained, (node, gradient) => {
			const gradients = this.device.distanceRowsBackward(values, indices, relu, node.value, gradient);
			tables.forEach((table, index) => {
				this.receive(table, gradients[index]);
			});
		});
	}

	softmaxGroups(input: MatrixNode, groups: number): MatrixNode {
		return this.note(this.device.softmaxGroups(input.value, groups), input.isTrained, (node, gradient) =>
			this.receive(input, this.device.softmaxGroupsBackward(node.value, groups, gradient)),
		);
	}

	mixRows(values: MatrixNode, indices: readonly Indices[], weights: MatrixNode): MatrixNode {
		const isTrained = values.isTrained || weights.isTrained;
		return this.note(this.device.mixRows(values.value, indices, weights.value), isTrained, (_, gradient) => {
			const gradients = this.device.mixRowsBackward(values.value, indices, weights.value, gradient);
			this.receive(values, gradients.values);
			this.receive(weights, gradients.weights);
		});
	}

	relativeScores(
		contentQuery: MatrixNode,
		key: MatrixNode,
		positionQuery: MatrixNode,
		relative: MatrixNode,
		heads: number,
	): ScoresNode {
		const [q, k, p, r] = [contentQuery.value, key.value, positionQuery.value, relative.value];
		const isTrained = [contentQuery, key, positionQuery, relative].some((node) => node.isTrained);
		return this.note(this.device.relativeScores(q, k, p, r, heads), isTrained, (_, gradient) => {
			const gradients = this.device.relativeScoresBackward(q, k, p, r, gradient);
			this.receive(contentQuery, gradients.contentQuery);
			this.receive(key, gradients.key);
			this.receive(positionQuery, gradients.positionQuery);
			this.receive(relative, gradients.relative);
		});
	}

	maskedSoftmax(scores: ScoresNode): ScoresNode {
		return this.note(this.device.maskedSoftmax(scores.value), scores.isTrained, (node, gradient) =>
			this.receiveScores(scores, this.device.maskedSoftmaxBackward(node.value, gradient)),
		);
	}

	weightedValues(probabilities: ScoresNode, value: MatrixNode): MatrixNode {
		const output = this.device.weightedValues(probabilities.value, value.value);
		return this.note(output, probabilities.isTrained || value.isTrained, (_, gradient) => {
			const gradients = this.device.weightedValuesBackward(probabilities.value, value.value, gradient);
			this.receiveScores(probabilities, gradients.probabilities);
			this.receive(value, gradients.value);
		});
	}

	/** LayerNorm(input + residual) */
	residualLayerNorm(input: MatrixNode, residual: MatrixNode, gainName: string, biasName: string): MatrixNode {
		const call = {
			input: input.value,
			residual: residual.value,
			gain: this.parameter(gainName),
			bias: this.parameter(biasName),
		};
		const { output, saved } = this.device.residualLayerNorm(call);
		const parameters = this.isTrained(gainName);
		const inputs = input.isTrained || residual.isTrained;
		return this.note(output, inputs || parameters, (_, gradient) => {
			const given = this.device.residualLayerNormBackward(call, saved, gradient, { inputs, parameters });
			this.receive(input, given);
			this.receive(residual, given);
		});
	}

	/** Negative log likelihood of each sentence [B, 1]; the backward pass starts from weight * their sum. */
	crfLoss(emissions: MatrixNode, crf: CrfParameters, tags: Indices, weight: number): Matrix {
		const { perSentence, saved } = this.device.crfLoss(emissions.value, crf, tags);
		const wanted = { inputs: emissions.isTrained, parameters: this.isTrained(crf.transitions.name) };
		if (wanted.inputs || wanted.parameters)
			this.backwardSteps.push(() => {
				const gradient = this.device.crfLossBackward(emissions.value, crf, tags, saved, weight, wanted);
				this.receive(emissions, gradient);
			});
		return perSentence;
	}

	contrastiveLoss(features: MatrixNode, call: Omit<ContrastiveCall, 'features'>): { loss: Matrix; perClass: Matrix } {
		const whole = { ...call, features: features.value };
		const { loss, perClass, saved } = this.device.contrastiveLoss(whole);
		if (features.isTrained)
			this.backwardSteps.push(() => this.receive(features, this.device.contrastiveLossBackward(whole, saved)));
		return { loss, perClass };
	}

	/** Whether the step trains this parameter. */
	isTrained(name: string): boolean {
		return this.options.trained.has(name);
	}

	/** Whether the step trains some parameter whose name begins so. */
	trainsAny(prefix: string): boolean {
		for (const name of this.options.trained) if (name.startsWith(prefix)) return true;
		return false;
	}

	/** A value with the step that its gradient takes on the way back; noted where something trained lies behind it. */
	note<Value>(value: Value, isTrained: boolean, step: (node: Node<Value>, gradient: Value) => void): Node<Value> {
		const node: Node<Value> = { value, isTrained, gradient: null };
		if (isTrained)
			this.backwardSteps.push(() => {
				if (node.gradient !== null) step(node, node.gradient);
			});
		return node;
	}

	/** Adds to a node's gradient. */
	receive(node: MatrixNode, gradient: Matrix | null): void {
		if (gradient === null || !node.isTrained) return;
		node.gradient = node.gradient === null ? gradient : this.device.add(node.gradient, gradient);
	}

	/** Scores have one reader each, so there is nothing to add up. */
	private receiveScores(node: ScoresNode, gradient: Scores): void {
		if (node.isTrained) node.gradient = gradient;
	}
}

/** Row 1 (`<unk>`) instead of some ids, with the given probability each; ids 0 and below stay. */
export function withWordDropout(
	ids: Int32Array,
	rowKeys: Int32Array,
	{ random, rate, site }: { random: StepFacts['random']; rate: number; site: number },
): Int32Array {
	if (random === null || rate <= 0) return ids;
	const key = siteKey(random.seed, random.step, site);
	const threshold = dropThreshold(rate);
	return ids.map((id, index) => (id > 0 && elementBits(rowBits(key, rowKeys[index]), 0) < threshold ? 1 : id));
}
