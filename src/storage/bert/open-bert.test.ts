// BERT folders as people have them: whole, incomplete, mixed up, foreign, damaged.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bertTensors } from '../../experiment/bert-config';
import { errorCodeOfAsync } from '../../testing/error-code';
import { referencePath } from '../../testing/shared-data';
import {
	type TinyFiles,
	tinyBertConfig,
	tinyBertFiles,
	tinyBertJson,
	tinyBertPieces,
	tinyBertTensors,
	tinyTokenizerJson,
} from '../../testing/tiny-bert';
import { UserError } from '../../util/errors';
import { joinBytes } from '../../util/join-bytes';
import { RandomStream } from '../../util/random';
import { halvesOf } from '../half-floats';
import { PickleWriter } from '../pickle-writer';
import { readSafetensors, writeSafetensors } from '../safetensors';
import { elementCount, readFloats, type StoredTensor, storeNumbers } from '../stored-tensor';
import { openTensorFile } from '../tensor-file';
import { writeTorchStateDict } from '../torch-state-dict';
import { writeZip } from '../zip-archive';
import { openBert } from './open-bert';

const open = (change: TinyFiles = {}) => openBert(tinyBertFiles(change), 'tiny');
const codeWith = (change: TinyFiles) => errorCodeOfAsync(() => open(change));
const lines = (pieces: readonly string[]) => pieces.map((piece) => `${piece}\n`).join('');
const withTensors = (add: readonly (readonly [string, StoredTensor])[]) =>
	writeSafetensors(new Map([...tinyBertTensors(), ...add]));
const floats = (...values: number[]) => storeNumbers(Float32Array.from(values), [values.length]);

async function messageWith(change: TinyFiles): Promise<string> {
	return open(change).then(
		() => 'no error',
		(error) => (error instanceof UserError ? error.message : Promise.reject(error)),
	);
}

/** Halves of float32 numbers, as a tensor. */
function half(values: readonly number[], shape: readonly number[]): StoredTensor {
	return { type: 'F16', shape, bytes: new Uint8Array(halvesOf(Float32Array.from(values)).buffer) };
}

describe('a folder', () => {
	test('gives its configuration, pieces, tokenizer, and one tensor at a time', async () => {
		const bert = await open({ 'README.md': 'x', 'special_tokens_map.json': '{}' });
		expect(bert).toMatchObject({ config: tinyBertConfig, pieces: tinyBertPieces, weightsFile: 'model.safetensors' });
		expect(bert).toMatchObject({ tokenizer: { lowerCase: true, stripAccents: true, splitsChinese: true }, notes: [] });
		expect(bert.vocabulary.rows.get('京')).toBe(6);
		for (const [name] of bertTensors(tinyBertConfig))
			expect(await bert.read(name)).toEqual(readFloats(tinyBertTensors().get(`bert.${name}`)!));
		expect(bert.parameters).toBe([...tinyBertTensors().values()].reduce((sum, { bytes }) => sum + bytes.length / 4, 0));
	});

	test('is the same model with weights of PyTorch, in shards, and with an older configuration', async () => {
		const { hash } = await open();
		const torch = { 'model.safetensors': null, 'pytorch_model.bin': writeTorchStateDict(tinyBertTensors()) };
		expect((await open(torch)).hash).toBe(hash);
		const all = [...tinyBertTensors()];
		const halves = [all.slice(0, 9), all.slice(9)];
		const shards = halves.map((part, index) => [`part-${index}.bin`, writeTorchStateDict(part)] as const);
		const map = Object.fromEntries(halves.flatMap((part, index) => part.map(([name]) => [name, `part-${index}.bin`])));
		const index = { 'pytorch_model.bin.index.json': JSON.stringify({ weight_map: map }) };
		const files = { 'model.safetensors': null, ...index, ...Object.fromEntries(shards) };
		expect(await open(files)).toMatchObject({ hash, weightsFile: 'pytorch_model.bin.index.json' });
		expect(await codeWith({ ...files, 'part-1.bin': null })).toBe('shard-missing');
		const old = { 'config.json': null, 'bert_config.json': tinyBertJson({ model_type: undefined }) };
		expect((await open(old)).hash).toBe(hash);
	});

	test('without a file of it, or with two of one name, says which', async () => {
		expect(await codeWith({ 'config.json': null })).toBe('bert-config-none');
		expect(await codeWith({ 'vocab.txt': null })).toBe('bert-tokenizer-none');
		expect(await codeWith({ 'model.safetensors': null })).toBe('bert-weights-none');
		expect(await messageWith({ 'model.safetensors': null, 'tf_model.h5': 'x' })).toMatch(
			/tf_model\.h5, the weights of TensorFlow/,
		);
		expect(await messageWith({ 'model.safetensors': null, 'flax_model.msgpack': 'x' })).toMatch(/of Flax/);
		const twice = [...tinyBertFiles(), ...tinyBertFiles()];
		expect(await errorCodeOfAsync(() => openBert(twice, 'tiny'))).toBe('bert-files-twice');
	});

	test.each([
		['version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n', /Git LFS/],
		['<!DOCTYPE html><html></html>', /a web page/],
		['\n<html>', /a web page/],
		[Uint8Array.from([0x89, 0x48, 0x44, 0x46, 13, 10]), /HDF5/],
		[Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0]), /packed/],
	])('with a foreign file %#, weights or text, names what it is', async (content, what) => {
		for (const name of ['model.safetensors', 'vocab.txt', 'config.json', 'tokenizer_config.json']) {
			const message = await messageWith({ [name]: content });
			expect(message).toMatch(what);
			expect(message).toMatch(`tiny/${name}`);
		}
	});

	test('with an empty file or one of zeros is refused', async () => {
		for (const content of ['', new Uint8Array(100)]) {
			expect(await codeWith({ 'model.safetensors': content })).toMatch(/^safetensors-/);
			expect(await codeWith({ 'vocab.txt': content })).toMatch(/^bert-vocabulary-/);
			expect(await codeWith({ 'config.json': content })).toBe('bert-config-broken');
		}
	});
});

