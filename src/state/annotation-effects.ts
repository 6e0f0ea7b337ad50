// What the annotation session does outside itself: asks the worker for queue, rows, suggestions and scores, and gives each edit to the
// writer of the corpus. Nothing here rejects: what goes wrong becomes an action.

import type { SentenceRef } from '../data/corpus';
import { UserError } from '../util/errors';
import type { CorpusDraft, QueueRequest } from '../wire/annotation';
import type { WorkerClient } from '../wire/client';
import type { Editing } from './annotation';
import {
	type AnnotationHistory,
	type AnnotationStep,
	type HistoryDirection,
	refName,
	takeStep,
} from './annotation-history';
import { queueLength, refAt } from './annotation-queue';
import { type AnnotationSession, keptRefs, openRow, type SessionAction, type SessionLink } from './annotation-session';
import { corpusEdit, stepsOfEdit } from './annotation-steps';
import type { EditStep } from './corpus-edits';
import type { CorpusWriter } from './corpus-writer';
import { type Problem, toProblem } from './problem';

/** The state, and the one way to change it: gives the session after the action. */
export interface SessionPort {
	get(): AnnotationSession;
	dispatch(action: SessionAction): AnnotationSession;
}

const pageRows = 60;
export const scoreTask = 'annotate: score';
const suggestTask = 'annotate: suggest';

export class AnnotationEffects {
	/** refName of the rows that were asked for. */
	private readonly askedRows = new Set<string>();

	constructor(
		private readonly client: WorkerClient,
		private readonly writer: CorpusWriter,
		private readonly session: SessionPort,
	) {}

	/** What a change of the session calls for: suggestions for a sentence that was opened, rows around the open one. */
	follow(before: AnnotationSession, after: AnnotationSession): void {
		if (after.openingNumber !== before.openingNumber && after.isSuggesting) void this.suggest(after.openingNumber);
		const hasMoved = after.queue !== before.queue || after.openIndex !== before.openIndex;
		if (hasMoved && after.openIndex >= 0) this.need(Math.max(0, after.openIndex - 10), after.openIndex + 20);
	}

	async open(id: string): Promise<void> {
		const session = this.session.get();
		if (session.id === id && session.opened) return;
		this.askedRows.clear();
		this.session.dispatch({ kind: 'corpus-opened', id });
		await this.attempt(() => this.read(id));
	}

	async ask(request: QueueRequest, link?: SessionLink): Promise<void> {
		await this.fetchQueue({ kind: 'queue-chosen', request, link });
	}

	/** Asks for the pages of rows from `first` to `last` of the queue, but for rows that were asked for before. */
	need(first: number, last: number): void {
		const { queue } = this.session.get();
		if (!queue) return;
		const from = Math.floor(first / pageRows) * pageRows;
		const to = Math.min(queueLength(queue), (Math.floor(last / pageRows) + 1) * pageRows);
		void this.fetchRows(Array.from({ length: Math.max(0, to - from) }, (_, offset) => refAt(queue, from + offset)));
	}

	/** False when there was nothing to do. */
	edit(next: Editing | null): boolean {
		const session = this.session.get();
		const row = openRow(session);
		if (!next || !session.editing || !row || refName(row.ref) !== session.editingOf) return false;
		const steps = stepsOfEdit(session, row, next);
		this.session.dispatch({ kind: 'editing-changed', editing: next });
		for (const step of steps) this.doStep(step);
		return true;
	}

	/** Shows a step at once and gives it to the writer. */
	doStep(step: AnnotationStep | null): void {
		if (!step) return;
		const before = this.session.get().history;
		const { history } = this.session.dispatch({ kind: 'step-done', step });
		const done = history.steps.at(-1) ?? null;
		const change = done?.change ?? null;
		void this.write(corpusEdit({ step: done, change }, 'redo'), change ? step.ref : null, before);
	}

	async travel(direction: HistoryDirection): Promise<void> {
		const { history } = this.session.get();
		const taken = takeStep(history, direction);
		if (!taken) return;
		const { step, change } = taken;
		this.session.dispatch({ kind: 'step-taken', direction });
		await this.write(corpusEdit(taken, direction), step && change ? step.ref : null, history);
		if (!step) await this.attempt(() => this.rereadAll());
	}

	async score(): Promise<void> {
		const { id, request, scoring } = this.session.get();
		if (id === null || !request?.model || scoring) return;
		const { split, refs, model } = request;
		this.session.dispatch({ kind: 'problem-changed', problem: null });
		this.session.dispatch({
			kind: 'scoring-changed',
			scoring: { done: 0, total: null, unit: 'items', secondsLeft: 0 },
		});
		try {
			await this.client.ask('score-sentences', { task: scoreTask, id, model, split, refs });
		} catch (error) {
			const isCancelled = error instanceof UserError && error.code === 'task-cancelled';
			if (!isCancelled) this.session.dispatch({ kind: 'problem-changed', problem: toProblem(error) });
		}
		this.session.dispatch({ kind: 'scoring-changed', scoring: null });
		if (this.session.get().id === id) await this.fetchQueue({ kind: 'queue-asked-again' });
	}

