// Commands about stored corpora: opening one, what was done to it, its sentences in parts, so that the page never holds
// all of them, examining and exporting it.

import { type Corpus, type Sentence, type SentenceRef, type SplitName, splitNames } from '../../data/corpus';
import { applyChanges, type CorpusChange, type CorpusView, corpusOfView } from '../../data/corpus-changes';
import { examineCorpus } from '../../data/corpus-checks/examine';
import { type CorpusReview, readReview, writeReview } from '../../data/corpus-review';
import type { TextFormat } from '../../data/formats/format-list';
import { writeCorpus } from '../../data/formats/write-corpus';
import { buildLexicon } from '../../data/lexicon';
import { readChanges } from '../../data/read-changes';
import { planRelabel } from '../../data/relabel-mentions';
import { indexSentences, pageOfRows, type SentenceIndex, searchSentences } from '../../data/sentence-index';
import { atOnce } from '../../data/slices';
import { spansOf } from '../../data/spans';
import type { TagScheme } from '../../data/tag-scheme';
import {
	changesPart,
	corpusPart,
	decodeChanges,
	decodeCorpus,
	decodeJson,
	encodeCorpus,
	encodeJson,
	reviewPart,
} from '../../storage/workspace/corpus-record';
import type { AnyItem, ItemOf } from '../../storage/workspace/item-kinds';
import { decodeWords, wordsPart } from '../../storage/workspace/lexicon-record';
import { decodeVectors, vectorsPart } from '../../storage/workspace/vectors-record';
import type { Workspace } from '../../storage/workspace/workspace';
import { maxRows, type SentenceFilter, type SentencePage, type SentenceRow } from '../../wire/corpora';
import { type HeldItem, heldItem } from '../items/held-work';
import type { Handlers } from '../serve';
import type { WorkerContext } from '../worker-context';

type CorpusCommand =
	| 'open-corpus'
	| 'save-corpus-changes'
	| 'plan-relabel'
	| 'sentences'
	| 'examine-corpus'
	| 'export-corpus';

export interface StoredCorpus {
	item: ItemOf<'corpus'>;
	/** As it was imported, under its name of now. */
	corpus: Corpus;
	/** Its name in the stored bytes: runs know a corpus by their hash. */
	importedName: string;
	changes: CorpusChange[];
	view: CorpusView;
	/** What people decided about it, as stored; null for nothing yet. */
	review: Uint8Array | null;
}

/** `pinned`: other changes than those that it has now. Throws a UserError `storage-…`, or `changes-malformed` for changes
 *  that another version has made. */
export async function readStoredCorpus(workspace: Workspace, id: string, pinned?: unknown): Promise<StoredCorpus> {
	const item = await workspace.get('corpus', id);
	const { name: importedName, ...content } = decodeCorpus(await workspace.readPart('corpus', id, corpusPart));
	const corpus = { ...content, name: item.name };
	const readOwn = async (part: string) =>
		item.parts.some(({ name }) => name === part) ? workspace.readPart('corpus', id, part) : null;
	const stored = await readOwn(changesPart);
	const changes = readChanges(pinned ?? (stored ? decodeChanges(stored) : []), corpus);
	const view = applyChanges(corpus, changes);
	return { item, corpus, importedName, changes, view, review: await readOwn(reviewPart) };
}

/** Apart from the changes: a run reads only those. Throws what readReview throws. */
function storedReview({ corpus, changes, review }: StoredCorpus): CorpusReview {
	return readReview(review ? decodeJson(review) : undefined, corpus, changes);
}

/** The corpus as the changes left it. */
export async function readChangedCorpus(workspace: Workspace, id: string): Promise<Corpus> {
	return corpusOfView((await readStoredCorpus(workspace, id)).view);
}

/** The corpus that was asked for last: paging and labelling read it once. */
export class CorpusCache {
	private last: StoredCorpus | null = null;
	private lastReview: { of: StoredCorpus; review: CorpusReview } | null = null;

