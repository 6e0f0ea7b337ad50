// Commands about corpora: opening one, saving what was done to it, and its sentences in parts, so that the page never
// holds all of them.

import { type Corpus, type Sentence, type SentenceRef, splitNames } from '../data/corpus';
import { tagsToSpans } from '../data/tag-scheme';
import { changesPart, corpusPart, decodeCorpus, decodeJson, encodeJson } from '../storage/workspace/corpus-record';
import type { ItemOf } from '../storage/workspace/item-kinds';
import type { Workspace } from '../storage/workspace/workspace';
import { mostRows, type SentenceFilter, type SentencePage, type SentenceRow } from './data-commands';
import type { Handlers } from './serve';
import type { WorkerContext } from './worker-context';

type CorpusCommand = 'open-corpus' | 'save-corpus-changes' | 'sentences';

export interface StoredCorpus {
	item: ItemOf<'corpus'>;
	/** As it was imported. */
	corpus: Corpus;
	changes: unknown[];
}

/** Throws a UserError `storage-…`. */
export async function readStoredCorpus(workspace: Workspace, id: string): Promise<StoredCorpus> {
	const item = await workspace.get('corpus', id);
	const corpus = decodeCorpus(await workspace.readPart('corpus', id, corpusPart));
	return { item, corpus, changes: await readChanges(workspace, item) };
}

async function readChanges(workspace: Workspace, { id, parts }: ItemOf<'corpus'>): Promise<unknown[]> {
	if (!parts.some(({ name }) => name === changesPart)) return [];
	const changes = decodeJson(await workspace.readPart('corpus', id, changesPart));
	return Array.isArray(changes) ? changes : [];
}

export function corpusHandlers(context: WorkerContext): Pick<Handlers, CorpusCommand> {
	/** The corpus whose sentences were asked for last: paging reads it once. */
	let last: StoredCorpus | null = null;
	const corpusOf = async (id: string): Promise<StoredCorpus> => {
		const workspace = await context.workspace();
		const { revision } = await workspace.get('corpus', id);
		if (last?.item.id !== id || last.item.revision !== revision) last = await readStoredCorpus(workspace, id);
		return last;
	};
	return {
		'open-corpus': async ({ id }) => {
			const { item, changes } = await corpusOf(id);
			return { item, changes };
		},
		'save-corpus-changes': async ({ id, revision, changes }) => {
			const workspace = await context.workspace();
			const { detail } = await workspace.get('corpus', id);
			const saved = await workspace.update('corpus', id, {
				revision,
				nowMs: context.nowMs(),
				detail: { ...detail, changeCount: changes.length },
				parts: { [changesPart]: encodeJson(changes) },
			});
			return { revision: saved.revision };
		},
		sentences: async ({ id, filter, offset, limit }) => pageOf(await corpusOf(id), filter, offset, limit),
	};
}

function pageOf({ item, corpus }: StoredCorpus, filter: SentenceFilter, offset: number, limit: number): SentencePage {
	const rows: SentenceRow[] = [];
	const last = offset + Math.min(limit, mostRows);
	let total = 0;
	for (const split of splitNames) {
		if (filter.split && filter.split !== split) continue;
		for (const [index, sentence] of corpus.splits[split].entries()) {
			if (!passes(sentence, corpus, filter)) continue;
			if (total >= offset && total < last) rows.push(rowOf({ split, index }, sentence, corpus));
			total++;
		}
	}
	return { total, rows, revision: item.revision };
}

function passes(sentence: Sentence, { unit, scheme }: Corpus, { text, entityType }: SentenceFilter): boolean {
	const joint = unit === 'word' ? ' ' : '';
	if (text && !sentence.characters.join(joint).includes(text)) return false;
	if (!entityType) return true;
	return tagsToSpans(sentence.tags ?? [], scheme).some((span) => span.type === entityType);
}

function rowOf(ref: SentenceRef, { characters, tags, line }: Sentence, { scheme }: Corpus): SentenceRow {
	return { ref, line, characters, spans: tagsToSpans(tags ?? [], scheme), hasTags: tags !== null };
}
