// Fixture group bert-only: BERT as the whole encoder, words of several pieces, the first piece of each.

import type { LatticeSentence } from '../../data/lattice';
import type { TrainCall } from '../../model/network';
import { Network } from '../../model/network';
import { invariant } from '../../util/errors';
import { fixtureBert } from './bert-fixture';
import { tolerances } from './comparison';
import { type FixtureTensors, listFolder, readFixtureJson, readFixtureTensors } from './fixture-file';
import type { FixtureGroup } from './fixture-group';
import { bertAloneModel, flatParameters } from './fixture-network';
import { compareGradients } from './flat-tiny';
import { batchOf, realCharacterRows, realPaddedCharacters } from './padded-fixture';

export const bertOnly: FixtureGroup = {
	name: 'bert-only',
	needsDevice: true,
	cases: (folder) => (listFolder(folder).includes('expected.json') ? [''] : []),
	async run(folder, _name, comparison, device) {
		invariant(device, 'bert-only needs a device');
		const expected = readFixtureJson(folder, 'expected.json');
		const read = (file: string) => readFixtureTensors(folder, `${file}.safetensors`);
		const [inputs, parameters, outputs, gradients] = [read('inputs'), read('params'), read('outputs'), read('grads')];
		if (!inputs || !parameters || !outputs) {
			comparison.missing('all', 'inputs, params or outputs are absent');
			return;
		}
		const bert = fixtureBert(expected, expected.vocabulary_in_id_order__word_count_onlyDevTest, comparison);
		const labels = { tags: expected.labels };
		const network = new Network(device, bertAloneModel(bert.shape, labels.tags.length), labels);
		network.load(flatParameters(network.layout, parameters));
		const batch = batchOf(bert.withPieces(wordSentences(inputs)), device, 'ff_two');
		const compare = (name: string, actual: Float32Array, columns: number) => {
			const padded = outputs.floats(name);
			const wanted = padded && realPaddedCharacters(padded.values, batch, columns);
			comparison.compare(name, realCharacterRows(actual, batch, columns), wanted, tolerances.activation);
		};
		compare('bert_embed', await network.represent(batch), bert.shape.config.width);
		await network.inspect(batch, async ({ emissions }) =>
			compare('output_logits', await device.read(emissions.value), labels.tags.length),
		);
		device.openFrozen();
		const call: TrainCall = { objective: 'crf', trains: 'all', temperature: 1, seed: 1, step: 1 };
		const { loss } = await network.train(batch, call);
		comparison.compare('crf loss', [loss], [expected.loss_crf_mean], tolerances.crf);
		await compareGradients(network, call, gradients, comparison);
	},
};

/** Sentences of words, without a lattice beyond them. */
function wordSentences(inputs: FixtureTensors): LatticeSentence[] {
	const [words, lengths, target] = ['words', 'seq_len', 'target'].map((name) => inputs.integers(name));
	invariant(words && lengths && target, 'the fixture lacks words, seq_len or target');
	const [, width] = words.shape;
	const none = new Int32Array(0);
	return Array.from(lengths.values, (length, row) => ({
		characterRows: words.values.slice(row * width, row * width + length),
		bigramRows: new Int32Array(length).fill(1),
		wordRows: none,
		wordStart: none,
		wordLast: none,
		tags: target.values.slice(row * width, row * width + length),
	}));
}
