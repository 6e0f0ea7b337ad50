import { expect, test } from 'vitest';
import { errorCodeOfAsync } from '../../testing/error-code';
import { fetchModel, readShippedList } from './shipped-models';

const json = (value: unknown) => Response.json(value);
const report = async () => {};
const listed = { method: 'FLAT', preset: 'p', corpus: 'sample', parameters: 3, seed: 1, sizeBytes: 4 };

function served(files: Record<string, () => Response>): typeof fetch {
	return async (address) => files[String(address)]?.() ?? new Response('', { status: 404 });
}

test('the list names files beside the page, NerCo first, with means over seeds where they were measured', async () => {
	const get = served({
		'https://host/base/models/models.json': () =>
			json({
				models: [
					{ ...listed, name: 'flat', file: 'flat/m', devF1: 0.5, testF1: 0.4 },
					{ ...listed, name: 'nerco', method: 'NerCo', file: 'nerco/m', devF1: 0.6, testF1: 0.5 },
				],
			}),
		'https://host/base/models/nerco/metrics.json': () =>
			json({ devF1: { mean: 0.7, deviation: 0.1 }, testF1: { mean: 0.6, deviation: 0.2 }, runs: [{}, {}, {}] }),
	});
	const [first, second] = await readShippedList('https://host/base/', get);
	expect(first).toMatchObject({ name: 'nerco', url: 'https://host/base/models/nerco/m' });
	expect(first.testF1).toEqual({ mean: 0.6, deviation: 0.2, seeds: 3 });
	expect(second.devF1).toEqual({ mean: 0.5, deviation: null, seeds: 1 });
});

test('a page without models has an empty list, also where the host answers with its page', async () => {
	expect(await readShippedList('https://host/', served({}))).toEqual([]);
	const page = () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
	expect(await readShippedList('https://host/', served({ 'https://host/models/models.json': page }))).toEqual([]);
});

test('a model that is cut off or not there is refused', async () => {
	const ask = (body: string, sizeBytes: number) =>
		fetchModel({ url: 'https://host/m', sizeBytes }, report, served({ 'https://host/m': () => new Response(body) }));
	expect(new TextDecoder().decode(await ask('abcd', 4))).toBe('abcd');
	expect(await errorCodeOfAsync(() => ask('abc', 4))).toBe('model-cut-off');
	expect(await errorCodeOfAsync(() => ask('abcde', 4))).toBe('model-not-served');
	expect(await errorCodeOfAsync(() => fetchModel({ url: 'https://host/n', sizeBytes: 1 }, report, served({})))).toBe(
		'model-not-served',
	);
});
