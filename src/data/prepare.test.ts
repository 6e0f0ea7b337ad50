import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { asIntended, asPublished, type ExperimentConfig } from '../experiment/config';
import { referencePath, sharedPath } from '../testing/shared-data';
import { UserError } from '../util/errors';
import { readConll } from './conll';
import { type Split, type SplitName, splitNames } from './corpus';
import { type PrepareInput, prepareData, wantedWords } from './prepare';
import { chooseSentences } from './run-sentences';
import { type KeptVectors, readVectors } from './vector-file';

interface Changes {
	model?: Partial<ExperimentConfig['model']>;
	data?: Partial<ExperimentConfig['data']>;
	quirks?: ExperimentConfig['quirks'];
}

function configOf({ model, data, quirks }: Changes = {}): ExperimentConfig {
	return {
		version: 1,
		preset: 'test',
		seed: 1,
		model: {
			heads: 2,
			headSize: 4,
			layers: 1,
			feedForwardFactor: 3,
			fusion: 'ff_two',
			distanceOrigin: 'centred',
			bigrams: true,
			lexicon: true,
			embeddingSize: 6,
			encoder: 'flat',
			crfStartEnd: false,
			constrainedDecoding: false,
			embeddingDropout: 0,
			feedForwardDropout: 0,
			outputDropout: 0,
			wordDropout: 0,
			...model,
		},
		bert: { wordDropout: 0, outputDropout: 0, features: 'fresh', recompute: 'auto' },
		data: { limitTrain: 0, clipLength: 0, clipTest: false, normalizeEmbeddings: true, devIsTest: false, ...data },
		stages: [],
		quirks: quirks ?? asIntended,
	};
}

/** `海/B-LOC 淀/I-LOC`, sentences between semicolons. */
function split(text: string): Split {
	const lines = text.split('; ').map((sentence) => sentence.replaceAll(' ', '\n').replaceAll('/', ' '));
	return readConll(lines.join('\n\n'), { file: 'a.txt', quirks: asIntended });
}

const vectors = (text: string): Promise<KeptVectors> =>
	readVectors(new Blob([text]).stream(), { file: 'a.vec', wants: () => true });

type Input = Omit<PrepareInput, 'sentences'> & Record<SplitName, Split>;

function prepare(input: Partial<Input> = {}) {
	const {
		train = split('海/B-LOC 淀/I-LOC 区/I-LOC 好/O; 好/O 人/B-PER'),
		dev = split('海/B-LOC 区/I-LOC 新/O'),
		test = split('好/O'),
		config = configOf(),
		...rest
	} = input;
	return prepareData({
		sentences: chooseSentences({ train, dev, test, data: config.data }),
		config,
		lexiconWords: ['海淀', '淀区', '海淀区', '好', '没有'],
		characterVectors: null,
		bigramVectors: null,
		wordVectors: null,
		seed: 1,
		...rest,
	});
}

function codeOf(input: Partial<Input>): string {
	try {
		prepare(input);
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		return (error as UserError).code;
	}
	return 'none';
}

test('characters and matched words share one table, and each sentence is a lattice of its rows', () => {
	const { data } = prepare();
	expect(data.lattice.vocabulary.words).toEqual([
		'<pad>',
		'<unk>',
		'好',
		'海',
		'淀',
		'区',
		'海淀',
		'海淀区',
		'淀区',
		'人',
		'新',
	]);
	expect(data.splits.train[0]).toEqual({
		characterRows: Int32Array.of(3, 4, 5, 2),
		bigramRows: Int32Array.of(2, 3, 4, 5),
		wordRows: Int32Array.of(6, 7, 8),
		wordStart: Int32Array.of(0, 0, 1),
		wordLast: Int32Array.of(1, 2, 2),
		tags: Int32Array.of(4, 2, 2, 3),
	});
	expect(data.labels.tags).toEqual(['<pad>', '<unk>', 'I-LOC', 'O', 'B-LOC', 'B-PER']);
	expect(data.lexiconWords).toEqual(['海淀', '海淀区', '淀区'].sort());
	expect(data.maxCharacters).toBe(4);
	expect([data.lattice.dimension, data.bigram.dimension]).toEqual([6, 6]);
});

