// What a corpus is called when nobody has said: what its files' names have in common, else after its format.

import { titleOf } from '../data/formats/format-list';
import { splitOfKey } from '../data/formats/split-names';
import type { WorkerClient } from '../wire/client';
import type { FilePreview } from '../wire/imports';
import { nameOfFile } from './workspace';

/** Words in names of files that say a form only. */
const formWords =
	/^(char|word|bmes|bio|bioes|bieo|iob|iob2|conll|txt|json|jsonl|csv|tsv|ann|parquet|gz|bz2|zst|zip|tar|utf8)$/i;

/**
 * What stands before the splits in all names (`weiboNER_2nd_conll.train`), else the words that all have beside split and
 * form (`dev_weibo.txt`), else the folder or archive that they lie in. Empty where nothing says anything.
 */
export function commonName(paths: readonly string[]): string {
	const names = paths.map((path) => path.split(/[\\/]/).at(-1) ?? path);
	return commonStem(names) || commonWords(names) || commonFolder(paths);
}

function commonStem(names: readonly string[]): string {
	const [first = '', ...others] = names.map(stemOf);
	return others.every((other) => other === first) ? first : '';
}

/** What stands before the word that names a split; the whole name without its endings where none does. */
function stemOf(name: string): string {
	const words = name.split(/(?<=[-_. ])/);
	const splitAt = words.findIndex((word) => splitOfKey(word.replace(/[-_. ]$/, '')) !== null);
	return splitAt < 0
		? nameOfFile(name)
		: words
				.slice(0, splitAt)
				.join('')
				.replace(/[-_. ]+$/, '');
}

function commonWords(names: readonly string[]): string {
	const lists = names.map((name) => name.split(/[-_. ]+/));
	const isTelling = (word: string) => word !== '' && splitOfKey(word) === null && !formWords.test(word);
	return (lists[0] ?? []).filter((word) => isTelling(word) && lists.every((words) => words.includes(word))).join('_');
}

function commonFolder(paths: readonly string[]): string {
	const folders = paths.map((path) => path.split(/[\\/]/).slice(0, -1));
	const [first = []] = folders;
	const shared = first.filter((name, depth) => folders.every((other) => other[depth] === name));
	return nameOfFile(shared.at(-1) ?? '');
}

/** The format's name with the first number that no corpus has. */
export async function nameByFormat(
	client: WorkerClient,
	files: readonly { preview: FilePreview | null }[],
): Promise<string> {
	const read = files.map(({ preview }) => preview).find((preview) => preview?.isRead);
	const format = read?.isRead ? titleOf(read.format) : 'Corpus';
	const { items } = await client.ask('list-items', { kind: 'corpus' });
	const taken = new Set(items.map(({ name }) => name));
	let number = 1;
	while (taken.has(`${format} ${number}`)) number++;
	return `${format} ${number}`;
}
