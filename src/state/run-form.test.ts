import { describe, expect, test } from 'vitest';
import { presetConfig } from '../experiment/presets';
import type { ItemOf } from '../storage/workspace/item-kinds';
import { freshRunDetail, noStoredInput } from '../storage/workspace/run-record';
import { errorCodeOf } from '../testing/error-code';
import type { ItemList } from '../wire/items';
import {
	baselineOf,
	defaultInput,
	formOfQuery,
	formOfRun,
	formOfTrainOn,
	isInputThere,
	offeredCorpora,
	parseSeeds,
	parseSettings,
	queryOfForm,
	requestsOf,
	unknownInQuery,
} from './run-form';
import { freshForm, noInput } from './run-form-store';

function listOf(...items: { kind: string; id: string; detail?: unknown }[]): ItemList {
	const envelope = { trashedAtMs: null, createdAtMs: 1, changedAtMs: 1, version: 1, revision: 1, parts: [] };
	const made = items.map((item) => ({ name: item.id, detail: {}, ...envelope, ...item }));
	return { items: made as unknown as ItemList['items'], unreadable: [], claimedRuns: [] };
}

const corpus = (id: string, train = 2000) => ({
	kind: 'corpus',
	id,
	detail: { sentences: { train, dev: 1, test: 1 } },
});

describe('seeds', () => {
	test('are whole numbers with commas or spaces, each once; none means the preset’s own', () => {
		expect(parseSeeds('1, 2,3 2')).toEqual([1, 2, 3]);
		expect(parseSeeds(' ')).toEqual([null]);
	});

	test.each(['1.5', 'a', '-1', '4294967296'])('%s is refused', (text) => {
		expect(errorCodeOf(() => parseSeeds(text))).toBe('seed-not-a-number');
	});
});

describe('settings as text', () => {
	test('are read one a line', () => {
		expect(parseSettings('# faster\nstages.0.epochs = 2\n\nmodel.heads=4\n')).toEqual({
			'stages.0.epochs': '2',
			'model.heads': '4',
		});
	});

	test('without a value are named with their line', () => {
		expect(() => parseSettings('model.heads=4\nstages.0.epochs')).toThrow(/Settings:2: /);
	});
});

describe('the runs of a form', () => {
	test('that Annotate filled in is the run that Annotate would have started, but for what was changed since', () => {
		const request = {
			kind: 'from-checkpoint' as const,
			input: { kind: 'stored' as const, stored: { ...noInput, corpusId: 'mine', wordVectorsId: 'w' } },
			name: 'model + 8',
			preset: 'sample',
			seed: null,
			settings: { 'stages.0.epochs': '40' },
			checkpointId: 'm',
		};
		const form = formOfTrainOn(request, null);
		expect(requestsOf(form)).toEqual([request]);
		const changed = { ...form, changes: { 'stages.0.epochs': '4' }, seeds: '7' };
		expect(requestsOf(changed)).toEqual([{ ...request, seed: 7, settings: { 'stages.0.epochs': '4' } }]);
	});

	test('are one for each seed, then the baseline’s, which keeps what concerns the whole run', () => {
		const changes = { 'model.heads': '4', 'stages.0.temperature': '0.07' };
		const requests = requestsOf({ ...freshForm, seeds: '1, 2', changes, hasBaseline: true });
		expect(requests.map(({ preset, seed }) => [preset, seed])).toEqual([
			['sample', 1],
			['sample', 2],
			['sample-flat', 1],
			['sample-flat', 2],
		]);
		expect(requests[0].settings).toEqual(changes);
		expect(requests[3].settings).toEqual({ 'model.heads': '4' });
		expect(requests[0].input).toMatchObject({ kind: 'stored', stored: { corpusId: 'sample' } });
	});

	test('say how many tokens the map has where it is not the usual number, as the address does', () => {
		expect(requestsOf(freshForm)[0]).not.toHaveProperty('mapPoints');
		const form = { ...freshForm, mapPoints: 20_000 as const };
		expect(requestsOf(form)[0].mapPoints).toBe(20_000);
		expect(formOfQuery(queryOfForm(form), null).mapPoints).toBe(20_000);
		expect(formOfQuery({ points: '7' }, null).mapPoints).toBe(4000);
	});

	test('are refused when a setting is out of its range, alone or with another', () => {
		expect(errorCodeOf(() => requestsOf({ ...freshForm, changes: { 'model.heads': '0' } }))).toBe(
			'setting-out-of-range',
		);
		const odd = 'model.heads=1\nmodel.headSize=3';
		expect(errorCodeOf(() => requestsOf({ ...freshForm, settings: odd }))).toBe('setting-out-of-range');
	});

	test('start from a checkpoint by its own settings', () => {
		const form = { ...freshForm, checkpointId: 'c', hasBaseline: true, changes: { 'model.heads': '4' } };
		expect(requestsOf(form)).toMatchObject([{ kind: 'from-checkpoint', checkpointId: 'c', settings: {} }]);
	});

	test('have a baseline only where there is a contrastive stage', () => {
		expect(baselineOf('weibo')).toBe('flat-stage2-weibo');
		expect(baselineOf('flat-weibo')).toBeNull();
	});
});

