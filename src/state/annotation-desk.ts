// The desk at which a corpus is labelled: the queue, the open sentence with its labels and suggestions, what was done, and
// how saving stands. Every change is shown at once and given to the writer of the corpus, which keeps what cannot be saved yet.
// A vanilla store: no React, no DOM.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SentenceRef } from '../data/corpus';
import { areSpansEqual } from '../data/corpus-changes';
import { hasMark, type RejectedSuggestion } from '../data/corpus-review';
import { UserError } from '../util/errors';
import type { AnnotationQueue, AnnotationRow, QueueRequest, SentenceSuggestion } from '../wire/annotation';
import type { WorkerClient } from '../wire/client';
import { mostRows, type OpenedCorpus } from '../wire/corpora';
import { type Editing, openSuggestions, spanKey, startEditing, takeSuggestions } from './annotation';
import {
	type AnnotationHistory,
	type AnnotationStep,
	doStep,
	historyOf,
	marksOf,
	rebaseHistory,
	redoStep,
	refName,
	rejectedOf,
	type SentenceLabels,
	type TakenStep,
	undoStep,
} from './annotation-history';
import { placeOf, queueLength, refAt } from './annotation-queue';
import { addChanges, allSteps, clearMarks, type EditStep, setMarks, takeBackChanges } from './corpus-edits';
import type { CorpusWriter, Saving } from './corpus-writer';
import { type Problem, toProblem } from './problem';

/** A sentence, or a place in the queue from 0: its last one where it is shorter. */
export type DeskLink = SentenceRef | number;

export interface AnnotationDeskState {
	id: string | null;
	/** Null while it is read. */
	opened: OpenedCorpus | null;
	request: QueueRequest | null;
	/** Null until the first answer. */
	queue: AnnotationQueue | null;
	/** True while the queue is of an earlier request, or may have a newer order. */
	isAsking: boolean;
	/** Sentences at hand, by refName, with the labels as they stand here. */
	rows: ReadonlyMap<string, AnnotationRow>;
	/** The open sentence: its place in the queue, or -1. */
	place: number;
	/** Null while the open sentence is read. */
	editing: Editing | null;
	/** refName of the sentence that `editing` is of: the queue may change under it. */
	editingOf: string | null;
	suggestion: SentenceSuggestion | null;
	isSuggesting: boolean;
	/** A model that is read, or sentences that it is asked for; null when neither. */
	scoring: { done: number; total: number | null; unit: 'bytes' | 'items' | 'share'; secondsLeft: number } | null;
	history: AnnotationHistory;
	/** Types that were added by hand and may have no mention yet. */
	addedTypes: readonly string[];
	saving: Saving;
	problem: Problem | null;

	open(id: string): Promise<void>;
	/**
	 * Asks for a queue and opens it where a link says; without a link, or where its sentence is not part of the queue, the
	 * sentence that is open then stays open where it is.
	 */
	ask(request: QueueRequest, link?: DeskLink): Promise<void>;
	/** Opens a place of the queue at hand. */
	goTo(place: number): void;
	/** Opens what a link names in the queue that was asked for last, as soon as that is there. */
	follow(link: DeskLink): void;
	/** Asks for the rows from `first` to `last` of the queue that are not at hand. */
	need(first: number, last: number): void;
	/** Takes the next state of the open sentence; null changes nothing. False when there was nothing to do. */
	edit(next: Editing | null): boolean;
	/** Says that the labels are right as they are: the sentence is confirmed, text without labels gets them, a mark ends. */
	confirm(): void;
	/** Marks the open sentence to be labelled later. */
	mark(): void;
	/** Lets rejected suggestions be made again, here or in the whole corpus. */
	offerAgain(suggestions: readonly RejectedSuggestion[]): void;
	addType(type: string): void;
	undo(): void;
	redo(): void;
	score(): Promise<void>;
	cancelScoring(): void;
	/** Tries again to save what is not saved. */
	save(): Promise<void>;
	/** Reads the corpus again after changes that were not made here. */
	reload(): Promise<void>;
	/** After a conflict: reads what another tab did, and adds what was done here or drops it. */
	settle(keepsMine: boolean): Promise<void>;
}