	constructor(private readonly context: Pick<WorkerContext, 'workspace'>) {}

	/** Throws what readStoredCorpus throws. */
	async read(id: string): Promise<StoredCorpus> {
		const workspace = await this.context.workspace();
		const { revision } = await workspace.get('corpus', id);
		if (this.last?.item.id === id && this.last.item.revision === revision) return this.last;
		this.last = await readStoredCorpus(workspace, id);
		return this.last;
	}

	/** Throws what readReview throws. */
	readReview(stored: StoredCorpus): CorpusReview {
		if (this.lastReview?.of !== stored) this.lastReview = { of: stored, review: storedReview(stored) };
		return this.lastReview.review;
	}

	/** What a storage that lost it can have again. */
	held(): HeldItem[] {
		return this.last ? [heldCorpus(this.last)] : [];
	}

	/** Takes what was just saved, so that it needs not be read again. */
	keep(saved: StoredCorpus, review: CorpusReview): void {
		this.last = saved;
		this.lastReview = { of: saved, review };
	}
}

export function heldCorpus({ item, corpus, importedName, changes, review }: StoredCorpus): HeldItem {
	return heldItem(item as AnyItem, () => ({
		[corpusPart]: encodeCorpus({ ...corpus, name: importedName }),
		...(changes.length > 0 ? { [changesPart]: encodeJson(changes) } : {}),
		...(review ? { [reviewPart]: review } : {}),
	}));
}

export function corpusHandlers(
	context: WorkerContext,
	corpora: CorpusCache = new CorpusCache(context),
): Pick<Handlers, CorpusCommand> {
	let lastIndex: SentenceIndex | null = null;
	const corpusOf = (id: string) => corpora.read(id);
	const indexOf = ({ view }: StoredCorpus): SentenceIndex => {
		if (lastIndex?.view !== view) lastIndex = atOnce(indexSentences(view));
		return lastIndex;
	};
	return {
		'open-corpus': async ({ id }) => {
			const stored = await corpusOf(id);
			const { item, changes, view } = stored;
			const review = corpora.readReview(stored);
			return { item, changes, review, effects: view.effects, sentences: countSplits(view), types: countTypes(view) };
		},
		'save-corpus-changes': async ({ id, revision, changes, review }) => {
			const workspace = await context.workspace();
			const stored = await corpusOf(id);
			const { item, corpus, importedName } = stored;
			const checked = readChanges(changes, corpus);
			const reviewed = review ? readReview(writeReview(review), corpus, checked) : corpora.readReview(stored);
			const view = applyChanges(corpus, checked);
			const reviewBytes = review ? encodeJson(writeReview(reviewed)) : stored.review;
			const saved = await workspace.update('corpus', id, {
				revision,
				nowMs: context.nowMs(),
				detail: {
					...item.detail,
					changeCount: checked.length,
					sentencesNow: countSplits(view),
				},
				parts: {
					// No changes are no part, as before the first: a run of the corpus has the same input then.
					[changesPart]: checked.length > 0 ? encodeJson(checked) : null,
					...(review && reviewBytes ? { [reviewPart]: reviewBytes } : {}),
				},
			});
			corpora.keep({ item: saved, corpus, importedName, changes: checked, view, review: reviewBytes }, reviewed);
			return { revision: saved.revision };
		},
		'plan-relabel': async ({ id, changes, tokens, type }) => {
			const { corpus } = await corpusOf(id);
			return planRelabel(applyChanges(corpus, readChanges(changes, corpus)), tokens, type);
		},
		sentences: async ({ id, filter, offset, limit }) => {
			const stored = await corpusOf(id);
			return pageOf(stored.item.revision, indexOf(stored), filter, { offset, limit: Math.min(limit, maxRows) });
		},
		'examine-corpus': ({ task, id, lexiconId, characterVectorsId }) =>
			context.tasks.run(task, async ({ report }) => {
				const workspace = await context.workspace();
				const { view } = await corpusOf(id);
				const lexicon = lexiconId === null ? undefined : buildLexicon(await readWords(workspace, lexiconId));
				const known = characterVectorsId === null ? null : await readVectorWords(workspace, characterVectorsId);
				const hasCharacterVector = known ? (character: string) => known.has(character) : undefined;
				const examination = examineCorpus(view, { lexicon, hasCharacterVector });
				for (;;) {
					const { done, value } = examination.next();
					if (done) return value;
					await report({ done: value.done, total: 1, unit: 'share', counts: {} });
				}
			}),
		'export-corpus': async ({ id, format, scheme, withoutTags, changes }) => {
			const { corpus, view } = await corpusOf(id);
			const exported = changes ? applyChanges(corpus, readChanges(changes, corpus)) : view;
			return { files: exportFiles(corpusOfView(exported), { format, to: scheme, withoutTags }) };
		},
	};
}