describe('files that do not belong together:', () => {
	test('a configuration of another width, depth or table', async () => {
		expect(await messageWith({ 'config.json': tinyBertJson({ hidden_size: 6 }) })).toMatch(
			/embeddings\.word_embeddings\.weight of shape \[7,6\].*\[7,4\]/,
		);
		expect(await messageWith({ 'config.json': tinyBertJson({ num_hidden_layers: 3 }) })).toMatch(
			/encoder\.layer\.2\.attention\.self\.query\.weight, .* and 13 more, found none/,
		);
		expect(await messageWith({ 'config.json': tinyBertJson({ num_hidden_layers: 1 }) })).toMatch(
			/found also bert\.encoder\.layer\.1\..* and 13 more/,
		);
		expect(await codeWith({ 'config.json': tinyBertJson({ vocab_size: 8 }) })).toBe('bert-vocabulary-rows');
	});

	test('a vocabulary with other rows, or without the pieces that BERT needs', async () => {
		expect(await messageWith({ 'vocab.txt': lines([...tinyBertPieces, '上']) })).toMatch(/expected 7 pieces.*found 8/);
		expect(await codeWith({ 'vocab.txt': lines(tinyBertPieces.slice(0, 6)) })).toBe('bert-vocabulary-rows');
		expect((await open({ 'vocab.txt': `${lines(tinyBertPieces)}\n\n` })).pieces).toEqual(tinyBertPieces);
		const without = tinyBertPieces.map((piece) => (piece === '[SEP]' ? '</s>' : piece));
		expect(await messageWith({ 'vocab.txt': lines(without) })).toMatch(/the pieces \[SEP\]/);
		expect(await codeWith({ 'vocab.txt': new Uint8Array([0xff, 0xfe, 0x41, 0x00]) })).toMatch(/^text-|^bert-/);
	});

	test('an ERNIE may have more rows than pieces, rounded up', async () => {
		const pieces = Array.from({ length: 800 }, (_, row) => tinyBertPieces[row] ?? `x${row}`);
		const config = { ...tinyBertConfig, pieces: 800, family: 'ernie' as const };
		const files = (model_type: string, count: number) => ({
			'config.json': tinyBertJson({ model_type, vocab_size: 800, type_vocab_size: 2 }),
			'model.safetensors': writeSafetensors(tinyBertTensors(config)),
			'vocab.txt': lines(pieces.slice(0, count)),
		});
		expect((await open(files('ernie', 795))).notes).toEqual([
			'The table has 800 rows for 795 pieces; the rows beyond are never used.',
		]);
		expect(await codeWith(files('ernie', 700))).toBe('bert-vocabulary-rows');
		expect(await codeWith(files('bert', 795))).toBe('bert-vocabulary-rows');
	});

	test('tensors beyond the configuration are refused inside the encoder and named beside it', async () => {
		const task = withTensors([['bert.embeddings.task_type_embeddings.weight', floats(1, 2)]]);
		expect(await messageWith({ 'model.safetensors': task })).toMatch(/also bert\.embeddings\.task_type_embeddings/);
		const heads = withTensors([
			['cls.predictions.bias', floats(1)],
			['classifier.weight', floats(1)],
			['bert.pooler.dense.weight', floats(1)],
		]);
		expect((await open({ 'model.safetensors': heads })).notes).toEqual([]);
		const other = withTensors([['crf.transitions', floats(1)]]);
		expect((await open({ 'model.safetensors': other })).notes.join()).toMatch(/1 tensor is not used.*crf\.transitions/);
		const doubled = withTensors([['bert.embeddings.LayerNorm.gamma', floats(1, 1, 1, 1)]]);
		expect(await codeWith({ 'model.safetensors': doubled })).toBe('bert-weights-surplus');
		const two = withTensors([...tinyBertTensors(tinyBertConfig, 'teacher.')]);
		expect((await open({ 'model.safetensors': two })).hash).toBe((await open()).hash);
	});

	test('weights that are no numbers say where and why', async () => {
		const name = 'bert.encoder.layer.0.output.dense.weight';
		const { shape } = tinyBertTensors().get(name)!;
		const with24 = (value: number) => Array.from({ length: 24 }, (_, index) => (index === 5 ? value : 0));
		const message = async (tensor: StoredTensor) => messageWith({ 'model.safetensors': withTensors([[name, tensor]]) });
		expect(await message(storeNumbers(Float32Array.from(with24(Number.NaN)), shape))).toMatch(
			/encoder\.layer\.0\.output\.dense\.weight, found NaN at element 5\./,
		);
		expect(await message(half(with24(1e6), shape))).toMatch(
			/Infinity at element 5 \(a float16 cannot be above 65504\)/,
		);
		expect(await message(storeNumbers(Float64Array.from(with24(-1e300)), shape))).toMatch(/-Infinity .*a float32/);
		const pooler = withTensors([['bert.pooler.dense.bias', floats(Number.NaN, 0, 0, 0)]]);
		expect(await codeWith({ 'model.safetensors': pooler })).toBe('no error');
	});
});

