// The network of an experiment on a device: its losses with gradients, and its predictions. One call is one step of
// the device; nothing stays behind but what the parameters and their gradients hold.

import type { Batch } from '../data/batch';
import type { Objective, ParameterGroup, TrainedPart } from '../experiment/config';
import { type LabelSet, semanticClasses } from '../experiment/labels';
import type { ContrastiveCall, CrfConstraints, CrfParameters, Device, Matrix, StepFacts } from '../kernels/operations';
import { findParameter, type ParameterLayout } from '../kernels/parameters';
import { invariant } from '../util/errors';
import { bertFeatures } from './bert-features';
import { bertInput } from './bert-input';
import { bioConstraints } from './decoding-constraints';
import { type EncoderOutput, encode } from './encoder';
import { type BertShape, crfNames, layOutNetwork, type NetworkShape, outputLayer, trainedEntries } from './shape';
import { type MatrixNode, Tape } from './tape';

export interface TrainCall {
	objective: Objective;
	trains: TrainedPart;
	/** Groups of parameters that do not change in this step. */
	resting?: readonly ParameterGroup[];
	temperature: number;
	/** Seed of the run's dropout, and the number of this step over the whole run. */
	seed: number;
	step: number;
}

export interface TrainResult {
	/** CRF: mean over sentences. Contrastive: sum over classes. */
	loss: number;
	/** Contrastive: each semantic class's own term, in the order of semanticClasses(labels).names. */
	perClass?: Float32Array;
	/** True when no class qualifies for the contrastive loss: it is exactly 0 and no gradient was added. */
	isSkipped: boolean;
}

export interface DecodeResult {
	/** Mean negative log likelihood of the batch's own tags; null when the batch has none. */
	loss: number | null;
	/** Best tag ids of each sentence. */
	tags: Int32Array[];
	/** Score of each best path. [B] */
	scores: Float32Array;
	/** Scores of each sentence's characters for each tag, from `tagOffset` on, row by row; only when asked for. */
	emissions: Float32Array[] | null;
	/** What `represent` gives, of the same pass; only when asked for. [C, H], padding included */
	representations: Float32Array | null;
}

export class Network {
	readonly layout: ParameterLayout;
	private readonly classes: ReturnType<typeof semanticClasses>;
	private readonly constraints: CrfConstraints | null;

	/** Opens the parameters on the device; they are 0 until `load`. */
	constructor(
		readonly device: Device,
		readonly shape: NetworkShape,
		labels: LabelSet,
	) {
		this.layout = layOutNetwork(shape);
		this.classes = semanticClasses(labels);
		this.constraints = shape.model.constrainedDecoding ? bioConstraints(labels, shape.tagOffset) : null;
		device.openParameters(this.layout);
	}

	/** Sets the parameters from a flat array in this network's layout: all, or all but those that may be frozen. */
	load(values: Float32Array): void {
		const { size, frozenOffset } = this.layout;
		const fits = values.length === size || values.length === frozenOffset;
		invariant(fits, `${values.length} parameters, not ${size} or ${frozenOffset}`);
		this.device.writeParameters(values);
	}

	/** Adds the gradient of the batch's loss to the device's gradients. The update is the caller's. */
	async train(batch: Batch, call: TrainCall): Promise<TrainResult> {
		if (call.objective === 'contrastive' && !hasContrast(this.classesOf(batch), this.classes.outside))
			return { loss: 0, perClass: new Float32Array(this.classes.names.length), isSkipped: true };
		const trained = new Set(trainedEntries(this.layout, call).map((entry) => entry.name));
		const random = { seed: call.seed, step: call.step };
		const queue = (tape: Tape) => {
			const { characters } = encode(tape, this.shape);
			const losses = this.lossOf(tape, characters, call);
			tape.backward();
			return losses;
		};
		const key = `${call.objective}, ${call.trains} but ${call.resting ?? ''}, temperature ${call.temperature}, ${shapeKey({ batch, random }, this.shape)}`;
		const values = await this.queuedStep({ key, facts: { batch, random }, trained, queue });
		return { ...lossFrom(values), isSkipped: false };
	}

