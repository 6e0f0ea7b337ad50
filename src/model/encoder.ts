// The FLAT encoder (Li et al. 2020; the form of NerCo's program): embeddings of characters, bigrams and words, one
// sequence of lattice nodes, self-attention with relative positions, feed-forward. What the comments of a line call
// [R, H] is one row a lattice node, of whatever layout the device asked for (data/batch.ts).
// Letters: B sentences, R lattice rows, C characters, M words, P distance tuples, D distances, E embedding, H width.

import type { Batch } from '../data/batch';
import type { Indices } from '../kernels/operations';
import { bertAlone, bertFeatures } from './bert-features';
import { dropoutSites, layerSites } from './dropout-sites';
import { fusions } from './fusion/fusions';
import type { DistanceName, FusionInput } from './fusion/position-fusion';
import { positionTable } from './position-table';
import { bigramTable, latticeTable, layerNames, type NetworkShape, widthOf } from './shape';
import { type MatrixNode, type ScoresNode, type Tape, withWordDropout } from './tape';

/** What one layer computed, for inspection. */
export interface LayerTrace {
	scores: ScoresNode;
	probabilities: ScoresNode;
	attention: MatrixNode;
	output: MatrixNode;
}

export interface EncoderOutput {
	/** Representations of the characters after output dropout. [C, H] */
	characters: MatrixNode;
	/** What the lattice encoder computed; null where BERT is the whole encoder. */
	lattice: LatticeTrace | null;
}

export interface LatticeTrace {
	/** The encoder's input rows. [R, H] */
	input: MatrixNode;
	/** Fused distance vectors before the attention's projection. [P, H] */
	distances: MatrixNode;
	layers: LayerTrace[];
}

/**
 * Runs the encoder. Only the characters' rows of the last layer are read on: where the device can, the others are not
 * computed, unless `allRows` asks for them; the last trace then holds characters' rows.
 */
export function encode(tape: Tape, shape: NetworkShape, { allRows = false } = {}): EncoderOutput {
	const { model } = shape;
	const characterKeys = tape.indices('character keys', ({ batch }) => batch.characterKey);
	if (model.encoder === 'bert') return { characters: bertAlone(tape, shape, characterKeys), lattice: null };
	const rowKeys = tape.indices('row keys', ({ batch }) => batch.rowKey);
	const characterRows = tape.indices('character rows', ({ batch }) => batch.characterRow);

	const input = latticeInput(tape, shape, characterRows, characterKeys); // [R, H]
	const distances = fusions[model.fusion].fuse(tape, fusionInput(tape, shape)); // [P, H]
	const layers: LayerTrace[] = [];
	const narrows = tape.device.takesCharacterQueries === true && !allRows;
	let rows = input;
	for (let layer = 0; layer < model.layers; layer++) {
		const isNarrow = narrows && layer === model.layers - 1;
		const queries = isNarrow
			? { rows: tape.gatherRows(rows, characterRows), keys: characterKeys } // [C, H]
			: { rows, keys: rowKeys }; // [R, H]
		const trace = encoderLayer(tape, shape, { layer, rows, distances, queries });
		layers.push(trace);
		rows = trace.output; // [R, H], or [C, H] where the layer is narrow
	}
	const characters = narrows ? rows : tape.gatherRows(rows, characterRows); // [C, H]
	const dropped = tape.dropout(characters, model.outputDropout, dropoutSites.encoderOutput, characterKeys);
	return { characters: dropped, lattice: { input, distances, layers } };
}

/** Projected embeddings of characters and words, each in its lattice row; zeros in padding. [R, H] */
function latticeInput(tape: Tape, shape: NetworkShape, characterRows: Indices, characterKeys: Indices): MatrixNode {
	const { batch } = tape;
	const { model } = shape;
	const { wordDropout: rate, embeddingDropout } = model;
	const ids = tape.indices('characters', ({ batch, random }) =>
		withWordDropout(batch.characterIds, batch.characterKey, { random, rate, site: dropoutSites.latticeWord }),
	);
	const parts = [tape.embeddingRows(latticeTable, ids)]; // [C, E]
	if (model.bigrams) {
		const bigrams = tape.indices('bigrams', ({ batch, random }) =>
			withWordDropout(batch.bigramIds, batch.characterKey, { random, rate, site: dropoutSites.bigramWord }),
		);
		parts.push(tape.embeddingRows(bigramTable, bigrams)); // [C, E]
	}
	if (shape.bert) parts.push(bertFeatures(tape, shape.bert)); // [C, width of BERT]
	const embedded = tape.concatColumns(parts); // [C, 2E + width of BERT]
	const kept = tape.dropout(embedded, embeddingDropout, dropoutSites.characterInput, characterKeys);
	const characters = tape.linear(kept, 'char_proj.weight', 'char_proj.bias'); // [C, H]
	const placed = [{ node: characters, rows: characterRows }];
	if (model.lexicon && batch.wordIds.length > 0)
		placed.push({
			node: latticeWords(tape, embeddingDropout, rate),
			rows: tape.indices('word rows', ({ batch }) => batch.wordRow),
		});
	return tape.placeRows(placed, batch.rowCount);
}