describe('the address', () => {
	test('holds the form and gives it again', () => {
		const form = { ...freshForm, preset: 'weibo', seeds: '7', changes: { 'stages.0.temperature': '0.07' } };
		expect(formOfQuery(queryOfForm(form), null)).toEqual(form);
	});

	test('of an unknown preset or setting means a first visit’s', () => {
		expect(formOfQuery({ preset: 'none', 'model.nothing': '1' }, null)).toEqual(freshForm);
	});

	test('of the smoke preset chooses its corpus', () => {
		expect(formOfQuery({ preset: 'smoke' }, null)).toMatchObject({ corpusId: 'smoke', preset: 'smoke' });
	});
});

function runItem(corpusId: string, settings: Partial<ReturnType<typeof freshRunDetail>> = {}) {
	const input = { ...noStoredInput, corpusId, lexiconId: 'l' };
	return { kind: 'run', id: 'r', detail: { ...freshRunDetail(input), ...settings } };
}

test('a corpus is trained with what its latest run had, as far as that is still there', () => {
	const list = listOf(corpus('c'), { kind: 'lexicon', id: 'l' }, runItem('c'));
	expect(defaultInput(list, 'c')).toEqual({ ...noInput, lexiconId: 'l' });
	expect(defaultInput(listOf(corpus('c'), runItem('c')), 'c')).toEqual(noInput);
	expect(defaultInput(list, 'other')).toEqual(noInput);
});

test('an earlier run fills the form in: corpus, seed and what differs from its preset on a corpus of that size', () => {
	const config = presetConfig('sample', 500);
	config.seed = 9;
	config.stages[0].temperature = 0.05;
	const list = listOf(corpus('c', 500), { kind: 'lexicon', id: 'l' });
	const item = { ...runItem('c', { config }), name: 'r' } as unknown as ItemOf<'run'>;
	expect(formOfRun(item, list)).toEqual({
		...freshForm,
		...noInput,
		corpusId: 'c',
		lexiconId: 'l',
		seeds: '9',
		changes: { 'stages.0.temperature': '0.05' },
	});
});

test('a form can start when all that it names is in the workspace', () => {
	const form = { ...freshForm, ...noInput, lexiconId: 'l', corpusId: 'c' };
	expect(isInputThere(listOf(corpus('c')), form)).toBe(false);
	expect(isInputThere(listOf(corpus('c'), { kind: 'lexicon', id: 'l' }), form)).toBe(true);
});

test('the samples come first, the smoke corpus last, also before it was fetched', () => {
	const ids = (list: ItemList) => offeredCorpora(list).map(({ id }) => id);
	expect(ids(listOf(corpus('own'), corpus('sample')))).toEqual(['sample', 'own', 'smoke']);
	expect(ids(listOf(corpus('smoke'), corpus('own')))).toEqual(['own', 'smoke']);
});

test('what an address asks for and is not here is named, and the form stands as on a first visit', () => {
	const query = { preset: 'none', corpus: 'gone', checkpoint: 'gone', from: 'gone', 'model.wings': '2' };
	const list = listOf(corpus('sample'));
	expect(unknownInQuery(query, list).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
		'presetKind none',
		'corpus gone',
		'model gone',
		'run gone',
		'settingKind model.wings',
	]);
	expect(formOfQuery(query, list)).toMatchObject({ preset: 'sample', corpusId: 'sample', checkpointId: null });
	const known = { preset: 'smoke', corpus: 'mine', 'model.heads': '4' };
	expect(unknownInQuery(known, listOf(corpus('mine')))).toEqual([]);
});