	/** The batch's loss without dropout. */
	async evaluate(batch: Batch, call: { objective: Objective; temperature: number }): Promise<{ loss: number }> {
		if (call.objective === 'contrastive' && !hasContrast(this.classesOf(batch), this.classes.outside))
			return { loss: 0 };
		return this.step(batch, evaluation, async (tape) => {
			const { characters } = encode(tape, this.shape);
			return lossFrom(await this.readAll(this.lossOf(tape, characters, call)));
		});
	}

	/** Best tags of each sentence, the loss of the given tags when the batch has some, and what else is asked for. */
	async decode(
		batch: Batch,
		{ hasTags = true, readsEmissions = false, readsRepresentations = false } = {},
	): Promise<DecodeResult> {
		return this.step(batch, evaluation, async (tape) => {
			const { characters } = encode(tape, this.shape);
			const emissions = this.emissions(tape, characters);
			const loss = hasTags ? lossFrom(await this.readAll(this.crfLoss(tape, emissions))) : null;
			const decoded = await this.device.crfDecode(emissions.value, this.crf(), this.constraints);
			const tags = Array.from(batch.characterCount, (count, sentence) => {
				const start = batch.characterOffset[sentence];
				return decoded.tags.slice(start, start + count).map((tag) => tag + this.shape.tagOffset);
			});
			const values = readsEmissions ? await this.device.read(emissions.value) : null;
			return {
				loss: loss?.loss ?? null,
				tags,
				scores: decoded.scores,
				emissions: values && this.perSentence(values, batch),
				representations: readsRepresentations ? await this.device.read(characters.value) : null,
			};
		});
	}

	/** Representations of the batch's characters without dropout. [C, H], padding included */
	async represent(batch: Batch): Promise<Float32Array> {
		return this.step(batch, evaluation, (tape) => this.device.read(encode(tape, this.shape).characters.value));
	}

	/** What BERT gives the batch's characters, without dropout. [C * width of BERT], padding included */
	async features(batch: Batch): Promise<Float32Array> {
		const { bert } = this.shape;
		invariant(bert, 'features of a network without BERT');
		return this.step(batch, evaluation, (tape) => this.device.read(bertFeatures(tape, bert).value));
	}

	/** Runs a function over one evaluation pass, to read what is inside (parity, inspection). */
	async inspect<Result>(
		batch: Batch,
		read: (pass: EncoderOutput & { emissions: MatrixNode }) => Promise<Result>,
	): Promise<Result> {
		return this.step(batch, evaluation, async (tape) => {
			const encoded = encode(tape, this.shape, { allRows: true });
			return read({ ...encoded, emissions: this.emissions(tape, encoded.characters) });
		});
	}

	private async step<Result>(
		batch: Batch,
		options: ConstructorParameters<typeof Tape>[3],
		body: (tape: Tape) => Promise<Result>,
	): Promise<Result> {
		this.device.beginStep(batch);
		try {
			const result = await body(new Tape(this.device, this.layout, batch, options));
			const failure = this.device.failure();
			if (failure) throw failure;
			return result;
		} finally {
			this.device.endStep();
		}
	}

	/** A step that awaits nothing before its results: the device may record it and repeat it for other facts. */
	private async queuedStep({
		key,
		facts,
		trained,
		queue,
	}: {
		key: string;
		facts: StepFacts;
		trained: ReadonlySet<string>;
		queue: (tape: Tape) => readonly Matrix[];
	}): Promise<Float32Array[]> {
		const { batch, random } = facts;
		const options = { trained, random };
		const { device } = this;
		if (!device.runStep) return this.step(batch, options, async (tape) => this.readAll(queue(tape)));
		const body = () => queue(new Tape(device, this.layout, batch, options));
		const values = await device.runStep({ key, facts, body });
		const failure = device.failure();
		if (failure) throw failure;
		return values;
	}

	private async readAll(matrices: readonly Matrix[]): Promise<Float32Array[]> {
		const values: Float32Array[] = [];
		for (const matrix of matrices) values.push(await this.device.read(matrix));
		return values;
	}