export type AnnotationDesk = StoreApi<AnnotationDeskState>;

const pageRows = 60;
/** As many as the worker sends at once. */
const mostKept = mostRows;
const scoreTask = 'annotate: score';
const suggestTask = 'annotate: suggest';

const closed = {
	opened: null,
	request: null,
	queue: null,
	isAsking: false,
	rows: new Map<string, AnnotationRow>(),
	place: -1,
	editing: null,
	editingOf: null,
	suggestion: null,
	isSuggesting: false,
	scoring: null,
	history: historyOf([]),
	addedTypes: [],
	saving: { kind: 'saved' } as const,
	problem: null,
};

/** A store joined to a worker. Actions never reject: what goes wrong becomes `problem`, or `saving` where it was a save. */
export function createAnnotationDesk(client: WorkerClient, writer: CorpusWriter): AnnotationDesk {
	/** Grows with each question: answers to earlier ones are not taken. */
	let queueAge = 0;
	/** Where the next queue opens; null keeps the open sentence. */
	let linked: DeskLink | null = null;
	let suggestionAge = 0;
	/** What the suggestions of the open sentence were asked of. */
	let suggester: QueueRequest['model'] = null;
	const asked = new Set<string>();
	/** When the labels of a sentence were changed here: rows that were asked for before that are not taken. */
	const lastPut = new Map<string, number>();
	let putAge = 0;

	const store = createStore<AnnotationDeskState>((set, get) => {
		const openRef = (): SentenceRef | null => {
			const { queue, place } = get();
			return queue && place >= 0 && place < queueLength(queue) ? refAt(queue, place) : null;
		};
		const openRow = (): AnnotationRow | null => {
			const ref = openRef();
			return (ref && get().rows.get(refName(ref))) ?? null;
		};
		const read = async (id: string) => {
			const opened = await writer.open(id);
			const { changes, review } = (await writer.draftOf(id)) ?? opened;
			if (get().id !== id) return;
			const { history } = get();
			set({ opened, history: rebaseHistory(history, changes, review), saving: writer.savingOf(id), problem: null });
		};
		/** What is not stored yet, for the worker to read the corpus with. */
		const unstored = async (id: string) =>
			writer.hasUnsaved(id) ? ((await writer.draftOf(id)) ?? undefined) : undefined;
		const startOpen = () => {
			const row = openRow();
			const ref = openRef();
			suggestionAge++;
			suggester = get().request?.model ?? null;
			if (!row || !ref) {
				set({ editing: null, editingOf: null, suggestion: null });
				return;
			}
			const rejected = rejectedOf(get().history, ref);
			const editing = startEditing(row.characters.length, row.spans, rejected);
			set({ editing, editingOf: refName(ref), suggestion: null });
			void suggest(ref);
		};
		const suggest = async (ref: SentenceRef) => {
			const { id, request } = get();
			const model = request?.model;
			const asker = suggestionAge;
			if (id === null || !model) return;
			set({ isSuggesting: true });
			try {
				const suggestion = await client.ask('suggest-labels', { task: suggestTask, id, ref, model });
				if (asker !== suggestionAge) return;
				const { editing } = get();
				set({ suggestion, isSuggesting: false, editing: editing && takeSuggestions(editing, suggestion.spans) });
			} catch (error) {
				if (asker === suggestionAge) set({ isSuggesting: false, problem: toProblem(error) });
			}
		};
		const fetchRows = async (refs: readonly SentenceRef[]) => {
			const { id } = get();
			const wanted = refs.filter((ref) => !asked.has(refName(ref)));
			if (id === null || wanted.length === 0) return;
			for (const ref of wanted) asked.add(refName(ref));
			try {
				const asker = putAge;
				const answer = await client.ask('annotation-rows', { id, refs: wanted, draft: await unstored(id) });
				if (get().id !== id) return;
				const rows = new Map(get().rows);
				// What was done here since is newer than the answer.
				const isOlder = (name: string) => (lastPut.get(name) ?? 0) > asker;
				for (const row of answer.rows) if (!isOlder(refName(row.ref))) rows.set(refName(row.ref), row);
				set({ rows });
				showRow();
			} catch (error) {
				if (get().id === id) set({ problem: toProblem(error) });
			}
		};
		/** Opens the sentence whose row has come; one that is open with the same labels stays as it is, caret and all. */
		const showRow = () => {
			const { editing, editingOf, history } = get();
			const row = openRow();
			const isSame = row && editing && refName(row.ref) === editingOf && areSpansEqual(row.spans, editing.spans);
			if (isSame) set({ editing: { ...editing, rejected: rejectedOf(history, row.ref) } });
			else if (row || editing === null) startOpen();
		};
		/** Takes queue and place in one step, so that nobody sees the one without the other. Answers to earlier requests do nothing. */
		const fetchQueue = async (request: QueueRequest) => {
			const asker = ++queueAge;
			set({ isAsking: true });
			try {
				const draft = await unstored(request.id);
				const queue = await client.ask('annotation-queue', { ...request, keeps: keptRefs(), draft });
				if (asker !== queueAge) return;
				set({ queue, place: placeIn(queue) });
				linked = null;
			} finally {
				if (asker === queueAge) set({ isAsking: false });
			}
			const ref = openRef();
			const isOther = ref !== null && refName(ref) !== get().editingOf;
			if (isOther || JSON.stringify(request.model) !== JSON.stringify(suggester)) startOpen();
			need();
		};
		/** Sentences that stay in a queue by uncertainty although they are confirmed. */
		const keptRefs = (): SentenceRef[] => {
			const open = openRef();
			const named = linked !== null && typeof linked === 'object' ? [linked] : [];
			return [...get().history.steps.map(({ ref }) => ref), ...named, ...(open ? [open] : [])];
		};
		const placeIn = (queue: AnnotationQueue): number => {
			const last = queueLength(queue) - 1;
			const named = linked === null ? -1 : placeOfLink(queue, linked);
			if (named >= 0) return named;
			const open = openRef();
			const kept = open ? placeOf(queue, open) : -1;
			return kept >= 0 ? kept : Math.min(Math.max(get().place, 0), last);
		};
		const put = (ref: SentenceRef, labels: SentenceLabels) => {
			const name = refName(ref);
			const row = get().rows.get(name);
			if (!row) return;
			lastPut.set(name, ++putAge);
			set({ rows: new Map(get().rows).set(name, { ...row, ...labels, spans: [...labels.spans] }) });
		};
		const take = (step: AnnotationStep) => {
			const before = get().history;
			const history = doStep(before, step);
			set({ history });
			if ('after' in step) put(step.ref, step.after);
			const { set: marks, cleared } = marksOf(step);
			const change = history.steps.at(-1)?.change;
			const edit = allSteps(addChanges(...(change ? [change] : [])), setMarks(...marks), clearMarks(...cleared));
			void write(edit, change ? step.ref : null, before);
		};
		/** Gives an edit to the writer; where it is refused, the corpus is shown as it is. */
		const write = async (edit: EditStep, ref: SentenceRef | null, before = get().history) => {
			const { id } = get();
			if (id === null) return;
			const onRefused = (problem: Problem) => void refuse(id, problem);
			const touches = ref ? [ref] : [];
			const result = await writer.write(id, edit, { by: 'annotate', waits: true, touches, onRefused });
			if (result.kind !== 'refused') return;
			if (get().id === id) set({ history: before });
			await refuse(id, result.problem);
		};
		const refuse = async (id: string, problem: Problem) => {
			if (get().id !== id) return;
			await attempt(reload);
			set({ problem });
		};
		/** Reads the corpus again after changes that were not made here. */
		const reload = async () => {
			const { id } = get();
			if (id === null) return;
			await read(id);
			await rereadAll();
		};
		/** Shows the sentence of a step that was taken back or done again. */
		const show = (step: AnnotationStep, labels: SentenceLabels | null) => {
			const { queue } = get();
			if (labels) put(step.ref, labels);
			const place = queue ? placeOf(queue, step.ref) : -1;
			if (place >= 0 && place !== get().place) set({ place });
			const { editing, suggestion } = get();
			const row = openRow();
			if (!row || !editing || (place >= 0 && place !== get().place)) return;
			const fresh = startEditing(row.characters.length, row.spans, rejectedOf(get().history, row.ref));
			set({ editing: suggestion ? takeSuggestions(fresh, suggestion.spans) : fresh });
		};
		const rereadAll = async () => {
			const { id, request } = get();
			if (id === null) return;
			asked.clear();
			// Rows in view stay there until they have come again; of very many the latest.
			const atHand = [...get().rows].slice(-mostKept);
			set({ rows: new Map(atHand) });
			if (request) await fetchQueue(request);
			await fetchRows(atHand.map(([, { ref }]) => ref));
		};
		const need = () => {
			const { queue, place } = get();
			if (queue && place >= 0) get().need(Math.max(0, place - 10), place + 20);
		};
		const save = async () => {
			const { id } = get();
			if (id !== null) await writer.save(id);
		};
		const travel = async (direction: 'undo' | 'redo') => {
			const { history } = get();
			const taken = direction === 'undo' ? undoStep(history) : redoStep(history);
			if (!taken) return;
			const { step } = taken;
			const edit = editOf(taken, direction);
			set({ history: taken.history });
			if (step) {
				const moved = openRef();
				show(step, 'after' in step ? (direction === 'undo' ? step.before : step.after) : null);
				const now = openRef();
				if (now && (!moved || refName(now) !== refName(moved))) startOpen();
				return write(edit, taken.change ? step.ref : null, history);
			}
			// A change of an earlier visit: only the worker knows what it did.
			await write(edit, null, history);
			await attempt(rereadAll);
		};
		const isConfirmed = (sentence: SentenceRef) => hasMark(get().history.review, { kind: 'confirmed', sentence });
		const attempt = async (work: () => Promise<void>) => {
			try {
				await work();
			} catch (error) {
				set({ problem: toProblem(error) });
			}
		};
		return {
			id: null,
			...closed,
			async open(id) {
				if (get().id === id && get().opened) return;
				asked.clear();
				queueAge++;
				linked = null;
				set({ id, ...closed });
				await attempt(() => read(id));
			},
			ask: (request, link) =>
				attempt(async () => {
					linked = link ?? null;
					set({ request, problem: null });
					await fetchQueue(request);
				}),
			goTo(place) {
				const { queue } = get();
				if (!queue || place < 0 || place >= queueLength(queue) || place === get().place) return;
				set({ place });
				startOpen();
				need();
			},
			follow(link) {
				const { isAsking, queue } = get();
				if (isAsking) linked = link;
				else if (queue) get().goTo(placeOfLink(queue, link));
			},
			need(first, last) {
				const { queue } = get();
				if (!queue) return;
				const from = Math.floor(first / pageRows) * pageRows;
				const to = Math.min(queueLength(queue), (Math.floor(last / pageRows) + 1) * pageRows);
				void fetchRows(Array.from({ length: Math.max(0, to - from) }, (_, at) => refAt(queue, from + at)));
			},
			edit(next) {
				const { editing, editingOf } = get();
				const row = openRow();
				if (!next || !editing || !row || refName(row.ref) !== editingOf) return false;
				set({ editing: next });
				const { ref } = row;
				for (const suggestion of next.suggestions) {
					const key = spanKey(suggestion);
					const { start, end, type } = suggestion;
					const isNew = next.rejected.has(key) && !editing.rejected.has(key);
					if (isNew) take({ kind: 'reject', ref, suggestion: { sentence: ref, start, end, type } });
				}
				if (areSpansEqual(next.spans, editing.spans)) return true;
				const after = { spans: next.spans, hasTags: true, isMarkedForRelabel: false };
				const isAnswered = get().suggestion !== null || !get().request?.model;
				const confirms = isAnswered && openSuggestions(next).length === 0 && !isConfirmed(ref);
				take({ kind: 'relabel', ref, before: labelsOf(row), after, confirms });
				return true;
			},
			confirm() {
				const row = openRow();
				const { editing } = get();
				if (!row || !editing) return;
				const { ref } = row;
				const confirms = !isConfirmed(ref);
				if (row.hasTags && !row.isMarkedForRelabel) {
					if (confirms) take({ kind: 'confirm', ref });
					return;
				}
				const after = { spans: editing.spans, hasTags: true, isMarkedForRelabel: false };
				take({ kind: 'relabel', ref, before: labelsOf(row), after, confirms });
			},
			mark() {
				const row = openRow();
				if (!row || row.isMarkedForRelabel) return;
				const before = labelsOf(row);
				take({ kind: 'mark', ref: row.ref, before, after: { ...before, isMarkedForRelabel: true } });
			},
			offerAgain(suggestions) {
				const row = openRow();
				if (!row || suggestions.length === 0) return;
				take({ kind: 'offer-again', ref: row.ref, suggestions });
				startOpen();
			},
			addType: (type) => set(({ addedTypes }) => ({ addedTypes: [...new Set([...addedTypes, type])] })),
			undo: () => void travel('undo'),
			redo: () => void travel('redo'),
			async score() {
				const { id, request } = get();
				if (id === null || !request?.model || get().scoring) return;
				const { split, refs, model } = request;
				set({ scoring: { done: 0, total: null, unit: 'items', secondsLeft: 0 }, problem: null });
				try {
					await client.ask('score-sentences', { task: scoreTask, id, model, split, refs });
				} catch (error) {
					const isCancelled = error instanceof UserError && error.code === 'task-cancelled';
					if (!isCancelled) set({ problem: toProblem(error) });
				}
				set({ scoring: null });
				const latest = get().request;
				if (latest && get().id === id) await attempt(() => fetchQueue(latest));
			},
			cancelScoring: () => void client.ask('cancel-task', { task: scoreTask }).catch(() => undefined),
			save,
			reload: () => attempt(reload),
			settle: (keepsMine) =>
				attempt(async () => {
					const { id } = get();
					if (id === null) return;
					await writer.resolveConflict(id, keepsMine);
					await reload();
				}),
		};
	});
	client.on('task-progress', ({ task, progress }) => {
		const { scoring } = store.getState();
		if (task !== scoreTask || !scoring) return;
		const { done, total, unit, counts } = progress;
		store.setState({ scoring: { done, total, unit, secondsLeft: counts.secondsLeft ?? 0 } });
	});
	writer.onChange((id, by) => {
		if (id === store.getState().id && [...by].some((one) => one !== 'annotate')) void store.getState().reload();
	});
	writer.store.subscribe(() => {
		const { id, saving } = store.getState();
		const now = id === null ? saving : writer.savingOf(id);
		if (now !== saving) store.setState({ saving: now });
	});
	return store;
}

/** The edit of the corpus by which a step, or a change of an earlier visit, is taken back or made again. */
function editOf({ step, change }: TakenStep, direction: 'undo' | 'redo'): EditStep {
	const changes = change ? [change] : [];
	const { set: marks, cleared } = step ? marksOf(step) : { set: [], cleared: [] };
	if (direction === 'redo') return allSteps(addChanges(...changes), setMarks(...marks), clearMarks(...cleared));
	return allSteps(takeBackChanges(...changes), clearMarks(...marks), setMarks(...cleared));
}

/** -1 for a sentence that is not part of the queue. */
function placeOfLink(queue: AnnotationQueue, link: DeskLink): number {
	return typeof link === 'number' ? Math.min(link, queueLength(queue) - 1) : placeOf(queue, link);
}

function labelsOf({ spans, hasTags, isMarkedForRelabel }: AnnotationRow): SentenceLabels {
	return { spans, hasTags, isMarkedForRelabel };
}
