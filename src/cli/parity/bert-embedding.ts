// Fixture group bert-embedding: from a vocabulary to its table of pieces, from sentences to pieces, layers and features.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { arrangePieces } from '../../data/bert/piece-batch';
import { type PieceTable, type TableEntry, trimPieces } from '../../data/bert/piece-table';
import type { Device } from '../../kernels/operations';
import { type OpenedBert, openBert } from '../../storage/bert/open-bert';
import { invariant } from '../../util/errors';
import { compareOutputs } from './bert-forward';
import { bertLayout, bertPrefix, type PaddedPieces, rowsAt, runBert, withoutPadding } from './bert-pass';
import { type Comparison, tolerances } from './comparison';
import { type FixtureTensors, listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';

/** What the JSON of a case says. */
interface EmbeddingCase {
	options: { layers: string; pool_method: string; include_cls_sep: boolean; auto_truncate: boolean };
	vocabulary_in_id_order__word_count_onlyDevTest: [word: string, count: number, onlyDevTest: boolean][];
	piece_table: { piece: string; copied_from: string }[];
	id_to_piece_rows: number[][];
	sentences: string[][];
	original_error?: string;
}

/** Rows of [CLS] and [SEP] in a trimmed table. */
const special = { first: 2, last: 3 };
const tableName = 'embeddings.word_embeddings.weight';

export const bertEmbedding: FixtureGroup = {
	name: 'bert-embedding',
	needsDevice: true,
	needsTransformer: true,
	cases: (folder) => listFolder(folder).filter((name) => listFolder(join(folder, name)).includes('expected.json')),
	async run(folder, name, comparison, device) {
		invariant(device, 'bert-embedding needs a device');
		const one: EmbeddingCase = readFixtureJson(join(folder, name), 'expected.json');
		const data = readFixtureTensors(join(folder, name), 'data.safetensors');
		const files = join(folder, '../bert-files');
		if (!data || !listFolder(files).includes('model.safetensors')) {
			comparison.missing('all', 'data, or the model in bert-files, is absent');
			return;
		}
		const bert = await openBert(
			['config.json', 'vocab.txt', 'model.safetensors'].map((file) => [
				file,
				new Blob([readFileSync(join(files, file))]),
			]),
			files,
		);
		const table = compareTable(one, bert, comparison);
		const values = await tableValues(bert, table);
		if (data.floats('piece_table'))
			comparison.compare('values of the table', values, data.floats('piece_table')?.values, tolerances.exact);
		const sentences = one.sentences.map((words) => rowsOfWords(words, one, table));
		const capacity = bert.config.positions - special.first;
		if (one.original_error !== undefined) {
			comparison.same(
				'a sentence over the positions',
				sentences.some(({ rows }) => rows.length > capacity),
				true,
			);
			return;
		}
		if (one.options.auto_truncate) {
			comparison.missing('features', 'the published recipe never truncates');
			return;
		}
		await compareFeatures({ one, bert, values, sentences, data, device }, comparison);
	},
};

function compareTable(one: EmbeddingCase, bert: OpenedBert, comparison: Comparison): PieceTable {
	const entries = one.vocabulary_in_id_order__word_count_onlyDevTest
		.slice(2)
		.map(([text, count, isUnseen]): TableEntry => ({ text, count, isUnseen }));
	const table = trimPieces(entries, bert.vocabulary);
	const rows = table.rows.map(({ piece, source }) => ({ piece, copied_from: bert.pieces[source] }));
	const expected = one.piece_table.map(({ piece, copied_from }) => ({ piece, copied_from }));
	comparison.same('table of pieces', rows, expected);
	comparison.same('pieces of each entry', table.entryRows, one.id_to_piece_rows);
	return table;
}

/** Rows of the model's table in the order of the trimmed one. */
async function tableValues(bert: OpenedBert, { rows }: PieceTable): Promise<Float32Array> {
	const whole = await bert.read(tableName);
	return rowsAt(
		whole,
		Int32Array.from(rows, ({ source }) => source),
		bert.config.embeddingWidth,
	);
}

interface SentencePieces {
	rows: number[];
	/** First piece of each word. */
	starts: number[];
}

function rowsOfWords(words: readonly string[], one: EmbeddingCase, table: PieceTable): SentencePieces {
	const ids = new Map(one.vocabulary_in_id_order__word_count_onlyDevTest.map(([word], id) => [word, id]));
	const rows: number[] = [];
	const starts = words.map((word) => {
		const start = rows.length;
		rows.push(...table.entryRows[ids.get(word) ?? 1]);
		return start;
	});
	return { rows, starts };
}

interface Compared {
	one: EmbeddingCase;
	bert: OpenedBert;
	/** Of the trimmed table. */
	values: Float32Array;
	sentences: SentencePieces[];
	data: FixtureTensors;
	device: Device;
}

async function compareFeatures(
	{ one, bert, values, sentences, data, device }: Compared,
	comparison: Comparison,
): Promise<void> {
	const { config } = bert;
	const padded = data.integers('word_piece_rows');
	if (!padded) {
		comparison.missing('pieces of the sentences', 'the fixture lacks word_piece_rows');
		return;
	}
	const batch = arrangePieces(
		sentences.map(({ rows }) => rows),
		{ ...special, positions: config.positions, stride: null },
	);
	const lengths = sentences.map(({ rows }) => rows.length + 2);
	const pieces = withoutPadding(padded.values, data.integers('token_type_ids')?.values ?? null, {
		lengths,
		width: padded.shape[1],
	});
	comparison.same('pieces of the sentences', [...batch.pieces], [...pieces.input.pieces]);
	const trimmed = { ...config, pieces: values.length / config.embeddingWidth };
	const layout = bertLayout(trimmed);
	const parameters = new Float32Array(layout.size);
	for (const { name, offset } of layout.entries) {
		const plain = name.slice(bertPrefix.length);
		parameters.set(plain === tableName ? values : await bert.read(plain), offset);
	}
	await runBert(device, { config: trimmed, layout, parameters, input: pieces.input }, async (output) => {
		await compareOutputs(output, data, { device, pieces, tolerance: tolerances.bert.output, comparison });
		const { layers, pool_method, include_cls_sep } = one.options;
		const expected = data.floats('output');
		if (layers !== '-1' || pool_method !== 'first' || include_cls_sep || !expected)
			comparison.missing(
				'features',
				'the published recipe takes the first piece of the last layer, without [CLS] and [SEP]',
			);
		else {
			const rows = device.gatherRows(output.output.value, device.uploadIndices(firstRows(sentences, pieces)));
			const wanted = rowsAt(expected.values, cellsOfWords(sentences, expected.shape[1]), config.width);
			comparison.compare('features', await device.read(rows), wanted, tolerances.bert.output);
		}
	});
}

/** Row of the first piece of each word, behind its sentence's [CLS]. */
function firstRows(sentences: readonly SentencePieces[], { input }: PaddedPieces): Int32Array {
	return Int32Array.from(
		sentences.flatMap(({ starts }, sentence) => starts.map((start) => input.starts[sentence] + 1 + start)),
	);
}

function cellsOfWords(sentences: readonly SentencePieces[], width: number): Int32Array {
	return Int32Array.from(sentences.flatMap(({ starts }, sentence) => starts.map((_, word) => sentence * width + word)));
}
