// Labelling by request of the page: queues of sentences, what a model suggests, and how sure it is of each sentence. What
// a model said of a corpus is kept for the session: the text of a sentence never changes.

import type { SentenceRef, SplitName } from '../../data/corpus';
import { splitNames } from '../../data/corpus';
import { applyChanges, type CorpusView, type ViewSentence } from '../../data/corpus-changes';
import type { CorpusReview } from '../../data/corpus-review';
import { countMentions, examplesOfTypes, type MentionCounts, typesOfMention } from '../../data/mention-counts';
import { readChanges } from '../../data/read-changes';
import { spansOf } from '../../data/spans';
import { decodeCheckpoint } from '../../storage/checkpoint';
import { checkpointPart, describeCheckpoint } from '../../storage/workspace/checkpoint-record';
import { invariant } from '../../util/errors';
import type {
	AnnotationCommands,
	AnnotationQueue,
	AnnotationRow,
	CorpusDraft,
	QueueRequest,
} from '../../wire/annotation';
import { maxRows } from '../../wire/corpora';
import type { ModelRef } from '../../wire/models';
import { transferring } from '../../wire/transfer';
import type { CorpusCache } from '../corpora/corpus-handlers';
import type { Handlers } from '../serve';
import type { TaggingModel, TaggingTools } from '../tagging/tag-handlers';
import type { Task } from '../tasks';
import type { WorkerContext } from '../worker-context';

export interface AnnotationTools<Model extends TaggingModel> extends TaggingTools<Model> {
	corpora: CorpusCache;
}

/** Sentences that are tagged at a time: a cancellation is heard in between. */
const chunkSentences = 50;
const maxExamples = 8;
/** Corpora and models whose probabilities are kept. */
const maxSessions = 4;

interface PlacedSentence {
	split: SplitName;
	sentence: ViewSentence;
}

export function annotationHandlers<Model extends TaggingModel>(
	context: WorkerContext,
	{ corpora, models, tag, clock }: AnnotationTools<Model>,
): Pick<Handlers, keyof AnnotationCommands> {
	/** Probabilities of the best labellings by corpus and model, then by sentence. */
	const sessions = new Map<string, Map<string, number>>();
	let counted: { view: CorpusView; counts: MentionCounts } | null = null;

	const probabilitiesOf = (id: string, model: ModelRef): Map<string, number> => {
		const key = `${id} ${modelKey(model)}`;
		const found = sessions.get(key) ?? new Map<string, number>();
		sessions.delete(key);
		sessions.set(key, found);
		for (const oldest of [...sessions.keys()].slice(0, -maxSessions)) sessions.delete(oldest);
		return found;
	};
	/** The corpus as the page has it, or as it is stored. */
	const readDraft = async (id: string, draft: CorpusDraft | undefined) => {
		const stored = await corpora.read(id);
		if (!draft) return { item: stored.item, view: stored.view, review: await corpora.readReview(stored) };
		const changes = readChanges(draft.changes, stored.corpus);
		return { item: stored.item, view: applyChanges(stored.corpus, changes), review: draft.review };
	};
	const mentionsOf = (view: CorpusView): MentionCounts => {
		if (counted?.view !== view) {
			const counts = countMentions(view.splits.train, view.scheme, glueOf(view));
			counted = { view, counts };
		}
		return counted.counts;
	};
	const load = async (model: ModelRef, running: Task): Promise<Model> => {
		invariant(model.kind !== 'run', 'suggestions come from a model that is kept');
		return (await models.load(model, running)).model;
	};
	return {
		'annotation-queue': async (request) => {
			const { item, view, review } = await readDraft(request.id, request.draft);
			const probabilities = request.model ? probabilitiesOf(request.id, request.model) : new Map<string, number>();
			return packQueue(item.revision, queueOf(view, request, probabilities, review), probabilities);
		},
		'annotation-rows': async ({ id, refs, draft }) => {
			const { view } = await readDraft(id, draft);
			const wanted = new Map(refs.slice(0, maxRows).map((ref, index) => [nameOf(ref), index]));
			const rows: AnnotationRow[] = [];
			for (const { split, sentence } of wholeSentences(view)) {
				const index = wanted.get(nameOf(sentence.ref));
				if (index !== undefined) rows[index] = rowOf(view, split, sentence);
			}
			return { rows: rows.filter((row) => row !== undefined) };
		},
		'suggest-labels': ({ task, id, ref, model }) =>
			context.tasks.run(task, async (running) => {
				const loaded = await load(model, running);
				const { view, corpus } = await corpora.read(id);
				const { characters } = corpus.splits[ref.split][ref.index];
				const options = { details: true, isCurrent: false, probabilities: true };
				const { spans, words = [], probability = 1 } = (await tag(loaded, [characters], options)).sentences[0];
				probabilitiesOf(id, model).set(nameOf(ref), probability);
				const texts = new Set(spans.map(({ start, end }) => characters.slice(start, end).join(glueOf(view))));
				const counts = mentionsOf(view);
				const seen = [...texts].map((text) => ({ text, counts: typesOfMention(counts, text) }));
				return { spans, words, probability, seen: seen.filter((one) => one.counts.length > 0) };
			}),
		'score-sentences': ({ task, id, model, split, refs }) =>
			context.tasks.run(task, async (running) => {
				const loaded = await load(model, running);
				const { view } = await corpora.read(id);
				const probabilities = probabilitiesOf(id, model);
				const all = chosenSentences(view, { split, refs });
				const waiting = all.filter(({ sentence }) => !probabilities.has(nameOf(sentence.ref)));
				// Like lengths together waste least; what a cancellation leaves is a fair mix all the same for its chunks.
				waiting.sort((left, right) => lengthOf(left) - lengthOf(right));
				const startedAt = clock();
				const before = all.length - waiting.length;
				for (let start = 0; start < waiting.length; start += chunkSentences) {
					const counts = { secondsLeft: start === 0 ? 0 : ((clock() - startedAt) / start) * (waiting.length - start) };
					await running.report({ done: before + start, total: all.length, unit: 'items', counts });
					const chunk = waiting.slice(start, start + chunkSentences);
					const texts = chunk.map(({ sentence }) => sentence.whole.characters);
					const tagged = await tag(loaded, texts, { details: false, isCurrent: false, probabilities: true });
					for (const [index, { sentence }] of chunk.entries()) {
						probabilities.set(nameOf(sentence.ref), tagged.sentences[index].probability ?? 1);
					}
				}
				return { scored: waiting.length };
			}),
		'mention-examples': async ({ id }) => {
			const { view } = await corpora.read(id);
			return { types: examplesOfTypes(mentionsOf(view), maxExamples) };
		},
		'keep-model': ({ task, model, name }) =>
			context.tasks.run(task, async ({ report }) => {
				if (model.kind === 'checkpoint') return { id: model.id };
				invariant(model.kind === 'shipped', "a run's model is kept already");
				const workspace = await context.workspace();
				const id = `shipped-${name}`;
				const there = await workspace.find('checkpoint', id);
				if (there?.trashedAtMs === null) return { id };
				if (there) {
					await workspace.setTrashed('checkpoint', id, null);
					return { id };
				}
				const bytes = await models.readBytes(model, report);
				const detail = describeCheckpoint(decodeCheckpoint(bytes), null);
				const parts = { [checkpointPart]: bytes };
				await workspace.create({ kind: 'checkpoint', id, name, detail, parts, nowMs: context.nowMs() });
				return { id };
			}),
	};
}

