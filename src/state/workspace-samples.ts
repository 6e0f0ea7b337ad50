// Puts the samples that come with the page into the workspace on the first visit, like anything that people import; what
// they delete of it later stays deleted.

import type { VectorUnits } from '../data/vectors/unit-text';
import type { ItemKind } from '../storage/workspace/item-record';
import { UserError } from '../util/errors';
import type { WorkerClient } from '../worker/client';
import type { Language } from './preferences';

/** Gives a file of the page, such as `sample/train.conll`. */
export type FetchFile = (path: string) => Promise<Blob>;

/** Under this id the Chinese corpus and its lexicon stand; its vectors have the ids `sample-characters` and so on. */
export const sampleId = 'sample';
export const englishSampleId = 'sample-en';

/** Raised when the sample's files change, so that they are brought again. */
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
	[`lexicon/${sampleId}`]: { en: 'Sample words', zh: '样例词表' },
	[`vectors/${sampleId}-characters`]: { en: 'Sample characters', zh: '样例单字' },
	[`vectors/${sampleId}-bigrams`]: { en: 'Sample bigrams', zh: '样例双字' },
	[`vectors/${sampleId}-words`]: { en: 'Sample words', zh: '样例词' },
};

/** What an item is called in a language: a sample that nobody has renamed, in that language; others as they are. */
export function displayName(
	{ kind, id, name }: { kind: string; id: string; name: string },
	language: Language,
): string {
	const names = sampleNames[`${kind}/${id}`];
	return names?.en === name ? names[language] : name;
}

/** True when something was brought. Rejects when a file cannot be fetched or stored; the next visit tries again. */
export async function installSamples(client: WorkerClient, fetchFile: FetchFile): Promise<boolean> {
	const { value } = await client.ask('load-setting', { name: settingName });
	if (value === sampleVersion) return false;
	await installCorpus(client, fetchFile, { id: sampleId, folder: 'sample', name: nameOf('corpus', sampleId) });
	await installCorpus(client, fetchFile, {
		id: englishSampleId,
		folder: 'sample-en',
		name: nameOf('corpus', englishSampleId),
	});
	const words = { name: 'lexicon.txt', content: await fetchFile('sample/lexicon.txt') };
	await unlessThere(() =>
		client.ask('import-lexicon', {
			task: 'sample-lexicon',
			file: words,
			name: nameOf('lexicon', sampleId),
			id: sampleId,
		}),
	);
	for (const { units, file } of vectorFiles) {
		const content = await fetchFile(`sample/${file}`);
		const id = `${sampleId}-${units}`;
		const request = { corpusId: sampleId, units, lexiconId: units === 'words' ? sampleId : null, id };
		const name = nameOf('vectors', id);
		await unlessThere(() =>
			client.ask('import-vectors', { task: id, file: { name: `sample-${file}`, content }, name, ...request }),
		);
	}
	await client.ask('save-setting', { name: settingName, value: sampleVersion });
	return true;
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