	cancelScoring(): void {
		this.client.ask('cancel-task', { task: scoreTask }).catch(() => undefined);
	}

	async save(): Promise<void> {
		const { id } = this.session.get();
		if (id !== null) await this.writer.save(id);
	}

	/** Reads the corpus again after changes that were not made here. */
	async reload(): Promise<void> {
		const { id } = this.session.get();
		if (id === null) return;
		await this.attempt(async () => {
			await this.read(id);
			await this.rereadAll();
		});
	}

	async settle(keepsMine: boolean): Promise<void> {
		const { id } = this.session.get();
		if (id === null) return;
		await this.attempt(async () => {
			await this.writer.resolveConflict(id, keepsMine);
			await this.reload();
		});
	}

	private async read(id: string): Promise<void> {
		const opened = await this.writer.open(id);
		const draft = (await this.writer.draftOf(id)) ?? opened;
		this.session.dispatch({ kind: 'corpus-read', id, opened, draft, saving: this.writer.savingOf(id) });
	}

	private async rereadAll(): Promise<void> {
		this.askedRows.clear();
		// Rows in view stay there until they have come again.
		const { rows, request } = this.session.dispatch({ kind: 'rows-trimmed' });
		const refs = [...rows.values()].map(({ ref }) => ref);
		if (request) await this.fetchQueue({ kind: 'queue-asked-again' });
		await this.fetchRows(refs);
	}

	private async fetchQueue(
		action: Extract<SessionAction, { kind: 'queue-chosen' | 'queue-asked-again' }>,
	): Promise<void> {
		const { request, queueNumber: number } = this.session.dispatch(action);
		if (!request) return;
		try {
			const draft = await this.unstored(request.id);
			const keeps = keptRefs(this.session.get());
			const queue = await this.client.ask('annotation-queue', { ...request, keeps, draft });
			this.session.dispatch({ kind: 'queue-came', number, queue });
		} catch (error) {
			this.session.dispatch({ kind: 'queue-failed', number, problem: toProblem(error) });
		}
	}

	private async fetchRows(refs: readonly SentenceRef[]): Promise<void> {
		const { id, edits } = this.session.get();
		const wanted = refs.filter((ref) => !this.askedRows.has(refName(ref)));
		if (id === null || wanted.length === 0) return;
		for (const ref of wanted) this.askedRows.add(refName(ref));
		await this.attempt(async () => {
			const draft = await this.unstored(id);
			const { rows } = await this.client.ask('annotation-rows', { id, refs: wanted, draft });
			this.session.dispatch({ kind: 'rows-came', id, edits, rows });
		}, id);
	}

	private async suggest(number: number): Promise<void> {
		const session = this.session.get();
		const { id, suggester: model } = session;
		const ref = openRow(session)?.ref;
		if (id === null || !model || !ref || session.openingNumber !== number) return;
		try {
			const suggestion = await this.client.ask('suggest-labels', { task: suggestTask, id, ref, model });
			this.session.dispatch({ kind: 'suggestion-came', number, suggestion });
		} catch (error) {
			this.session.dispatch({ kind: 'suggestion-failed', number, problem: toProblem(error) });
		}
	}

	/** What is not stored yet, for the worker to read the corpus with. */
	private async unstored(id: string): Promise<CorpusDraft | undefined> {
		return this.writer.hasUnsaved(id) ? ((await this.writer.draftOf(id)) ?? undefined) : undefined;
	}

	/** Gives an edit to the writer; where it is refused, the corpus is shown as it is. */
	private async write(edit: EditStep, touched: SentenceRef | null, history: AnnotationHistory): Promise<void> {
		const { id } = this.session.get();
		if (id === null) return;
		const onRefused = (problem: Problem) => void this.refuse(id, problem);
		const touches = touched ? [touched] : [];
		const result = await this.writer.write(id, edit, { by: 'annotate', waits: true, touches, onRefused });
		if (result.kind !== 'refused') return;
		this.session.dispatch({ kind: 'edit-refused', id, history });
		await this.refuse(id, result.problem);
	}

	private async refuse(id: string, problem: Problem): Promise<void> {
		if (this.session.get().id !== id) return;
		await this.reload();
		this.session.dispatch({ kind: 'problem-changed', problem });
	}

	/** With an `id`, what goes wrong is shown only while that corpus is open. */
	private async attempt(work: () => Promise<void>, id?: string): Promise<void> {
		try {
			await work();
		} catch (error) {
			if (id !== undefined && id !== this.session.get().id) return;
			this.session.dispatch({ kind: 'problem-changed', problem: toProblem(error) });
		}
	}
}
