// Puts the samples that come with the page into the workspace on the first visit, like anything that people import; what
// they delete of it later stays deleted.

import type { VectorUnits } from '../data/vectors/unit-text';
import { UserError } from '../util/errors';
import type { WorkerClient } from '../worker/client';

/** Gives a file of the page, such as `sample/train.conll`. */
export type FetchFile = (path: string) => Promise<Blob>;

/** Under this id the Chinese corpus and its lexicon stand; its vectors have the ids `sample-characters` and so on. */
export const sampleId = 'sample';
export const englishSampleId = 'sample-en';
/** A hundred short sentences with a lexicon: shows in seconds that everything works. Brought only when it is asked for. */
export const smokeId = 'smoke';

/** Raised when the sample's files change, so that they are brought again. */
const sampleVersion = 1;
const settingName = 'samples';

const vectorFiles: readonly { units: VectorUnits; file: string; name: string }[] = [
	{ units: 'characters', file: 'characters.vec.gz', name: 'Sample characters' },
	{ units: 'bigrams', file: 'bigrams.vec.gz', name: 'Sample bigrams' },
	{ units: 'words', file: 'words.vec.gz', name: 'Sample words' },
];

/** True when something was brought. Rejects when a file cannot be fetched or stored; the next visit tries again. */
export async function installSamples(client: WorkerClient, fetchFile: FetchFile): Promise<boolean> {
	const { value } = await client.ask('load-setting', { name: settingName });
	if (value === sampleVersion) return false;
	await installCorpus(client, fetchFile, { id: sampleId, folder: 'sample', name: 'Sample' });
	await installCorpus(client, fetchFile, { id: englishSampleId, folder: 'sample-en', name: 'Sample (English)' });
	const words = { name: 'lexicon.txt', content: await fetchFile('sample/lexicon.txt') };
	await unlessThere(() =>
		client.ask('import-lexicon', { task: 'sample-lexicon', file: words, name: 'Sample words', id: sampleId }),
	);
	for (const { units, file, name } of vectorFiles) {
		const content = await fetchFile(`sample/${file}`);
		const id = `${sampleId}-${units}`;
		const request = { corpusId: sampleId, units, lexiconId: units === 'words' ? sampleId : null, name, id };
		await unlessThere(() =>
			client.ask('import-vectors', { task: id, file: { name: `sample-${file}`, content }, ...request }),
		);
	}
	await client.ask('save-setting', { name: settingName, value: sampleVersion });
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
	await installCorpus(client, fetchFile, { id: smokeId, folder: 'smoke', name: 'Smoke corpus' });
	const file = { name: 'lexicon.txt', content: await fetchFile('smoke/lexicon.txt') };
	await unlessThere(() =>
		client.ask('import-lexicon', { task: 'smoke-lexicon', file, name: 'Smoke words', id: smokeId }),
	);
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
