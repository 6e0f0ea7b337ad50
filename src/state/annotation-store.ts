// The store of the annotation session: its state, and commands that never reject. Every change is shown at once and given to the writer of
// the corpus, which keeps what cannot be saved yet. A vanilla store: no React, no DOM.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RejectedSuggestion } from '../data/corpus-review';
import type { QueueRequest } from '../wire/annotation';
import type { WorkerClient } from '../wire/client';
import type { Editing } from './annotation';
import { AnnotationEffects, type SessionPort, scoreTask } from './annotation-effects';
import { reduce } from './annotation-reducer';
import {
	type AnnotationSession,
	emptySession,
	openRow,
	type SessionAction,
	type SessionLink,
} from './annotation-session';
import { confirmStep, markStep } from './annotation-steps';
import type { CorpusWriter } from './corpus-writer';

/** What goes wrong in a command becomes `problem`, or `saving` where it was a save. */
export interface SessionCommands {
	open(id: string): Promise<void>;
	/**
	 * Asks for a queue and opens it where a link says; without a link, or where its sentence is not part of the queue, the
	 * sentence that is open then stays open where it is.
	 */
	ask(request: QueueRequest, link?: SessionLink): Promise<void>;
	/** Opens a sentence of the queue that has come. */
	goTo(index: number): void;
	/** Opens what a link names in the queue that was asked for last, as soon as that has come. */
	follow(link: SessionLink): void;
	/** Asks for the rows from `first` to `last` of the queue that were not asked for yet. */
	need(first: number, last: number): void;
	/** Takes the next state of the open sentence; null changes nothing. False when there was nothing to do. */
	edit(next: Editing | null): boolean;
	/** Says that the labels are right as they are: the sentence is confirmed, text without labels gets them, a mark ends. */
	confirm(): void;
	/** Marks the open sentence to be labelled later. */
	mark(): void;
	/** Allows rejected suggestions again, here or in the whole corpus. */
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

export type AnnotationStoreState = AnnotationSession & SessionCommands;
export type AnnotationStore = StoreApi<AnnotationStoreState>;

export function createAnnotationStore(client: WorkerClient, writer: CorpusWriter): AnnotationStore {
	const port: SessionPort = {
		get: () => store.getState(),
		dispatch: (action) => {
			const before = store.getState();
			const after = reduce(before, action);
			store.setState(after);
			effects.follow(before, after);
			return after;
		},
	};
	const effects = new AnnotationEffects(client, writer, port);
	const store: AnnotationStore = createStore(() => ({ ...emptySession, ...commandsOf(effects, port) }));
	listen(client, writer, store, port.dispatch);
	return store;
}

function commandsOf(effects: AnnotationEffects, { get, dispatch }: SessionPort): SessionCommands {
	return {
		open: (id) => effects.open(id),
		ask: (request, link) => effects.ask(request, link),
		goTo: (index) => void dispatch({ kind: 'sentence-opened', index }),
		follow: (link) => void dispatch({ kind: 'link-followed', link }),
		need: (first, last) => effects.need(first, last),
		edit: (next) => effects.edit(next),
		confirm: () => effects.doStep(confirmStep(get())),
		mark: () => effects.doStep(markStep(get())),
		offerAgain(suggestions) {
			const row = openRow(get());
			if (row && suggestions.length > 0) effects.doStep({ kind: 'offer-again', ref: row.ref, suggestions });
		},
		addType: (type) => void dispatch({ kind: 'type-added', type }),
		undo: () => void effects.travel('undo'),
		redo: () => void effects.travel('redo'),
		score: () => effects.score(),
		cancelScoring: () => effects.cancelScoring(),
		save: () => effects.save(),
		reload: () => effects.reload(),
		settle: (keepsMine) => effects.settle(keepsMine),
	};
}

/** Progress of scoring, changes of the corpus by others, and whether everything is saved. */
function listen(
	client: WorkerClient,
	writer: CorpusWriter,
	store: AnnotationStore,
	dispatch: (action: SessionAction) => unknown,
): void {
	client.on('task-progress', ({ task, progress }) => {
		if (task !== scoreTask || !store.getState().scoring) return;
		const { done, total, unit, counts } = progress;
		dispatch({ kind: 'scoring-changed', scoring: { done, total, unit, secondsLeft: counts.secondsLeft ?? 0 } });
	});
	writer.onChange((id, by) => {
		if (id === store.getState().id && [...by].some((one) => one !== 'annotate')) void store.getState().reload();
	});
	writer.store.subscribe(() => {
		const { id, saving } = store.getState();
		const now = id === null ? saving : writer.savingOf(id);
		if (now !== saving) dispatch({ kind: 'saving-changed', saving: now });
	});
}
