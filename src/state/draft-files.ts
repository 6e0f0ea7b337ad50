// Work on a corpus that could not be stored, as files to keep outside the browser: the corpus with its labels where it can still be read,
// and always the changes themselves, which memory holds.

import type { CorpusDraft } from '../wire/annotation';
import type { WorkerClient } from '../wire/client';

export async function draftFiles(
	client: WorkerClient,
	id: string,
	name: string,
	draft: CorpusDraft | null,
): Promise<{ name: string; file: Blob }[]> {
	if (!draft) return [];
	const text = JSON.stringify({ corpus: { id, name }, ...draft });
	const own = { name: `${name}.changes.json`, file: new Blob([text], { type: 'application/json' }) };
	try {
		const { files } = await client.ask('export-corpus', { id, format: 'conll', changes: [...draft.changes] });
		return [...files, own];
	} catch {
		// The corpus cannot be read now, or this format cannot carry it: the changes are what would be lost.
		return [own];
	}
}
