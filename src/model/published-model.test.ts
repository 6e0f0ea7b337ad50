import { expect, test } from 'vitest';
import type { ModelConfig } from '../experiment/config';
import { presetConfig } from '../experiment/presets';
import type { Checkpoint } from '../storage/checkpoint';
import { parametersOfTensors, tensorsOfParameters } from '../storage/flat-parameters';
import { errorCodeOf } from '../testing/error-code';
import { tinyLabels, tinyShape } from '../testing/tiny-network';
import { isTorchName, readPublishedModel, writePublishedModel } from './published-model';
import { layOutNetwork } from './shape';

function tinyModel(model: Partial<ModelConfig> = {}): Checkpoint {
	const network = tinyShape(model);
	const layout = layOutNetwork(network);
	const vocabulary = (count: number, name: string) => ({
		words: ['<pad>', '<unk>', ...Array.from({ length: count - 2 }, (_, id) => `${name}${id}`)],
		rowOfId: Int32Array.from({ length: count }, (_, id) => id),
		hasOwnEntry: new Uint8Array(count).fill(1),
	});
	const values = Float32Array.from({ length: layout.size }, (_, index) => Math.sin(index));
	return {
		config: { ...presetConfig('weibo'), model: network.model },
		network,
		labels: tinyLabels.tags,
		vocabularies: { lattice: vocabulary(20, '字'), bigram: vocabulary(15, '双') },
		lexiconWords: ['北京', '长江'],
		bert: null,
		metrics: { dev: null, test: null },
		provenance: { stage: 'full', epoch: 2, dataHashes: {}, versions: {} },
		parameters: tensorsOfParameters(layout, values),
	};
}

function readBack(checkpoint: Checkpoint, change: (lists: Record<string, unknown>) => unknown = (lists) => lists) {
	const { bytes, vocabularies } = writePublishedModel(checkpoint);
	const text = JSON.stringify(change(JSON.parse(vocabularies)));
	return readPublishedModel({ file: 'model.pt', bytes }, { file: 'vocabularies.json', text });
}

test.each([{}, { bigrams: false }, { constrainedDecoding: true, crfStartEnd: true }])(
	'a model written for the published program is read back whole (%j)',
	(model) => {
		const checkpoint = tinyModel(model);
		const read = readBack(checkpoint);
		const layout = layOutNetwork(checkpoint.network);
		expect(parametersOfTensors(layout, read.parameters)).toEqual(parametersOfTensors(layout, checkpoint.parameters));
		const { fusion, layers, bigrams, constrainedDecoding, crfStartEnd } = checkpoint.network.model;
		expect(read.network.model).toMatchObject({ fusion, layers, bigrams, constrainedDecoding, crfStartEnd });
		expect(read.labels).toEqual(checkpoint.labels);
		expect(read.lexiconWords).toEqual(checkpoint.lexiconWords);
		expect(read.vocabularies.lattice).toEqual(checkpoint.vocabularies.lattice);
		expect(read.vocabularies.bigram.words).toHaveLength(bigrams === false ? 2 : 15);
	},
);

test('words that share the row of <unk> have no entry of their own', () => {
	const checkpoint = tinyModel();
	checkpoint.vocabularies.lattice.rowOfId[7] = 1;
	const { hasOwnEntry, rowOfId } = readBack(checkpoint).vocabularies.lattice;
	expect(Array.from(hasOwnEntry, (own, id) => (own ? -1 : id)).filter((id) => id >= 0)).toEqual([7]);
	expect(rowOfId[7]).toBe(1);
});

test('vocabularies without a lexicon match the words of more than one character', () => {
	const checkpoint = tinyModel();
	expect(writePublishedModel({ ...checkpoint, lexiconWords: null }).vocabularies).not.toContain('lexicon');
	const read = readBack(checkpoint, ({ lexicon, lattice, ...lists }) => {
		const words = lattice as string[];
		return { ...lists, lattice: [...words.slice(0, 18), '山', '武汉'] };
	});
	expect(read.lexiconWords).toContain('武汉');
	expect(read.lexiconWords).not.toContain('山');
	expect(read.lexiconWords).not.toContain('<unk>');
});

test.each([
	['no JSON object', () => null],
	['no list of labels', ({ label, ...lists }: Record<string, unknown>) => lists],
	['numbers for words', (lists: Record<string, unknown>) => ({ ...lists, bigram: [1, 2] })],
	['a lexicon that is no list', (lists: Record<string, unknown>) => ({ ...lists, lexicon: '北京' })],
	['too few words', (lists: Record<string, unknown>) => ({ ...lists, lattice: ['<pad>', '<unk>'] })],
])('vocabularies with %s are refused', (_, change) => {
	expect(errorCodeOf(() => readBack(tinyModel(), change))).toBe('vocabularies-damaged');
});

test('a text that is not JSON is refused as vocabularies', () => {
	const { bytes } = writePublishedModel(tinyModel());
	const read = () => readPublishedModel({ file: 'model.pt', bytes }, { file: 'v.json', text: '{' });
	expect(errorCodeOf(read)).toBe('vocabularies-damaged');
});

test('names of state_dicts are known by their endings', () => {
	expect(['model.pt', 'a.PTH', 'b.bin'].every(isTorchName)).toBe(true);
	expect(['model.safetensors', 'bin.txt'].some(isTorchName)).toBe(false);
});