test('a sentence beyond all reason is refused with its line, unless it is cut', () => {
	const long = split(`好/O; ${'好/O '.repeat(5200).trim()}`);
	expect(codeOf({ train: long })).toBe('sentence-too-long');
	expect(() => prepare({ dev: long })).toThrow(
		/^3: expected sentences of at most 5000 characters in the dev split, found/,
	);
	expect(codeOf({ train: long, config: configOf({ data: { clipLength: 200 } }) })).toBe('none');
});

test.each([
	['海/B-LOC 淀/M-LOC 区/E-LOC 好/S-PER', 'train BIO, dev BMES, test BIO'],
	['海/I-LOC 淀/I-LOC 区/I-LOC 好/I-PER', 'train BIO, dev IOB1, test BIO'],
])('a split in a scheme of its own is read by that scheme, with a note: %s', (dev, schemes) => {
	const { data, report } = prepare({ dev: split(dev) });
	const tags = Array.from(data.splits.dev[0].tags, (id) => data.labels.tags[id]);
	expect(tags).toEqual(['B-LOC', 'I-LOC', 'I-LOC', 'B-PER']);
	expect(report.notes.map(({ message }) => message)).toContain(`Tag schemes differ: ${schemes}`);
});

test('a network with BERT needs one', () => {
	expect(codeOf({ config: configOf({ model: { encoder: 'flat-bert' } }) })).toBe('bert-missing');
});

test('characters that only dev has are unknown, unless the vectors have them', async () => {
	const last = (input: Partial<Input>) => prepare(input).data.splits.dev[0].characterRows[2];
	expect(last({})).toBe(1);
	expect(last({ characterVectors: await vectors('新 1 0\n海 0 1\n') })).toBe(2);
});

test('without a lexicon of its own the words of the word vectors are matched; a note says when there are neither', async () => {
	const withVectors = prepare({ lexiconWords: null, wordVectors: await vectors('好 1 0\n海淀区 0 1\n没有 1 1\n') });
	expect(withVectors.data.lexiconWords).toEqual(['海淀区']);
	expect(withVectors.report.matches).toEqual({ train: 1, dev: 0, test: 0 });
	const neither = prepare({ lexiconWords: null });
	expect(neither.report.notes.map((note) => note.code)).toContain('lexicon-missing');
});

test('one-character entries of the word file give no rows; the character file does', async () => {
	const { data } = prepare({
		wordVectors: await vectors('好 9 9\n海淀 3 4\n'),
		characterVectors: await vectors('海 1 0\n好 0 2\n'),
	});
	const { words } = data.lattice.vocabulary;
	const row = (word: string) => {
		const at = data.lattice.rowOfId[words.indexOf(word)] * 2;
		return [...data.lattice.values.subarray(at, at + 2)];
	};
	expect([row('海淀'), row('海'), row('好')]).toEqual([[0.6, 0.8].map(Math.fround), [1, 0], [0, 1]]);
	expect(data.lattice.rowOfId[words.indexOf('海淀')]).toBe(2);
});

test('without bigrams and lexicon there are characters alone', async () => {
	const { data } = prepare({
		config: configOf({ model: { bigrams: false, lexicon: false } }),
		bigramVectors: await vectors('海淀 1 2 3\n'),
		wordVectors: await vectors('海淀 1 2 3\n'),
	});
	expect(data.bigram.rowCount).toBe(2);
	expect([...data.splits.train[0].bigramRows]).toEqual([1, 1, 1, 1]);
	expect(data.splits.train[0].wordRows).toHaveLength(0);
	expect(data.lexiconWords).toEqual([]);
});

test('tags come in as BIO whatever their scheme', () => {
	const { data, report } = prepare({
		train: split('海/B-LOC 淀/M-LOC 区/E-LOC 人/S-PER'),
		dev: split('海/B-LOC 淀/E-LOC'),
		test: split('好/O'),
	});
	expect(report.scheme).toBe('BMES');
	const tagsOf = (name: SplitName) => [...data.splits[name][0].tags].map((id) => data.labels.tags[id]);
	expect(tagsOf('train')).toEqual(['B-LOC', 'I-LOC', 'I-LOC', 'B-PER']);
	expect(tagsOf('dev')).toEqual(['B-LOC', 'I-LOC']);
});

