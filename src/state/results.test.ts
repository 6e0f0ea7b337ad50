import { afterEach, beforeEach, expect, test } from 'vitest';
import { splitResults } from '../analysis/run-results';
import type { PredictedSentence } from '../data/predicted-sentence';
import { presetConfig } from '../experiment/presets';
import { encodePredictions } from '../storage/predictions-file';
import { freshRunDetail, noStoredInput } from '../storage/workspace/run-record';
import { connectTiny, type TinyWire } from '../testing/tiny-wire';
import { freshIndexedDB } from '../testing/tiny-workspace';
import { comparisonKey, createResultsStore, groupFiles } from './results';

let wire: TinyWire;
beforeEach(() => {
	freshIndexedDB();
	wire = connectTiny();
});
afterEach(() => wire.close());

async function addRun(id: string, predicted: string[] | null) {
	const sentences: PredictedSentence[] = (predicted ?? []).map((tag, index) => ({
		ref: { split: 'test', index },
		start: 0,
		characters: [String(index)],
		gold: ['B-PER'],
		predicted: [tag],
		isInTrain: false,
	}));
	const test = splitResults(sentences);
	const detail = {
		...freshRunDetail(noStoredInput),
		config: presetConfig('smoke'),
		results: { stage: 'full', epoch: 1, dev: null, test },
	};
	const bytes = encodePredictions({ split: 'test', stage: 'full', epoch: 1, sentences });
	const parts = predicted ? { 'predictions/test': bytes } : undefined;
	await (await wire.context.workspace()).create({ kind: 'run', id, name: id, detail, parts, nowMs: 1 });
}

const choice = (id: string) => ({ id, revision: 1, split: 'test' as const, rule: 'strict' as const });
const until = async (isThere: () => unknown) => {
	while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 2));
};

test('an opened result brings its scores and the first errors under the filter', async () => {
	await addRun('a', ['O', 'B-LOC', 'B-PER']);
	const store = createResultsStore(wire.client, '');
	store.getState().open(choice('a'), { kind: 'missed' });
	await until(() => store.getState().errors.total !== null && store.getState().opened);
	expect(store.getState()).toMatchObject({ errors: { total: 1 }, kinds: { missed: 1, type: 1 }, problem: null });
	store.getState().open(choice('a'), {});
	await until(() => store.getState().errors.total !== null);
	expect(store.getState().errors.rows).toHaveLength(2);
});

test('a run without predictions says so, without an error', async () => {
	await addRun('old', null);
	const store = createResultsStore(wire.client, '');
	store.getState().open(choice('old'), {});
	await until(() => store.getState().hasNoPredictions);
	await until(() => store.getState().errors.total !== null);
	expect(store.getState()).toMatchObject({ opened: null, problem: null, errors: { total: 0 } });
});

test('a comparison is computed once, and one that failed is tried again', async () => {
	await addRun('a', ['O']);
	const store = createResultsStore(wire.client, '');
	const compared = { first: ['a'], second: ['b'], split: 'test' as const, rule: 'strict' as const };
	await store.getState().compare(compared);
	expect(store.getState().comparisons[comparisonKey(compared)].kind).toBe('failed');
	await addRun('b', ['B-PER']);
	await store.getState().compare(compared);
	expect(store.getState().comparisons[comparisonKey(compared)]).toMatchObject({
		kind: 'done',
		comparison: { outcomes: { fixed: 1 } },
	});
});

test('files are grouped by the folder of their result', () => {
	const file = (name: string) => ({ name, content: new Blob() });
	const names = ['r/a/result.json', 'r/b/result.json', 'r/a/metrics.jsonl', 'r/b/metrics.jsonl', 'whole.json'];
	const groups = groupFiles(names.map(file)).map((group) => group.map(({ name }) => name));
	expect(groups).toEqual([
		['r/a/result.json', 'r/a/metrics.jsonl'],
		['r/b/result.json', 'r/b/metrics.jsonl'],
		['whole.json'],
	]);
	expect(groupFiles([file('metrics.jsonl')])).toHaveLength(1);
});
