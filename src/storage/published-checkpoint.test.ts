import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorCodeOf } from '../testing/error-code';
import { referencePath } from '../testing/shared-data';
import { publishedTensors, readPublishedStateDict } from './published-checkpoint';
import { readSafetensors } from './safetensors';
import { readFloats, readIntegers, storeNumbers } from './stored-tensor';
import { readTorchStateDict, type StateDict, writeTorchStateDict } from './torch-state-dict';

const folder = referencePath('checkpoint');
const tiny = referencePath('flat-tiny');

/** sin block, then cos block, over distances -reach..reach (reference/flat-tiny). */
function sinusoids(reach: number, width: number, shift: number): Float32Array {
	const half = width / 2;
	return Float32Array.from({ length: (2 * reach + 1) * width }, (_, index) => {
		const distance = Math.floor(index / width) - reach + shift;
		const angle = distance * Math.exp((-(index % half) * Math.log(10000)) / (half - 1));
		return index % width < half ? Math.sin(angle) : Math.cos(angle);
	});
}

const load = (): StateDict => readTorchStateDict(new Uint8Array(readFileSync(join(folder!, 'model-zip.pt'))));

describe.skipIf(!folder)("the published program's checkpoint (skipped: no shared data)", () => {
	test('tells the network that it is of', () => {
		const { network, unused } = readPublishedStateDict(load(), sinusoids);
		expect(network).toMatchObject({ latticeRows: 47, latticeSize: 10, bigramRows: 35, bigramSize: 10, tagCount: 9 });
		expect(network).toMatchObject({ tagOffset: 0, maxDistance: 7 });
		expect(network.model).toMatchObject({ heads: 4, headSize: 8, layers: 1, feedForwardFactor: 3, fusion: 'ff_two' });
		expect(network.model).toMatchObject({ crfStartEnd: false, constrainedDecoding: false, encoder: 'flat' });
		expect(unused).toEqual([]);
	});

	test('has the parameters that get a gradient, and the rows of the vocabulary', () => {
		const { parameters, rowOfId } = readPublishedStateDict(load(), sinusoids);
		const keys: Record<string, { trainable: boolean; same_storage_as: string | null }> = JSON.parse(
			readFileSync(join(folder!, 'state_dict_keys.json'), 'utf8'),
		);
		const trained = Object.keys(keys).filter(
			(name) => keys[name].trainable && !keys[name].same_storage_as && !/w_k|w_final/.test(name),
		);
		expect([...parameters.keys()].sort()).toEqual(trained.sort());
		const vocabulary = JSON.parse(readFileSync(join(folder!, 'vocab.json'), 'utf8'));
		expect([...rowOfId.lattice]).toEqual(vocabulary.lattice_words_to_words);
		expect([...rowOfId.bigram!]).toEqual(vocabulary.bigram_words_to_words);
	});

	test('is written back with all its names, shapes, shared storages and used values', () => {
		const original = load();
		const source = readPublishedStateDict(original, sinusoids);
		const written = readTorchStateDict(writeTorchStateDict(publishedTensors({ ...source, positionTable: sinusoids })));
		expect([...written.keys()]).toEqual([...original.keys()]);
		for (const [name, tensor] of original) {
			const ours = written.get(name)!;
			expect([ours.type, ours.shape], name).toEqual([tensor.type, tensor.shape]);
			if (/w_k|w_final/.test(name)) expect(readFloats(ours).every((value) => value === 0)).toBe(true);
			else if (/(^|\.)pe/.test(name)) expect(maxDifference(readFloats(ours), readFloats(tensor))).toBeLessThan(2e-6);
			else expect(readFloats(ours), name).toEqual(readFloats(tensor));
		}
		expect(written.get('encoder.layer_0.attn.pe_ss')!.bytes.byteOffset).toBe(written.get('pe')!.bytes.byteOffset);
	});

	test('may be without row maps: then id and row are the same', () => {
		const state = load();
		state.delete('lattice_embed.words_to_words');
		expect([...readPublishedStateDict(state, sinusoids).rowOfId.lattice.subarray(0, 4)]).toEqual([0, 1, 2, 3]);
	});

	test('with further weights of a language model is read without them', () => {
		const state = load().set('bert_embedding.x', storeNumbers(Float32Array.of(1), [1]));
		expect(readPublishedStateDict(state, sinusoids).unused).toEqual(['bert_embedding.x']);
	});

	const other = (name: string) => {
		const state = load();
		const tensor = state.get(name)!;
		return state.set(name, storeNumbers(readFloats(tensor).fill(0.5), tensor.shape));
	};
	test.each([
		['learned positions', () => other('encoder.pe'), 'published-learned-positions'],
		[
			'a fusion per layer',
			() => other('encoder.layer_0.four_pos_fusion_embedding.pos_fusion_forward.0.weight'),
			'published-own-fusion',
		],
		[
			'a further layer inside',
			() => load().set('encoder.layer_0.ff.w2.weight', storeNumbers(Float32Array.of(1), [1, 1])),
			'published-unknown-parameter',
		],
		['no output layer', () => without('output.weight'), 'published-missing'],
		[
			'no fusion',
			() => without('encoder.four_pos_fusion_embedding.pos_fusion_forward.0.weight'),
			'published-own-fusion',
		],
		[
			'rows beyond the table',
			() => load().set('lattice_embed.words_to_words', storeNumbers(Int32Array.of(0, 1, 47), [3])),
			'published-shape',
		],
		[
			'a table of other dimensions',
			() => load().set('pe', storeNumbers(new Float32Array(15), [15])),
			'published-missing',
		],
		[
			'fewer inputs per character than a vector has',
			() => load().set('char_proj.weight', storeNumbers(new Float32Array(32 * 4), [32, 4])),
			'published-shape',
		],
		['an even number of distances', () => withPositions(14, 32), 'published-shape'],
		['positions of another width', () => withPositions(15, 16), 'published-shape'],
		['learned positions in the main table', () => other('pe'), 'published-learned-positions'],
		['a fusion of three tables', () => withFusionInputs(3 * 32), 'published-missing'],
		['no fusion anywhere', () => withFusionInputs(null), 'published-missing'],
		[
			'no heads to read sizes from',
			() => load().set('encoder.layer_0.attn.u', storeNumbers(new Float32Array(0), [0, 8])),
			'published-missing',
		],
	])('with %s is refused', (_, make, code) => {
		expect(errorCodeOf(() => readPublishedStateDict(make(), sinusoids))).toBe(code);
	});

	const withPositions = (rows: number, width: number) =>
		load().set('pe', storeNumbers(new Float32Array(rows * width), [rows, width]));

	/** The shared fusion and those of the layers, which are the same one; null for none. */
	function withFusionInputs(inputs: number | null): StateDict {
		const state = load();
		const weight = inputs && storeNumbers(new Float32Array(32 * inputs), [32, inputs]);
		for (const name of [...state.keys()].filter((each) => each.endsWith('pos_fusion_forward.0.weight'))) {
			if (weight) state.set(name, weight);
			else state.delete(name);
		}
		return state;
	}

	test('that starts and ends its sequences with scores, or forbids tags, is read and written as such', () => {
		const tagCount = 9;
		const scores = (length: number, value: number) => new Float32Array(length).fill(value);
		const constraints = scores((tagCount + 2) ** 2, -100);
		const state = load()
			.set('crf.start_scores', storeNumbers(scores(tagCount, 1), [tagCount]))
			.set('crf.end_scores', storeNumbers(scores(tagCount, 2), [tagCount]))
			.set('crf._constrain', storeNumbers(constraints, [tagCount + 2, tagCount + 2]));
		const source = readPublishedStateDict(state, sinusoids);
		expect(source.network.model).toMatchObject({ crfStartEnd: true, constrainedDecoding: true });
		const written = new Map(publishedTensors({ ...source, constraints, positionTable: sinusoids }));
		expect([...readFloats(written.get('crf.end_scores')!)]).toEqual([...scores(tagCount, 2)]);
		expect([...readFloats(written.get('crf._constrain')!)]).toEqual([...constraints]);
	});

	test('without bigrams and lexicon is read as such, and written with an idle lexicon layer', () => {
		const state = load();
		for (const name of [...state.keys()].filter((each) => /^(bigram_embed|lex_proj)/.test(each))) state.delete(name);
		const source = readPublishedStateDict(state, sinusoids);
		expect(source.network.model).toMatchObject({ bigrams: false, lexicon: false, encoder: 'flat-bert' });
		expect(source.network.bert?.config.width).toBe(10);
		expect(source.rowOfId.bigram).toBeNull();
		const written = new Map(publishedTensors({ ...source, positionTable: sinusoids }));
		expect(written.has('bigram_embed.embedding.weight')).toBe(false);
		expect(readFloats(written.get('lex_proj.weight')!).some((value) => value !== 0)).toBe(false);
		expect(written.get('lex_proj.weight')!.shape).toEqual([32, 10]);
	});

	function without(name: string): StateDict {
		const state = load();
		state.delete(name);
		return state;
	}

	test('of a network without reserved tags gets them as tags that never win', () => {
		const source = readPublishedStateDict(load(), sinusoids);
		const { tagCount } = source.network;
		const network = { ...source.network, tagOffset: 2 };
		const written = new Map(publishedTensors({ ...source, network, positionTable: sinusoids }));
		const bias = readFloats(written.get('output.bias')!);
		expect([...bias.subarray(0, 2)]).toEqual([-10000, -10000]);
		expect(bias.subarray(2)).toEqual(readFloats(source.parameters.get('output.bias')!));
		const moves = readFloats(written.get('crf.trans_m')!);
		const original = readFloats(source.parameters.get('crf.trans_m')!);
		expect(written.get('crf.trans_m')!.shape).toEqual([tagCount + 2, tagCount + 2]);
		expect(moves[(2 + 3) * (tagCount + 2) + 2 + 1]).toBe(original[3 * tagCount + 1]);
		expect([...moves.subarray(0, 2 * (tagCount + 2))].every((value) => value === 0)).toBe(true);
		expect(written.get('crf._constrain')!.shape).toEqual([tagCount + 4, tagCount + 4]);
	});
});

