// Models as people have them: configurations, and one tiny BERT in every container, beside what the published program reads.

import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BertConfig } from '../../experiment/bert-config';
import { errorCodeOf, errorCodeOfAsync } from '../../testing/error-code';
import { referencePath } from '../../testing/shared-data';
import { tinyBertConfig as tiny, tinyBertTensors as tinyTensors } from '../../testing/tiny-bert';
import { readSafetensors, writeSafetensors } from '../safetensors';
import { readFloats, storeNumbers } from '../stored-tensor';
import { openShards, openTensorFile } from '../tensor-file';
import { writeTorchStateDict } from '../torch-state-dict';
import { parseBertConfig } from './config-file';
import { BertHash, findBertWeights } from './weights-file';

const blobOf = (bytes: Uint8Array<ArrayBuffer> | Uint8Array) => new Blob([bytes as Uint8Array<ArrayBuffer>]);

async function hashOf(blob: Blob, config = tiny): Promise<string> {
	const hash = new BertHash();
	for await (const tensor of findBertWeights(await openTensorFile(blob, 'model'), config, 'model').tensors())
		await hash.add(tensor);
	return hash.digest();
}

describe('a configuration', () => {
	test('takes the defaults of BERT for keys that it does not have', () => {
		const config = parseBertConfig('{"model_type":"bert","vocab_size":21128}', 'config.json');
		expect(config).toMatchObject({
			layers: 12,
			width: 768,
			heads: 12,
			innerWidth: 3072,
			positions: 512,
			pieces: 21128,
		});
		expect(config).toMatchObject({ layerNormEpsilon: 1e-12, activation: 'gelu', embeddingWidth: 768 });
	});

	test('of ELECTRA has embeddings narrower than its layers', () => {
		const text =
			'{"model_type":"electra","hidden_size":256,"embedding_size":128,"num_attention_heads":4,"vocab_size":9}';
		expect(parseBertConfig(text, 'config.json')).toMatchObject({ family: 'electra', width: 256, embeddingWidth: 128 });
	});

	test('from before model types is known by its architecture', () => {
		expect(parseBertConfig('{"architectures":["BertForMaskedLM"]}', 'c').family).toBe('bert');
		expect(errorCodeOf(() => parseBertConfig('{"architectures":["AlbertForMaskedLM"]}', 'c'))).toBe('bert-config-type');
	});

	test.each([
		['{"model_type":"albert"}', 'bert-config-type'],
		['{"model_type":"roberta"}', 'bert-config-type'],
		['{"model_type":"__proto__"}', 'bert-config-type'],
		['{"model_type":"bert","position_embedding_type":"relative_key"}', 'bert-config-type'],
		['{"model_type":"ernie","use_task_id":true}', 'bert-config-type'],
		['{"model_type":"bert","is_decoder":true}', 'bert-config-type'],
		['{"model_type":"bert","hidden_act":"mish"}', 'bert-config-value'],
		['{"model_type":"bert","hidden_size":770}', 'bert-config-value'],
		['{"model_type":"bert","num_hidden_layers":1e9}', 'bert-config-value'],
		['{"model_type":"bert","hidden_size":"768"}', 'bert-config-value'],
		['{"model_type":"bert","layer_norm_eps":0}', 'bert-config-value'],
		['{"model_type":"bert","hidden_dropout_prob":1}', 'bert-config-value'],
		['{"cells":[]}', 'bert-config-broken'],
		['[]', 'bert-config-broken'],
		['{', 'bert-config-broken'],
	])('%s is refused', (text, code) => {
		expect(errorCodeOf(() => parseBertConfig(text, 'config.json'))).toBe(code);
	});
});