/** [M, H] */
function latticeWords(tape: Tape, embeddingDropout: number, rate: number): MatrixNode {
	const ids = tape.indices('words', ({ batch, random }) =>
		withWordDropout(batch.wordIds, batch.wordKey, { random, rate, site: dropoutSites.latticeWord }),
	);
	const embedded = tape.embeddingRows(latticeTable, ids); // [M, E]
	const keys = tape.indices('word keys', ({ batch }) => batch.wordKey);
	const kept = tape.dropout(embedded, embeddingDropout, dropoutSites.wordInput, keys);
	return tape.linear(kept, 'lex_proj.weight', 'lex_proj.bias');
}

/** The rows of the position table that the batch can use, and where its distances point into them. */
function fusionInput(tape: Tape, shape: NetworkShape): FusionInput {
	const reach = tableReach(tape.batch);
	const width = widthOf(shape.model);
	const shift = distanceShift(shape);
	const table = tape.given(tape.matrix(2 * reach + 1, width, () => cachedTable(reach, width, shift)));
	const rows = (distance: DistanceName) =>
		tape.indices(`distances ${distance}`, ({ batch }) => batch.distances[distance].map((value) => value + reach));
	return { table, rows };
}

/** Largest distance in the table. Padded batches of one shape agree in it: no distance reaches the number of nodes. */
function tableReach({ layout, distances, blockSize }: Batch): number {
	return layout === 'padded' ? blockSize[0] : distances.reach;
}

/** What is added to a distance before its sinusoids are taken. It stays when longer sentences come. */
function distanceShift(shape: NetworkShape): number {
	return shape.model.distanceOrigin === 'shifted' ? shape.maxDistance : 0;
}

const tables = new Map<string, { reach: number; values: Float32Array }>();

/** The middle rows of the largest table of that width and shift so far. */
function cachedTable(reach: number, width: number, shift: number): Float32Array {
	const key = `${width} ${shift}`;
	let cached = tables.get(key);
	if (!cached || cached.reach < reach) {
		cached = { reach, values: positionTable(reach, width, shift) };
		tables.set(key, cached);
	}
	return cached.values.subarray((cached.reach - reach) * width, (cached.reach + reach + 1) * width);
}

interface LayerCall {
	layer: number;
	/** Input of the layer: keys and values are made of all of it. [R, H] */
	rows: MatrixNode;
	/** [P, H] */
	distances: MatrixNode;
	/** The rows that the layer computes, and their names for dropout. [Q, H], Q = R or C */
	queries: { rows: MatrixNode; keys: Indices };
}

function encoderLayer(tape: Tape, { model }: NetworkShape, { layer, rows, distances, queries }: LayerCall): LayerTrace {
	const names = layerNames(layer);
	const drop = layerSites(layer);
	const linear = (input: MatrixNode, name: string, relu = false) =>
		tape.linear(input, `${name}.weight`, `${name}.bias`, { relu });

	const query = linear(queries.rows, names.query); // [Q, H]
	const value = linear(rows, names.value); // [R, H]
	const relative = linear(distances, names.relative); // [P, H]
	const contentQuery = tape.addVector(query, names.contentBias);
	const positionQuery = tape.addVector(query, names.positionBias);
	const scores = tape.relativeScores(contentQuery, rows, positionQuery, relative, model.heads); // keys are not projected
	const probabilities = tape.maskedSoftmax(scores);
	const attention = tape.weightedValues(probabilities, value); // [Q, H]; no output projection

	// One LayerNorm serves both sublayers. Dropout before the ReLU equals dropout after it.
	const attended = tape.residualLayerNorm(queries.rows, attention, names.gain, names.bias); // [Q, H]
	const inner = linear(attended, names.inner, true); // [Q, 3H]
	const innerKept = tape.dropout(inner, model.feedForwardDropout, drop.inner, queries.keys);
	const outer = linear(innerKept, names.outer); // [Q, H]
	const outerKept = tape.dropout(outer, model.feedForwardDropout, drop.outer, queries.keys);
	const output = tape.residualLayerNorm(attended, outerKept, names.gain, names.bias); // [Q, H]
	return { scores, probabilities, attention, output };
}