	/** The matrices that hold the loss; see lossFrom. */
	private lossOf(
		tape: Tape,
		characters: MatrixNode,
		call: { objective: Objective; temperature: number },
	): readonly Matrix[] {
		return call.objective === 'contrastive'
			? this.contrastiveLoss(tape, characters, call.temperature)
			: this.crfLoss(tape, this.emissions(tape, characters));
	}

	/** [C, K] */
	private emissions(tape: Tape, characters: MatrixNode): MatrixNode {
		return tape.linear(characters, outputLayer.weight, outputLayer.bias);
	}

	/** Rows of [C, K], sentence by sentence, without padding. */
	private perSentence(values: Float32Array, batch: Batch): Float32Array[] {
		const { tagCount } = this.shape;
		return Array.from(batch.characterCount, (count, sentence) => {
			const start = batch.characterOffset[sentence];
			return values.slice(start * tagCount, (start + count) * tagCount);
		});
	}

	private crfLoss(tape: Tape, emissions: MatrixNode): readonly Matrix[] {
		const { tagOffset } = this.shape;
		const { sentenceCount } = tape.batch;
		const tags = tape.indices('tags', ({ batch }) =>
			tagOffset === 0 ? batch.tags : batch.tags.map((tag) => Math.max(0, tag - tagOffset)),
		);
		return [tape.crfLoss(emissions, this.crf(), tags, 1 / sentenceCount)];
	}

	private contrastiveLoss(tape: Tape, features: MatrixNode, temperature: number): readonly Matrix[] {
		const call: Omit<ContrastiveCall, 'features'> = {
			classes: this.classesOf(tape.batch),
			classesOf: ({ batch }) => this.classesOf(batch),
			classCount: this.classes.names.length,
			outsideClass: this.classes.outside,
			temperature,
		};
		const { loss, perClass } = tape.contrastiveLoss(features, call);
		return [loss, perClass];
	}

	/** Semantic class of each character of the batch, -1 in padding. [C] */
	private classesOf(batch: Batch): Int32Array {
		return batch.tags.map((tag, index) => (batch.characterRow[index] < 0 ? -1 : this.classes.ofTag[tag]));
	}

	private crf(): CrfParameters {
		const find = (name: string) => findParameter(this.layout, name);
		const hasEnds = this.shape.model.crfStartEnd;
		return {
			transitions: find(crfNames.transitions),
			start: hasEnds ? find(crfNames.start) : null,
			end: hasEnds ? find(crfNames.end) : null,
		};
	}
}

const evaluation = { trained: new Set<string>(), random: null };

/** CRF: the mean of [B, 1]. Contrastive: the loss [1, 1] and each class's own term [1, classes]. */
function lossFrom([first, perClass]: readonly Float32Array[]): { loss: number; perClass?: Float32Array } {
	return perClass ? { loss: first[0], perClass } : { loss: meanOf(first) };
}

/** Batches with the same key queue the same operations on matrices of the same shapes. */
function shapeKey(facts: StepFacts, { bert }: NetworkShape): string {
	const { batch } = facts;
	const sizes = [
		`B=${batch.sentenceCount}`,
		`R=${batch.rowCount}`,
		`C=${batch.characterIds.length}`,
		`M=${batch.wordIds.length}`,
		`P=${batch.distances.count}`,
		`N=${batch.blockSize[0]}`,
		...(bert ? [bertSizes(facts, bert)] : []),
	];
	return sizes.join(' ');
}

function bertSizes(facts: StepFacts, bert: BertShape): string {
	if (facts.batch.features || bert.rows === 0) return 'features given';
	const { pieces, starts } = bertInput(facts, bert);
	return `n=${pieces.length} W=${starts.length - 1}`;
}

const meanOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Whether some class other than the outside one has two tokens and some token is outside it. */
export function hasContrast(classes: Int32Array, outsideClass: number): boolean {
	const counts = new Map<number, number>();
	for (const index of classes) if (index >= 0) counts.set(index, (counts.get(index) ?? 0) + 1);
	const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
	return [...counts].some(([index, count]) => index !== outsideClass && count >= 2 && total > count);
}
