// Fixture group embed-norm: embedding tables from vector files: which row each word has, and the rows' values.

import { buildEmbeddingTable, padRow } from '../../data/embedding-table';
import { readVectors } from '../../data/vector-file';
import { buildVocabulary } from '../../data/vocabulary';
import { RandomStream } from '../../util/random';
import { type Comparison, tolerances } from './comparison';
import { readFixtureJson } from './fixture-file';
import type { FixtureGroup } from './fixture-group';

interface TableCase {
	name: string;
	vec_file: string;
	train: string[][];
	dev: string[][];
	vocab: string[];
	words_to_words: number[];
	rows: (number[] | string)[];
	rows_after_norm_once: (number[] | string)[];
}

/** Settings that the published recipe never turns on, and a file whose words hold spaces, which it reads wrongly. */
const notOurs = ['lower', 'min_freq-2', 'min_freq-2-only_train', 'space-in-word'];
/** Normalised by a switch instead of the recipe's own step: only the rows after that step can be compared. */
const normalizedEarly = ['normalize', 'only_norm_found_vector'];

export const embedNorm: FixtureGroup = {
	name: 'embed-norm',
	needsDevice: false,
	cases: (folder) => (readFixtureJson(folder, 'cases.json')?.cases ?? []).map((one: TableCase) => one.name),
	async run(folder, name, comparison) {
		const one: TableCase = readFixtureJson(folder, 'cases.json').cases.find((item: TableCase) => item.name === name);
		if (notOurs.includes(name)) {
			comparison.missing('table', 'the published recipe never uses this setting');
			return;
		}
		const vocabulary = buildVocabulary(one.train, [one.dev], true);
		comparison.same('vocabulary order', vocabulary.words, one.vocab);
		for (const normalize of [false, true]) {
			if (!normalize && normalizedEarly.includes(name)) continue;
			const words = new Set(vocabulary.words);
			const stream = new Blob([one.vec_file]).stream();
			const vectors = await readVectors(stream, { file: name, wants: (word) => words.has(word) });
			const random = new RandomStream(1);
			const table = buildEmbeddingTable({ vocabulary, vectors, dimension: 4, normalize, random });
			comparison.same('row of each word', [...table.rowOfId], one.words_to_words);
			compareRows(table.values, table.dimension, normalize ? one.rows_after_norm_once : one.rows, comparison);
		}
	},
};

/** Rows that the fixture writes as text were drawn at random. */
function compareRows(
	values: Float32Array,
	dimension: number,
	rows: (number[] | string)[],
	comparison: Comparison,
): void {
	comparison.same('number of rows', values.length / dimension, rows.length);
	rows.forEach((row, index) => {
		const actual = values.subarray(index * dimension, (index + 1) * dimension);
		if (typeof row !== 'string') comparison.compare('rows', actual, row, tolerances.exact);
		else
			comparison.same(
				'random rows are not zero',
				actual.some((value) => value !== 0),
				index !== padRow,
			);
	});
}