export function countSplits({ splits: { train, dev, test } }: CorpusView): Record<SplitName, number> {
	return { train: train.length, dev: dev.length, test: test.length };
}

export async function readWords(workspace: Workspace, lexiconId: string): Promise<string[]> {
	return decodeWords(await workspace.readPart('lexicon', lexiconId, wordsPart));
}

/** Words of the rows that are at hand. */
async function readVectorWords(workspace: Workspace, vectorsId: string): Promise<Set<string>> {
	return new Set(decodeVectors(await workspace.readPart('vectors', vectorsId, vectorsPart)).words);
}

interface ExportRequest {
	format: TextFormat;
	to?: TagScheme;
	withoutTags?: boolean;
}

function exportFiles({ name, unit, scheme, splits }: Corpus, { format, to, withoutTags }: ExportRequest) {
	return splitNames.flatMap((split) => {
		const sentences = splits[split];
		if (sentences.length === 0) return [];
		const written = writeCorpus(format, sentences, { scheme, unit, to, withoutTags });
		return written.map(({ extension, text }) => ({ name: `${name}.${split}${extension}`, file: new Blob([text]) }));
	});
}

function countTypes({ splits, scheme }: CorpusView): { type: string; mentions: number }[] {
	const counts = new Map<string, number>();
	for (const split of splitNames) {
		for (const { sentence } of splits[split]) {
			for (const { type } of spansOf(sentence.tags ?? [], scheme)) counts.set(type, (counts.get(type) ?? 0) + 1);
		}
	}
	const types = [...counts].map(([type, mentions]) => ({ type, mentions }));
	return types.sort((left, right) => right.mentions - left.mentions);
}

function pageOf(
	revision: number,
	index: SentenceIndex,
	{ split, isMarkedForRelabel, hasTags, text, entityType, entityTypes, number, refs }: SentenceFilter,
	page: { offset: number; limit: number },
): SentencePage {
	const types = entityType === undefined ? entityTypes : [entityType];
	const query = { split, isMarked: isMarkedForRelabel, hasTags, text, types, number };
	const passed = searchSentences(index, query);
	const wanted = refs && new Set(refs.map(nameOf));
	const found = wanted ? passed.filter((row) => wanted.has(nameOf(index.rows[row].ref))) : passed;
	const rows = pageOfRows(index, found, page).map((row): SentenceRow => {
		const { ref, start, sentence, isMarkedForRelabel } = row.sentence;
		const { characters, tags, line } = sentence;
		const { number, split, spans } = row;
		return { number, ref, split, start, isMarkedForRelabel, line, characters, spans, hasTags: tags !== null };
	});
	return { total: found.length, rows, revision };
}

function nameOf({ split, index }: SentenceRef): string {
	return `${split}:${index}`;
}

/** A sentence with its mentions, as lists show it. */
export function plainRow({ characters, tags, line }: Sentence, scheme: TagScheme | null) {
	return { line, characters, spans: tags && scheme ? spansOf(tags, scheme) : [], hasTags: tags !== null };
}