describe('the tokenizer', () => {
	const optionsWith = async (change: TinyFiles) => (await open(change)).tokenizer;

	test('is read from tokenizer.json, alone or beside vocab.txt', async () => {
		const alone = await open({ 'vocab.txt': null, 'tokenizer.json': tinyTokenizerJson() });
		expect(alone.pieces).toEqual(tinyBertPieces);
		expect(await codeWith({ 'tokenizer.json': tinyTokenizerJson() })).toBe('no error');
		const added = tinyTokenizerJson(tinyBertPieces.slice(0, 6), { added_tokens: [{ id: 6, content: '京' }] });
		expect((await open({ 'vocab.txt': null, 'tokenizer.json': added })).pieces).toEqual(tinyBertPieces);
		const bothAdded = { 'vocab.txt': lines(tinyBertPieces.slice(0, 6)), 'tokenizer.json': added };
		expect((await open(bothAdded)).pieces).toEqual(tinyBertPieces);
	});

	test('of another model is refused', async () => {
		const swapped = tinyTokenizerJson([...tinyBertPieces.slice(0, 5), '京', '北']);
		expect(await messageWith({ 'tokenizer.json': swapped })).toMatch(/"北" in row 5.*found "京"/);
		expect(await codeWith({ 'tokenizer.json': tinyTokenizerJson(tinyBertPieces.slice(0, 6)) })).toBe(
			'bert-tokenizer-other',
		);
		const cases: [Record<string, unknown>, RegExp][] = [
			[{ model: { type: 'BPE', vocab: {}, merges: [] } }, /"BPE": its pieces are merged bytes/],
			[{ model: { vocab: {}, merges: [] } }, /"BPE"/],
			[{ model: { type: 'Unigram', vocab: [] } }, /SentencePiece/],
			[{ normalizer: { type: 'NFKC' } }, /BertNormalizer.*"NFKC"/],
			[{ normalizer: null }, /BertNormalizer.*none/],
			[{ pre_tokenizer: { type: 'Metaspace' } }, /BertPreTokenizer/],
			[{ model: { type: 'WordPiece', continuing_subword_prefix: '', vocab: {} } }, /continuing_subword_prefix "##"/],
			[{ model: { type: 'WordPiece', vocab: {} }, added_tokens: [] }, /pieces with their rows/],
			[{ model: { type: 'WordPiece', vocab: { a: -1 } } }, /pieces with their rows/],
			[{ model: null }, /a model in tokenizer\.json/],
		];
		for (const [change, expected] of cases) {
			const json = tinyTokenizerJson(tinyBertPieces, change);
			expect(await messageWith({ 'vocab.txt': null, 'tokenizer.json': json })).toMatch(expected);
		}
		const roberta = { 'tokenizer_config.json': '{"tokenizer_class":"RobertaTokenizer"}' };
		expect(await messageWith(roberta)).toMatch(/"RobertaTokenizer"/);
		expect(await codeWith({ 'tokenizer_config.json': '[]' })).toBe('bert-tokenizer-broken');
		expect(await codeWith({ 'tokenizer_config.json': '{"do_lower_case":"no"}' })).toBe('bert-tokenizer-broken');
	});

	test('lower-cases, keeps accents and leaves Chinese characters together as the files say', async () => {
		const cased = { lowerCase: false, stripAccents: false, splitsChinese: true };
		expect(await optionsWith({ 'tokenizer_config.json': '{"do_lower_case":false}' })).toEqual(cased);
		const settings = '{"do_lower_case":true,"strip_accents":false,"tokenize_chinese_chars":false}';
		const said = { lowerCase: true, stripAccents: false, splitsChinese: false };
		expect(await optionsWith({ 'tokenizer_config.json': settings })).toEqual(said);
		const normalizer = { type: 'BertNormalizer', lowercase: false, strip_accents: true, handle_chinese_chars: false };
		const json = tinyTokenizerJson(tinyBertPieces, { normalizer });
		const other = { lowerCase: false, stripAccents: true, splitsChinese: false };
		expect(await optionsWith({ 'tokenizer.json': json })).toEqual(other);
		const both = { 'tokenizer.json': json, 'tokenizer_config.json': '{"do_lower_case":true}' };
		expect(await optionsWith(both)).toEqual({ ...other, lowerCase: true });
	});
});

