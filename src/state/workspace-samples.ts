// Puts the samples that come with the page into the workspace on the first visit, like anything that people import; what
// they delete of it later stays deleted.

import type { VectorUnits } from '../data/vectors/unit-text';
import type { ItemKind } from '../storage/workspace/item-record';
import { UserError } from '../util/errors';
import type { WorkerClient } from '../wire/client';
import type { Language } from './preferences';

/** Gives a file of the page, such as `sample/train.conll`. */
export type FetchFile = (path: string) => Promise<Blob>;

/** Under this id the Chinese corpus and its lexicon stand; its vectors have the ids `sample-characters` and so on. */
export const sampleId = 'sample';
export const englishSampleId = 'sample-en';
/** A hundred short sentences with a lexicon: shows in seconds that everything works. Brought only when it is asked for. */
export const smokeId = 'smoke';

/** Raised when there are new samples, so that those are brought; what people deleted of the earlier ones stays away. */
const sampleVersion = 1;
const settingName = 'samples';

const vectorFiles: readonly { units: VectorUnits; file: string }[] = [
	{ units: 'characters', file: 'characters.vec.gz' },
	{ units: 'bigrams', file: 'bigrams.vec.gz' },
	{ units: 'words', file: 'words.vec.gz' },
];

/** Names of the samples by kind and id; in the first language they are stored. */
const sampleNames: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
	[`corpus/${sampleId}`]: { en: 'Sample', zh: '样例' },
	[`corpus/${englishSampleId}`]: { en: 'Sample (English)', zh: '英文样例' },
	[`lexicon/${sampleId}`]: { en: 'Sample words', zh: '样例词典' },
	[`corpus/${smokeId}`]: { en: 'Smoke corpus', zh: '测试用小语料' },
	[`lexicon/${smokeId}`]: { en: 'Smoke words', zh: '测试用小词典' },
	[`vectors/${sampleId}-characters`]: { en: 'Sample characters', zh: '样例字向量' },
	[`vectors/${sampleId}-bigrams`]: { en: 'Sample bigrams', zh: '样例双字向量' },
	[`vectors/${sampleId}-words`]: { en: 'Sample words', zh: '样例词向量' },
};

/** What an item is called in a language: a sample that nobody has renamed, in that language; others as they are. */
export function displayName(
	{ kind, id, name }: { kind: string; id: string; name: string },
	language: Language,
): string {
	const names = sampleNames[`${kind}/${id}`];
	return names?.en === name ? names[language] : name;
}

/** Whether an item came with the page, renamed or changed since or not. */
export function isSample(kind: string, id: string): boolean {
	return Object.hasOwn(sampleNames, `${kind}/${id}`);
}

/** What a visit has brought. Early visits kept the version alone, which was 1. */
interface Brought {
	version: number;
	/** `kind/id` of all that was brought so far, kept or deleted since. */
	items: readonly string[];
}

/** `kind/id` of what a first visit brings. */
export const firstItems = [
	`corpus/${sampleId}`,
	`corpus/${englishSampleId}`,
	`lexicon/${sampleId}`,
	...vectorFiles.map(({ units }) => `vectors/${sampleId}-${units}`),
];

function readBrought(value: unknown): Brought {
	if (typeof value === 'number') return { version: value, items: firstItems };
	const { version, items } = (value ?? {}) as Partial<Brought>;
	return { version: Number(version ?? 0), items: Array.isArray(items) ? items.map(String) : [] };
}

/** True when something was brought. Rejects when a file cannot be fetched or stored; the next visit tries again. */
export async function installSamples(
	client: WorkerClient,
	fetchFile: FetchFile,
	version = sampleVersion,
): Promise<boolean> {
	const before = readBrought((await client.ask('load-setting', { name: settingName })).value);
	if (before.version >= version) return false;
	const brought = new Set(before.items);
	const bring = async (name: string, work: () => Promise<unknown>) => {
		if (!brought.has(name)) await work();
		brought.add(name);
	};
	for (const [id, folder] of Object.entries({ [sampleId]: 'sample', [englishSampleId]: 'sample-en' })) {
		await bring(`corpus/${id}`, () => installCorpus(client, fetchFile, { id, folder, name: nameOf('corpus', id) }));
	}
	await bring(`lexicon/${sampleId}`, async () => {
		const file = { name: 'lexicon.txt', content: await fetchFile('sample/lexicon.txt') };
		const name = nameOf('lexicon', sampleId);
		await unlessThere(() => client.ask('import-lexicon', { task: 'sample-lexicon', file, name, id: sampleId }));
	});
	for (const { units, file } of vectorFiles) {
		const id = `${sampleId}-${units}`;
		await bring(`vectors/${id}`, async () => {
			const content = await fetchFile(`sample/${file}`);
			const request = { corpusId: sampleId, units, lexiconId: units === 'words' ? sampleId : null, id };
			const name = nameOf('vectors', id);
			await unlessThere(() =>
				client.ask('import-vectors', { task: id, file: { name: `sample-${file}`, content }, name, ...request }),
			);
		});
	}
	const value: Brought = { version, items: [...brought] };
	await client.ask('save-setting', { name: settingName, value });
	return true;
}

/** Puts the smoke corpus and its lexicon into the workspace, unless they are there. Rejects as `installSamples` does. */
export async function installSmoke(client: WorkerClient, fetchFile: FetchFile): Promise<void> {
	const { items } = await client.ask('list-items', {});
	for (const kind of ['corpus', 'lexicon'] as const) {
		const trashed = items.find((item) => item.kind === kind && item.id === smokeId && item.trashedAtMs !== null);
		if (trashed) await client.ask('restore-item', { kind, id: smokeId });
	}
	if (items.filter(({ kind, id }) => (kind === 'corpus' || kind === 'lexicon') && id === smokeId).length === 2) return;
	await installCorpus(client, fetchFile, { id: smokeId, folder: 'smoke', name: nameOf('corpus', smokeId) });
	const file = { name: 'lexicon.txt', content: await fetchFile('smoke/lexicon.txt') };
	await unlessThere(() =>
		client.ask('import-lexicon', { task: 'smoke-lexicon', file, name: nameOf('lexicon', smokeId), id: smokeId }),
	);
}

function nameOf(kind: ItemKind, id: string): string {
	return sampleNames[`${kind}/${id}`].en;
}

interface SampleCorpus {
	id: string;
	folder: string;
	name: string;
}

async function installCorpus(client: WorkerClient, fetchFile: FetchFile, { id, folder, name }: SampleCorpus) {
	const splits = ['train', 'dev', 'test'];
	const files = await Promise.all(
		splits.map(async (split) => ({ name: `${split}.conll`, content: await fetchFile(`${folder}/${split}.conll`) })),
	);
	const unit = folder === 'sample-en' ? ('word' as const) : ('character' as const);
	const chosen = files.map((file) => ({ ...file, choices: { unit } }));
	await unlessThere(() => client.ask('import-corpus', { task: `install-${id}`, files: chosen, name, id }));
}

/** Another tab, or a visit that broke off, may have brought it already. */
async function unlessThere(work: () => Promise<unknown>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!(error instanceof UserError && error.code === 'workspace-conflict')) throw error;
	}
}
