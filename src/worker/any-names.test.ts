// Names that every plain object answers to, as entity types, characters, words, files, corpora and settings: each is a name
// like any other, from the file to the table of results.

import { expect, test } from 'vitest';
import { publishedMetric } from '../analysis/published-metric';
import { splitResults } from '../analysis/run-results';
import { scoreByAllRules } from '../analysis/span-scores';
import type { PredictedSentence } from '../data/predicted-sentence';
import { prepareData } from '../data/prepare';
import { chooseSentences } from '../data/run-sentences';
import { presetConfig } from '../experiment/presets';
import { createImportStore, firstChanges } from '../state/import';
import { parseSettings, requestsOf } from '../state/run-form';
import { freshForm } from '../state/run-form-store';
import { requireSameInput } from '../storage/resume-state';
import { errorCodeOf } from '../testing/error-code';
import { connectPerTest } from '../testing/tiny-wire';
import { ownValue } from '../util/own-value';
import { readStoredCorpus } from './corpora/corpus-handlers';

const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
const connect = connectPerTest();
const columns = names.map((name) => `海 B-${name}\n淀 I-${name}\n好 O\n`).join('\n');
const file = (name: string, text: string) => ({ name, content: new Blob([text]) });

test('types of any name are imported, counted, examined, renamed and exported', async () => {
	const { client, context } = connect();
	const files = [file('constructor.train', columns), file('__proto__.dev', columns)];
	const [preview] = (await client.ask('preview-corpus', { task: 'p', files })).files;
	expect(preview.isRead && Object.entries(preview.parts[0].mentionsByType)).toEqual(names.map((name) => [name, 1]));
	const { id } = await client.ask('import-corpus', { task: 'i', files, name: '__proto__', id: '__proto__' });
	const opened = await client.ask('open-corpus', { id });
	expect(opened.types).toEqual(names.map((type) => ({ type, mentions: 2 })));
	const task = { task: 'e', id, lexiconId: null, characterVectorsId: null };
	const { numbers } = await client.ask('examine-corpus', task);
	expect(numbers.types.map(({ type }) => type).sort()).toEqual([...names].sort());
	const changes = [{ kind: 'rename-types' as const, types: ['__proto__'], to: 'valueOf' }];
	const { files: exported } = await client.ask('export-corpus', { id, format: 'conll', changes });
	expect(exported.map(({ name }) => name)).toEqual(['__proto__.train.conll', '__proto__.dev.conll']);
	expect(await exported[0].file.text()).toContain('B-valueOf');
	const { view } = await readStoredCorpus(await context.workspace(), id);
	expect(view.name).toBe('__proto__');
});

test('words and characters of any name have rows of their own', () => {
	const sentence = { characters: [...names], tags: names.map(() => 'O'), line: 1 };
	const split = { sentences: [sentence], notes: [] };
	const config = presetConfig('sample');
	const sentences = chooseSentences({ train: split, dev: split, test: split, data: config.data });
	const vectors = { characterVectors: null, bigramVectors: null, wordVectors: null };
	const lexiconWords = ['__proto__constructor'];
	const { data } = prepareData({ sentences, config, lexiconWords, ...vectors, seed: 1 });
	const { words } = data.lattice.vocabulary;
	expect(words.slice(2)).toEqual([...names, '__proto__constructor']);
	expect(new Set(data.splits.train[0].characterRows).size).toBe(names.length);
	expect(data.lexiconWords).toEqual(['__proto__constructor']);
});

test('scores by type keep every type, in a record of JSON too', () => {
	const tagsOf = (name: string) => [`B-${name}`, `I-${name}`, 'O'];
	const pairs = names.map((name) => ({ predicted: tagsOf(name), gold: tagsOf(name) }));
	const { strict } = scoreByAllRules(pairs);
	expect(strict.macro.f1).toBe(1);
	const { perType } = JSON.parse(JSON.stringify(strict)) as typeof strict;
	expect(names.map((name) => ownValue(perType, name)?.support)).toEqual(names.map(() => 1));
	expect(ownValue(strict.perType, 'isPrototypeOf')).toBeUndefined();
	expect(publishedMetric(pairs, { encoding: 'bio' })).toMatchObject({ 'f-__proto__': 1, 'f-constructor': 1 });
	const predicted = pairs.map((pair, index): PredictedSentence => {
		const characters = ['海', '淀', '好'];
		return { ref: { split: 'dev', index }, start: 0, characters, isInTrain: false, ...pair };
	});
	expect(Object.keys(splitResults(predicted).scores.strict.perType).sort()).toEqual([...names].sort());
});

test('a type of any name stays as it is in an import until it is mapped', () => {
	const { client } = connect();
	const store = createImportStore(client);
	expect(firstChanges(store.getState())).toEqual([]);
	for (const name of names) store.getState().mapType(name, 'LOC');
	expect(firstChanges(store.getState())).toEqual([{ kind: 'rename-types', types: names, to: 'LOC' }]);
});

test('a setting of any name is refused by it', () => {
	for (const name of names) {
		expect(Object.entries(parseSettings(`${name} = 1`))).toEqual([[name, '1']]);
		expect(errorCodeOf(() => requestsOf({ ...freshForm, settings: `${name} = 1` }))).toBe('unknown-setting');
		expect(errorCodeOf(() => requestsOf({ ...freshForm, settings: `${name}.x = 1` }))).toBe('unknown-setting');
	}
});

test('an input of any role is compared by what it is', () => {
	const saved = JSON.parse('{"__proto__": "ab"}') as Record<string, string>;
	expect(errorCodeOf(() => requireSameInput(saved, {}))).toBe('resume-other-input');
	expect(errorCodeOf(() => requireSameInput({}, { constructor: 'ab' } as never))).toBe('resume-other-input');
	requireSameInput(saved, saved);
});