describe('a file of PyTorch', () => {
	/** All tensors as views of one storage. */
	function sharedFile(tensors: readonly (readonly [string, StoredTensor])[]): Uint8Array<ArrayBuffer> {
		const bytes = joinBytes(tensors.map(([, tensor]) => Uint8Array.from(tensor.bytes)));
		const pickle = new PickleWriter();
		pickle.global('collections', 'OrderedDict').emptyTuple().reduce().mark();
		let offset = 0;
		for (const [name, { shape }] of tensors) {
			pickle.text(name).global('torch._utils', '_rebuild_tensor_v2').mark();
			pickle
				.mark()
				.text('storage')
				.global('torch', 'FloatStorage')
				.text('0')
				.text('cpu')
				.integer(bytes.length / 4);
			pickle.tuple().persistentId().integer(offset).integerTuple(shape);
			pickle.integerTuple(shape.map((_, axis) => elementCount(shape.slice(axis + 1)))).boolean(false);
			pickle.global('collections', 'OrderedDict').emptyTuple().reduce().tuple().reduce();
			offset += elementCount(shape);
		}
		pickle.setItems();
		return writeZip([
			['archive/data.pkl', pickle.finish()],
			['archive/data/0', bytes],
		]);
	}

	test('whose tensors share one storage is read by the parts that each needs, and checked as a whole', async () => {
		const tensors = [...tinyBertTensors()];
		const bytes = sharedFile(tensors);
		const file = await openTensorFile(new Blob([bytes]), 'shared.bin');
		for (const [name, tensor] of tensors) {
			const read = await file.get(name)!.read();
			expect(readFloats(read)).toEqual(readFloats(tensor));
			expect(read.bytes.buffer.byteLength).toBe(tensor.bytes.length);
		}
		const marker = bytes.indexOf(0x3f); // a number of the storage
		bytes[marker] = 0x40;
		const changed = await openTensorFile(new Blob([bytes]), 'shared.bin');
		const last = changed.get(tensors[tensors.length - 1][0])!;
		expect(await errorCodeOfAsync(() => last.read())).toBe('zip-damaged');
	});

	test('that would call a function is refused', async () => {
		const pickle = `cos\nsystem\n(S'echo'\ntR.`;
		const bytes = Uint8Array.from([0x80, 2, ...new TextEncoder().encode(pickle)]);
		expect(await codeWith({ 'model.safetensors': null, 'pytorch_model.bin': bytes })).toMatch(/^(pickle|torch)-/);
	});
});