describe('weights', () => {
	test('are the same model in every container, with every prefix, with old names', async () => {
		const plain = tinyTensors(tiny, '');
		const prefixed = tinyTensors();
		const old = new Map(
			[...prefixed].map(([name, tensor]) => [
				name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta'),
				tensor,
			]),
		);
		const hashes = await Promise.all(
			[
				writeSafetensors(plain),
				writeSafetensors(prefixed),
				writeSafetensors(tinyTensors(tiny, 'electra.')),
				writeSafetensors(old),
				writeTorchStateDict(prefixed),
			].map((bytes) => hashOf(blobOf(bytes))),
		);
		expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
		expect(new Set(hashes).size).toBe(1);
	});

	test('in shards are read by their index, and a missing or foreign shard is named', async () => {
		const all = [...tinyTensors()];
		const [first, second] = [all.slice(0, 9), all.slice(9)];
		const map = Object.fromEntries(
			all.map(([name], index) => [name, index < 9 ? 'one.safetensors' : 'two.safetensors']),
		);
		const index = { text: JSON.stringify({ weight_map: map }), file: 'model.safetensors.index.json' };
		const shards = new Map([
			['one.safetensors', blobOf(writeSafetensors(first))],
			['two.safetensors', blobOf(writeSafetensors(second))],
		]);
		const found = findBertWeights(await openShards(index, shards), tiny, 'model');
		expect((await found.tensors().next()).value?.name).toBe('embeddings.word_embeddings.weight');
		const lacking = new Map([...shards].slice(0, 1));
		expect(await errorCodeOfAsync(() => openShards(index, lacking))).toBe('shard-missing');
		const swapped = new Map([
			['one.safetensors', shards.get('two.safetensors')!],
			['two.safetensors', shards.get('one.safetensors')!],
		]);
		expect(await errorCodeOfAsync(() => openShards(index, swapped))).toBe('shard-mixed-up');
		expect(await errorCodeOfAsync(() => openShards({ ...index, text: '{}' }, shards))).toBe('shard-index');
		const outside = JSON.stringify({ weight_map: { a: '../a.bin' } });
		expect(await errorCodeOfAsync(() => openShards({ ...index, text: outside }, shards))).toBe('shard-index');
	});

	test('that do not fit their configuration are named', async () => {
		const file = await openTensorFile(blobOf(writeSafetensors(tinyTensors())), 'model');
		const codeWith = (change: Partial<BertConfig>) =>
			errorCodeOf(() => findBertWeights(file, { ...tiny, ...change }, 'model'));
		expect(codeWith({ layers: 3 })).toBe('bert-weights-missing');
		expect(codeWith({ layers: 1 })).toBe('bert-weights-surplus');
		expect(codeWith({ innerWidth: 7 })).toBe('bert-weights-shape');
		expect(codeWith({ pieces: 8 })).toBe('bert-weights-shape');
		const other = new Map([['lstm.weight', storeNumbers(new Float32Array(2), [2])]]);
		const foreign = await openTensorFile(blobOf(writeSafetensors(other)), 'model');
		expect(errorCodeOf(() => findBertWeights(foreign, tiny, 'model'))).toBe('bert-weights-foreign');
	});

	test('that are no numbers are found while they are read', async () => {
		const tensors = tinyTensors();
		const name = 'bert.encoder.layer.1.output.dense.weight';
		const values = readFloats(tensors.get(name)!);
		values[3] = Number.NaN;
		tensors.set(name, storeNumbers(values, tensors.get(name)!.shape));
		expect(await errorCodeOfAsync(() => hashOf(blobOf(writeSafetensors(tensors))))).toBe('bert-weights-not-finite');
	});

	test('cut off at any byte end in a named error', async () => {
		for (const bytes of [writeSafetensors(tinyTensors()), writeTorchStateDict(tinyTensors())]) {
			for (let part = 1; part < 12; part++) {
				const code = await errorCodeOfAsync(() => hashOf(blobOf(bytes.slice(0, (bytes.length * part) / 12))));
				expect(code).toMatch(/^(safetensors|torch|zip|pickle)-/);
			}
		}
	});
});

const files = referencePath('bert-files');

describe.skipIf(!files)('the containers of one tiny BERT (skipped: no shared data)', () => {
	const path = (name: string) => join(files ?? '', name);
	/** The project's own selection has some of them. */
	const names = [
		'model.safetensors',
		'model-no-prefix.safetensors',
		'model-zip.bin',
		'model-legacy-gamma-beta.bin',
		'model-legacy-no-prefix-gamma-beta.bin',
		'model-legacy-no-pooler.bin',
	].filter((name) => existsSync(path(name)));
	const config = () => parseBertConfig(readFileSync(path('config.json'), 'utf8'), 'config.json');
	const fileHash = async (name: string) => hashOf(await openAsBlob(path(name)), config());

	test('hold the same model, whatever the prefix and the names of LayerNorm', async () => {
		const hashes = await Promise.all(names.map(fileHash));
		expect(new Set(hashes).size).toBe(1);
		expect(hashes.length).toBeGreaterThan(1);
	});

	test('in half precision hold it rounded', async () => {
		const [one, other] = await Promise.all(['model-f16.safetensors', 'model-zip-position-ids-f16.bin'].map(fileHash));
		expect(one).toBe(other);
		expect(one).not.toBe(await fileHash('model.safetensors'));
	});

	test('hold every tensor as a reading of the whole file has it, pooler and heads told apart', async () => {
		const whole = readSafetensors(readFileSync(path('model.safetensors')));
		const file = await openTensorFile(await openAsBlob(path('model.safetensors')), 'model');
		const found = findBertWeights(file, config(), 'model');
		expect(found).toMatchObject({ prefix: 'bert.', hasPooler: true });
		expect(found.ignored.length).toBeGreaterThan(0);
		expect(found.ignored.every((name) => name.startsWith('cls.'))).toBe(true);
		let count = 0;
		for await (const { name, values } of found.tensors()) {
			expect(values).toEqual(readFloats(whole.tensors.get(`bert.${name}`)!));
			count++;
		}
		expect(count).toBe(55);
	});
});
