import { expect, test } from 'vitest';
import { presetConfig } from '../experiment/presets';
import { tinyCorpus } from '../testing/tiny-corpus';
import { UserError } from '../util/errors';
import { type PrepareInput, prepareData } from './prepare';
import { prepareContinued } from './prepare-continued';
import { chooseSentences } from './run-sentences';
import { type KeptVectors, readVectors } from './vector-file';

const vectors = (text: string): Promise<KeptVectors> =>
	readVectors(new Blob([text]).stream(), { file: 'a.vec', wants: () => true });

async function inputOf(train: string[], changes: Partial<PrepareInput> = {}): Promise<PrepareInput> {
	const { splits } = tinyCorpus({ train, dev: ['好'], test: ['好'] });
	const split = (sentences: (typeof splits)['train']) => ({ sentences, notes: [] });
	const corpora = { train: split(splits.train), dev: split(splits.dev), test: split(splits.test) };
	const none = { characterVectors: null, bigramVectors: null, wordVectors: null, lexiconWords: null };
	const config = presetConfig('smoke');
	return { sentences: chooseSentences({ ...corpora, data: config.data }), ...none, config, seed: 1, ...changes };
}

test('rows for new characters follow those of the model, which stay as they are', async () => {
	const { data: trained } = prepareData(
		await inputOf(['[海]LOC好'], { characterVectors: await vectors('2 2\n海 3 4\n好 1 0') }),
	);
	const more = { characterVectors: await vectors('3 2\n海 9 9\n湖 0 2\n川 1 1') };
	const { data } = prepareContinued(await inputOf(['[湖]LOC好'], more), trained);
	const { rowCount, values, vocabulary } = data.lattice;
	expect(rowCount).toBe(trained.lattice.rowCount + 1);
	expect([...values.subarray(0, trained.lattice.values.length)]).toEqual([...trained.lattice.values]);
	expect([...values.subarray(-2)]).toEqual([0, 1]);
	expect(vocabulary.words.at(-1)).toBe('湖');
	expect([...data.splits.train[0].characterRows]).toEqual([
		rowCount - 1,
		trained.lattice.rowOfId[trained.lattice.vocabulary.words.indexOf('好')],
	]);
	expect(data.labels).toBe(trained.labels);
});

test('the same corpus gives the same lattices again', async () => {
	const input = await inputOf(['[白云]LOC很美', '[李明]PER走了'], { lexiconWords: ['白云', '李明'] });
	const { data: trained } = prepareData(input);
	const { data } = prepareContinued(input, trained);
	expect(data.splits).toEqual(trained.splits);
	expect(data.lattice.values).toBe(trained.lattice.values);
});

test('vectors of another width are refused with both widths', async () => {
	const { data: trained } = prepareData(
		await inputOf(['[海]LOC好'], { characterVectors: await vectors('1 2\n海 3 4') }),
	);
	const input = await inputOf(['[湖]LOC好'], { characterVectors: await vectors('1 3\n湖 1 2 3') });
	const error = (() => {
		try {
			prepareContinued(input, trained);
		} catch (caught) {
			return caught;
		}
	})();
	expect(error).toBeInstanceOf(UserError);
	expect(error).toMatchObject({ code: 'vectors-other-width', found: '3' });
});