/** All sentences in corpus order; of clipped ones the whole. */
function wholeSentences(view: CorpusView): PlacedSentence[] {
	return splitNames.flatMap((split) =>
		view.splits[split].flatMap((sentence) => (sentence.start === 0 ? [{ split, sentence }] : [])),
	);
}

function chosenSentences(view: CorpusView, { split, refs }: Pick<QueueRequest, 'split' | 'refs'>): PlacedSentence[] {
	const wanted = refs && new Set(refs.map(nameOf));
	return wholeSentences(view).filter(
		(placed) => (!split || placed.split === split) && (!wanted || wanted.has(nameOf(placed.sentence.ref))),
	);
}

function queueOf(
	view: CorpusView,
	{ order, keeps = [], ...choice }: QueueRequest,
	probabilities: ReadonlyMap<string, number>,
	review: CorpusReview,
): PlacedSentence[] {
	const chosen = chosenSentences(view, choice);
	switch (order) {
		case 'corpus':
			return chosen;
		case 'marked':
			return chosen.filter(({ sentence }) => sentence.isMarkedForRelabel);
		case 'uncertain': {
			// Those that the model was not asked for come last.
			const sureness = ({ sentence }: PlacedSentence) => probabilities.get(nameOf(sentence.ref)) ?? 2;
			const kept = new Set(keeps.map(nameOf));
			const confirmed = new Set(review.confirmed.map(nameOf).filter((name) => !kept.has(name)));
			const isLeft = ({ sentence }: PlacedSentence) =>
				sentence.isMarkedForRelabel || !confirmed.has(nameOf(sentence.ref));
			// Sentences that were chosen by name are all wanted.
			const left = choice.refs ? chosen : chosen.filter(isLeft);
			return left.sort((one, other) => sureness(one) - sureness(other));
		}
		default:
			throw order satisfies never;
	}
}

function packQueue(
	revision: number,
	queue: readonly PlacedSentence[],
	probabilities: ReadonlyMap<string, number>,
): AnnotationQueue {
	const refs = queue.map(({ sentence }) => sentence.ref);
	const splits = Uint8Array.from(refs, ({ split }) => splitNames.indexOf(split));
	const indices = Int32Array.from(refs, ({ index }) => index);
	const own = Float32Array.from(refs, (ref) => probabilities.get(nameOf(ref)) ?? Number.NaN);
	return transferring({ revision, splits, indices, probabilities: own }, [splits, indices, own]);
}

function rowOf(
	{ scheme }: CorpusView,
	split: SplitName,
	{ ref, whole, isMarkedForRelabel }: ViewSentence,
): AnnotationRow {
	const { characters, tags } = whole;
	const spans = tags ? spansOf(tags, scheme) : [];
	return { ref, split, isMarkedForRelabel, characters, spans, hasTags: tags !== null };
}

function modelKey(model: ModelRef): string {
	return model.kind === 'shipped' ? model.url : model.kind === 'checkpoint' ? `checkpoint ${model.id}` : 'run';
}

const nameOf = ({ split, index }: SentenceRef) => `${split}:${index}`;
const glueOf = ({ unit }: CorpusView) => (unit === 'word' ? ' ' : '');
const lengthOf = ({ sentence }: PlacedSentence) => sentence.whole.characters.length;