test('tags that train lacks are unknown as published, and labels as intended; a note names them', () => {
	const dev = split('海/B-ORG');
	const published = prepare({ dev, config: configOf({ quirks: asPublished }) });
	expect([...published.data.splits.dev[0].tags]).toEqual([1]);
	const intended = prepare({ dev });
	expect(intended.data.labels.tags[intended.data.splits.dev[0].tags[0]]).toBe('B-ORG');
	for (const { report } of [published, intended]) {
		expect(report.notes.map((note) => note.message)).toContain('Tags that do not occur in train: B-ORG');
	}
});

test('limit, clipping and the missing dev split are obeyed and reported', () => {
	const config = configOf({ data: { limitTrain: 1, clipLength: 3, devIsTest: true } });
	const train = split('海/O 淀/O 。/O 好/O 人/O; 好/O');
	const { data, report } = prepare({ train, dev: { sentences: [], notes: [] }, config });
	expect(data.splits.train.map((sentence) => sentence.characterRows.length)).toEqual([3, 2]);
	expect(data.splits.dev).toEqual(data.splits.test);
	expect(report.clippedSentences).toBe(1);
	expect(report.notes.map((note) => note.code)).toContain('train-clipped');
});

test('coverage says how many words have vectors, random rows, or none', async () => {
	const { report } = prepare({ characterVectors: await vectors('海 1 0\n淀 1 0\n') });
	expect(report.lattice).toEqual({ words: 9, found: 2, random: 6, unknown: 1 });
});

test('the same seed gives the same tables, another one others', () => {
	const values = (seed: number) => prepare({ seed }).data.lattice.values;
	expect(values(1)).toEqual(values(1));
	expect(values(1)).not.toEqual(values(2));
});

test('what cannot be trained on is a named error', async () => {
	const strangers = await vectors('xyz 1 2\nab 1 2\n');
	expect(codeOf({ characterVectors: strangers })).toBe('vectors-match-nothing');
	expect(codeOf({ bigramVectors: strangers })).toBe('vectors-match-nothing');
	expect(codeOf({ wordVectors: strangers })).toBe('vectors-match-nothing');
	const widths = { characterVectors: await vectors('海 1 2 3\n'), wordVectors: await vectors('海淀 1 2\n') };
	expect(codeOf(widths)).toBe('vectors-widths-differ');
	expect(codeOf({ dev: { sentences: [], notes: [] } })).toBe('split-empty');
	const untagged = { sentences: [{ characters: ['好'], tags: null, line: 1 }], notes: [] };
	expect(codeOf({ train: untagged })).toBe('split-without-tags');
});

test('wanted are the characters, bigrams and stretches of the corpus', () => {
	const wanted = wantedWords([split('海/O 淀/O 区/O; 好/O'), split('新/O')]);
	expect(['海', '新', '人', '海淀', '<unk>'].map(wanted.character)).toEqual([true, true, false, false, true]);
	expect(['海淀', '区<end>', '区好', '新<end>'].map(wanted.bigram)).toEqual([true, true, false, true]);
	expect(['海淀区', '淀区', '区好', '海', '<pad>'].map(wanted.word)).toEqual([true, true, false, false, true]);
});

const folder = referencePath('pipeline');
const embeddings = sharedPath('embeddings');
const isHere = folder !== null && embeddings !== null;