describe.skipIf(!tiny)('a published network of another fusion (skipped: no shared data)', () => {
	const cases = ['attn', 'gate', 'ff', 'ff_linear', 'ff_two', 'ff_two-2layer'].filter(
		(name) => tiny && existsSync(join(tiny, name, 'params.safetensors')),
	);
	test.each(cases)('%s is recognised, and written with the names that it came with', (name) => {
		const file = new Uint8Array(readFileSync(join(tiny!, name, 'params.safetensors')));
		const original = readSafetensors(file).tensors;
		const source = readPublishedStateDict(original, sinusoids);
		expect(source.network.model.fusion).toBe(name.split('-')[0]);
		expect(source.network.model.layers).toBe(name.endsWith('2layer') ? 2 : 1);
		const written = new Map(publishedTensors({ ...source, positionTable: sinusoids }));
		for (const [key, tensor] of original) {
			expect(written.get(key)?.shape, key).toEqual(tensor.shape);
			if (source.parameters.has(key)) expect(readFloats(written.get(key)!), key).toEqual(readFloats(tensor));
		}
		expect([...readIntegers(written.get('lattice_embed.words_to_words')!)]).toEqual([...source.rowOfId.lattice]);
	});
});

function maxDifference(left: Float32Array, right: Float32Array): number {
	return left.reduce((largest, value, index) => Math.max(largest, Math.abs(value - right[index])), 0);
}
