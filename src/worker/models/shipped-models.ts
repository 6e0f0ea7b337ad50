// The checkpoints that come with the page: their list and their files, read over the page's own origin only.

import { UserError } from '../../util/errors';
import type { ShippedModel } from '../../wire/models';
import type { Task } from '../tasks';

/** As models/models.json has it; `devF1` and `testF1` are the shipped seed's. */
interface ListedModel extends Omit<ShippedModel, 'url' | 'devF1' | 'testF1'> {
	file: string;
	devF1: number;
	testF1: number;
}

interface Measured {
	devF1: { mean: number; deviation: number | null };
	testF1: { mean: number; deviation: number | null };
	runs: unknown[];
}

/** The list, empty where none is served. `base` is the address of the page. */
export async function readShippedList(base: string, get = fetch): Promise<ShippedModel[]> {
	const response = await get(new URL('models/models.json', base));
	// A host that answers every path with its page sends no JSON.
	const isJson = response.ok && (response.headers.get('content-type') ?? '').includes('json');
	if (!isJson) return [];
	const { models } = (await response.json()) as { models: ListedModel[] };
	const described = await Promise.all(models.map((model) => describe(model, base, get)));
	// The page is about NerCo; FLAT is what it is compared with.
	return described.sort((left, right) => Number(right.method === 'NerCo') - Number(left.method === 'NerCo'));
}

async function describe({ file, ...model }: ListedModel, base: string, get: typeof fetch): Promise<ShippedModel> {
	const url = new URL(`models/${file}`, base);
	const response = await get(new URL('metrics.json', url));
	const measured = response.ok ? ((await response.json()) as Measured) : null;
	const score = (name: 'devF1' | 'testF1') =>
		measured ? { ...measured[name], seeds: measured.runs.length } : { mean: model[name], deviation: null, seeds: 1 };
	return { ...model, url: url.href, devF1: score('devF1'), testF1: score('testF1') };
}

/** The bytes of a shipped model. Throws `model-not-served` or `model-cut-off`. */
export async function fetchModel(
	{ url, sizeBytes }: { url: string; sizeBytes: number },
	report: Task['report'],
	get = fetch,
): Promise<Uint8Array<ArrayBuffer>> {
	const response = await get(url);
	if (!response.ok || !response.body) throw notServed(url, `answer ${response.status}`);
	const bytes = new Uint8Array(sizeBytes);
	let done = 0;
	const reader = response.body.getReader();
	for (;;) {
		const { value } = await reader.read();
		if (!value) break;
		if (done + value.length > sizeBytes) throw notServed(url, 'a longer file');
		bytes.set(value, done);
		done += value.length;
		await report({ done, total: sizeBytes, unit: 'bytes', counts: {} });
	}
	if (done < sizeBytes) throw cutOff(url, done, sizeBytes);
	return bytes;
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

function cutOff(url: string, done: number, size: number): UserError {
	return new UserError({
		code: 'model-cut-off',
		location: { file: fileOf(url) },
		expected: `${megabytes(size)} MB`,
		found: `a download that ended after ${megabytes(done)} MB`,
		remedy: 'Download it again.',
	});
}

function notServed(url: string, found: string): UserError {
	return new UserError({
		code: 'model-not-served',
		location: { file: fileOf(url) },
		expected: 'the model that comes with the page',
		found,
		remedy: 'Reload the page, or choose another model.',
	});
}

const fileOf = (url: string) => url.split('/').slice(-2).join('/');