test('mutated files end in a model or a named error', async () => {
	const originals: [string, Uint8Array<ArrayBuffer>, TinyFiles][] = [
		['model.safetensors', writeSafetensors(tinyBertTensors()), {}],
		['pytorch_model.bin', writeTorchStateDict(tinyBertTensors()), { 'model.safetensors': null }],
		['config.json', new TextEncoder().encode(tinyBertJson()), {}],
		['tokenizer.json', new TextEncoder().encode(tinyTokenizerJson()), {}],
		['vocab.txt', new TextEncoder().encode(lines(tinyBertPieces)), {}],
	];
	const random = new RandomStream(3);
	for (const [name, bytes, change] of originals) {
		let refused = 0;
		for (let copy = 0; copy < 60; copy++) {
			const changed = copy % 3 === 0 ? bytes.slice(0, random.below(bytes.length)) : bytes.slice();
			for (let count = random.below(4); count >= 0 && changed.length > 0; count--)
				changed[random.below(Math.min(changed.length, 2000))] = random.below(256);
			if ((await codeWith({ ...change, [name]: changed })) !== 'no error') refused++;
		}
		expect(refused, name).toBeGreaterThan(15);
	}
});

const folder = referencePath('bert-files');

describe.skipIf(!folder)('the published containers (skipped: no shared data)', () => {
	const bytesOf = (name: string) => Uint8Array.from(readFileSync(join(folder ?? '', name)));
	const weights = folder ? readdirSync(folder).filter((name) => /^model.*\.(safetensors|bin)$/.test(name)) : [];

	test.each(weights)('%s opens with its configuration and pieces, and holds the numbers of the first', async (name) => {
		const files = ['config.json', 'vocab.txt', name].map((file): [string, Blob] => [file, new Blob([bytesOf(file)])]);
		const bert = await openBert(files, 'bert-files');
		const expected = readSafetensors(bytesOf(name.includes('f16') ? 'model-f16.safetensors' : 'model.safetensors'));
		expect(bert).toMatchObject({ config: { layers: 3, width: 24, pieces: 61 }, weightsFile: name, notes: [] });
		for (const [tensor] of bertTensors(bert.config))
			expect(await bert.read(tensor)).toEqual(readFloats(expected.tensors.get(`bert.${tensor}`)!));
	});

	test('in the older form of PyTorch, mutated, end in a model or a named error', async () => {
		const name = 'model-legacy-no-prefix-gamma-beta.bin';
		const random = new RandomStream(7);
		let refused = 0;
		for (let copy = 0; copy < 40; copy++) {
			const bytes = copy % 4 === 0 ? bytesOf(name).slice(0, random.below(70_000)) : bytesOf(name);
			for (let count = random.below(3); count >= 0; count--)
				bytes[random.below(Math.min(9000, bytes.length))] = random.below(256);
			const texts = ['config.json', 'vocab.txt'].map((file): [string, Blob] => [file, new Blob([bytesOf(file)])]);
			const opened = errorCodeOfAsync(() => openBert([...texts, [name, new Blob([bytes])]], 'bert-files'));
			if ((await opened) !== 'no error') refused++;
		}
		expect(refused).toBeGreaterThan(10);
	});

	test('together are too many to choose from', async () => {
		const files = ['config.json', 'vocab.txt', ...weights].map((file): [string, Blob] => [
			file,
			new Blob([bytesOf(file)]),
		]);
		expect(weights.length).toBeGreaterThan(2);
		const without = files.filter(([file]) => file !== 'model.safetensors');
		expect(await errorCodeOfAsync(() => openBert(without, 'bert-files'))).toBe('bert-weights-none');
	});
});