describe.skipIf(!isHere)(
	`published preparation of a small Weibo set${isHere ? '' : ' (skipped: no shared data)'}`,
	() => {
		interface PublishedSentence {
			lattice: number[];
			bigrams: number[];
			pos_s: number[];
			pos_e: number[];
			target: number[];
		}
		interface Published {
			vocab: Record<'char' | 'bigram' | 'lattice' | 'label', string[]>;
			words_to_words: Record<'bigram' | 'lattice', number[]>;
			no_create_entry: Record<'bigram' | 'lattice', string[]>;
			rows: Record<'bigram' | 'lattice', { total: number; in_vector_file: number; random: string[] }>;
			sets: Record<SplitName, PublishedSentence[]>;
			max_seq_len: number;
		}
		let published: Published;
		let prepared: ReturnType<typeof prepareData>;

		beforeAll(async () => {
			published = JSON.parse(readFileSync(join(folder ?? '', 'data.json'), 'utf8'));
			const [train, dev, test] = splitNames.map((name) => {
				const file = `${name}.conll.txt`;
				return readConll(readFileSync(join(folder ?? '', file), 'utf8'), { file, quirks: asPublished });
			});
			const wanted = wantedWords([train, dev, test]);
			const load = (name: string, wants: (word: string) => boolean) =>
				readVectors(createReadStream(join(embeddings ?? '', name)), { file: name, wants });
			const config = configOf({ quirks: asPublished });
			prepared = prepareData({
				sentences: chooseSentences({ train, dev, test, data: config.data }),
				config,
				lexiconWords: null,
				characterVectors: await load('uni.50d.vec.gz', wanted.character),
				bigramVectors: await load('bi.50d.vec.gz', wanted.bigram),
				wordVectors: await load('word.50d.vec.gz', wanted.word),
				seed: 1,
			});
		});

		test.each(['lattice', 'bigram'] as const)('vocabulary and rows of the %s table', (name) => {
			const table = prepared.data[name];
			const { words, hasOwnEntry } = table.vocabulary;
			expect(words).toEqual(published.vocab[name]);
			expect([...table.rowOfId]).toEqual(published.words_to_words[name]);
			expect(words.filter((_, id) => hasOwnEntry[id] === 0).toSorted()).toEqual(
				published.no_create_entry[name].toSorted(),
			);
			expect(table.rowCount).toBe(published.rows[name].total);
			expect(table.foundCount).toBe(published.rows[name].in_vector_file);
			const isRandom = (word: string, id: number) => id > 1 && table.rowOfId[id] >= 2 + table.foundCount && word !== '';
			expect(words.filter(isRandom).toSorted()).toEqual(published.rows[name].random.toSorted());
			expect(table.dimension).toBe(50);
		});

		test('labels and the longest sentence', () => {
			expect(prepared.data.labels.tags).toEqual(published.vocab.label);
			expect(prepared.data.maxCharacters).toBe(published.max_seq_len);
		});

		test.each(splitNames)('every lattice of %s', (name) => {
			const sentences = prepared.data.splits[name];
			expect(sentences).toHaveLength(published.sets[name].length);
			const rowOf = (table: 'lattice' | 'bigram') => (id: number) => published.words_to_words[table][id];
			sentences.forEach((sentence, index) => {
				const expected = published.sets[name][index];
				const positions = [...sentence.characterRows.keys()];
				expect([...sentence.characterRows, ...sentence.wordRows]).toEqual(expected.lattice.map(rowOf('lattice')));
				expect([...sentence.bigramRows]).toEqual(expected.bigrams.map(rowOf('bigram')));
				expect([...positions, ...sentence.wordStart]).toEqual(expected.pos_s);
				expect([...positions, ...sentence.wordLast]).toEqual(expected.pos_e);
				expect([...sentence.tags]).toEqual(expected.target);
			});
		});

		test('normalised vectors are those that the published run began with', () => {
			for (const [name, tensor] of [
				['lattice', 'lattice_embed.embedding.weight'],
				['bigram', 'bigram_embed.embedding.weight'],
			] as const) {
				const table = prepared.data[name];
				const expected = readTensor(join(folder ?? '', 'init.safetensors'), tensor);
				expect(expected).toHaveLength(table.values.length);
				const found = (2 + table.foundCount) * table.dimension;
				let worst = 0;
				for (let index = 0; index < found; index++) {
					worst = Math.max(worst, Math.abs(table.values[index] - expected[index]));
				}
				expect(worst).toBeLessThan(1.2e-7); // two last bits of numbers below 1
			}
		});
	},
);

/** One float32 tensor of a safetensors file whose name ends so. */
function readTensor(path: string, ending: string): Float32Array {
	const bytes = readFileSync(path);
	const headerLength = Number(bytes.readBigUInt64LE(0));
	const header = JSON.parse(bytes.subarray(8, 8 + headerLength).toString());
	const name = Object.keys(header).find((key) => key.endsWith(ending));
	expect(name).toBeDefined();
	const [from, to] = header[name ?? ''].data_offsets;
	return new Float32Array(
		bytes.buffer.slice(bytes.byteOffset + 8 + headerLength + from, bytes.byteOffset + 8 + headerLength + to),
	);
}
