// The one way to change a stored corpus. Each corpus has one queue; an edit is a step from the state before to the state after, so that it
// can be made again on what another tab stored meanwhile. An edit that cannot be stored is refused, or, where it is work that must not be
// lost, waits here and is registered as unsaved.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SentenceRef } from '../data/corpus';
import type { CorpusChange } from '../data/corpus-changes';
import { keepObjects, refKey, sentencesOf } from '../data/take-back';
import { UserError } from '../util/errors';
import type { CorpusDraft } from '../wire/annotation';
import type { WorkerClient } from '../wire/client';
import type { OpenedCorpus } from '../wire/corpora';
import { changedElsewhere, type EditStep } from './corpus-edits';
import { draftFiles } from './draft-files';
import { type Problem, toProblem } from './problem';
import type { UnsavedWorkStore } from './unsaved-work';

export type Saving = { kind: 'saved' } | { kind: 'saving' } | { kind: 'failed'; problem: Problem };

/** Who changed a corpus: those that show it read it again after the changes of others. */
export type Writer = 'annotate' | 'data' | 'space' | 'train' | 'elsewhere';

export interface EditOptions {
	by: Exclude<Writer, 'elsewhere'>;
	/** True for work that waits here when it cannot be stored; false for an edit that is refused then. */
	waits: boolean;
	/** Where another tab changed these sentences meanwhile the user is asked; absent for an edit that is made on anything. */
	touches?: readonly SentenceRef[];
	/** Hears of an edit that had waited and then refused itself. */
	onRefused?(problem: Problem): void;
}

export type WriteResult =
	| { kind: 'saved' }
	/** There was nothing to do. */
	| { kind: 'unchanged' }
	/** Not stored yet; it waits here. */
	| { kind: 'waiting'; problem: Problem }
	/** Nothing was changed. */
	| { kind: 'refused'; problem: Problem };

interface Edit extends EditOptions {
	step: EditStep;
	isAnswered: boolean;
	resolve(result: WriteResult): void;
}

/** The queue of one corpus. */
interface Line {
	readonly id: string;
	name: string;
	/** As it was read or stored last; null before the first reading. */
	base: CorpusDraft | null;
	/** Of `base`; null when the corpus must be read again before it is saved. */
	revision: number | null;
	/** The latest that a message told of. */
	toldRevision: number;
	waiting: Edit[];
	conflict: Problem | null;
	running: Promise<void> | null;
}

export type CorpusWriterStore = StoreApi<{
	/** By corpus, for those that were written. */
	saving: ReadonlyMap<string, Saving>;
}>;

/** Readings after conflicts before an edit is called impossible to store. */
const maxAttempts = 8;

export class CorpusWriter {
	readonly store: CorpusWriterStore = createStore(() => ({ saving: new Map() }));
	private readonly lines = new Map<string, Line>();
	private readonly listeners = new Set<(id: string, by: ReadonlySet<Writer>) => void>();

	constructor(
		private readonly client: WorkerClient,
		private readonly unsaved: UnsavedWorkStore,
	) {
		client.on('workspace-changed', ({ change }) => {
			if (change.kind === 'corpus') this.hear(change.id, change.revision);
		});
	}

	/** Calls the listener after each change that was stored, with those who made it. Returns a function that ends it. */
	onChange(listener: (id: string, by: ReadonlySet<Writer>) => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	/** Reads a corpus; changes that were known already are the same objects as before. Rejects as `open-corpus` does. */
	async open(id: string): Promise<OpenedCorpus> {
		const line = this.lineOf(id);
		const opened = await this.client.ask('open-corpus', { id });
		const changes = keepObjects(line.base?.changes ?? [], opened.changes);
		// A save that ended meanwhile knows better.
		if (!line.running) this.take(line, opened, changes);
		return { ...opened, changes };
	}

	/** The corpus with the edits that wait for it; null while it was never read. */
	async draftOf(id: string): Promise<CorpusDraft | null> {
		const { base, waiting } = this.lineOf(id);
		let draft = base;
		for (const { step } of waiting) {
			try {
				draft = draft && (await step(draft));
			} catch {
				// An edit that refuses itself is answered when it is saved.
			}
		}
		return draft;
	}

	hasUnsaved(id: string): boolean {
		return this.lineOf(id).waiting.length > 0;
	}

	savingOf(id: string): Saving {
		return this.store.getState().saving.get(id) ?? { kind: 'saved' };
	}

	/** Never rejects. Resolves when the edit is stored, refused, or has to wait. */
	write(id: string, step: EditStep, options: EditOptions): Promise<WriteResult> {
		const line = this.lineOf(id);
		return new Promise((resolve) => {
			const edit: Edit = { step, resolve, isAnswered: false, ...options };
			line.waiting.push(edit);
			const drive = async () => {
				while (!edit.isAnswered) await this.process(line);
			};
			void drive();
		});
	}

	/** Tries again to store what waits; true when nothing does. */
	async save(id: string): Promise<boolean> {
		const line = this.lineOf(id);
		if (line.waiting.length > 0) await this.process(line);
		return line.waiting.length === 0;
	}

	/** After a conflict: makes the waiting edits on what the other tab stored, or gives them up. True when nothing waits then. */
	async resolveConflict(id: string, keepsMine: boolean): Promise<boolean> {
		const line = this.lineOf(id);
		line.conflict = null;
		if (!keepsMine) this.giveUp(line);
		return this.save(id);
	}

	private lineOf(id: string): Line {
		const found = this.lines.get(id);
		if (found) return found;
		const nothing = { base: null, revision: null, toldRevision: 0, conflict: null, running: null };
		const line: Line = { id, name: id, waiting: [], ...nothing };
		this.lines.set(id, line);
		return line;
	}

	private take(line: Line, { item, review }: OpenedCorpus, changes: readonly CorpusChange[]): void {
		line.name = item.name;
		line.base = { changes, review };
		line.revision = item.revision;
	}

	private hear(id: string, revision: number): void {
		const line = this.lines.get(id);
		if (!line) return;
		if (revision === 0) {
			// Deleted for good: there is nothing left that the edits could be made on.
			this.giveUp(line);
			this.lines.delete(id);
			return;
		}
		line.toldRevision = revision;
		if (!line.running && line.revision !== revision) this.becomeStale(line);
	}

	private becomeStale(line: Line): void {
		line.revision = null;
		this.tell(line.id, new Set(['elsewhere']));
	}

	private tell(id: string, by: ReadonlySet<Writer>): void {
		for (const listener of this.listeners) listener(id, by);
	}

	private process(line: Line): Promise<void> {
		line.running ??= this.run(line).finally(() => {
			line.running = null;
			if (line.revision !== null && line.toldRevision > line.revision) this.becomeStale(line);
		});
		return line.running;
	}

	private async run(line: Line): Promise<void> {
		this.say(line, { kind: 'saving' });
		try {
			for (let attempt = 0; line.waiting.length > 0 && !line.conflict; attempt++) {
				if (attempt === maxAttempts) throw changedElsewhere(line.name);
				if (await this.storeOnce(line)) attempt = -1;
			}
			if (line.conflict) this.wait(line, line.conflict);
			else this.wait(line, null);
		} catch (error) {
			this.wait(line, toProblem(error));
		}
	}

	/** Stores what waits; false when another tab was faster. */
	private async storeOnce(line: Line): Promise<boolean> {
		if (line.revision === null) await this.readAgain(line);
		const { base, revision } = line;
		if (line.conflict || base === null || revision === null) return true;
		const batch = [...line.waiting];
		const { draft, made } = await makeAll(base, batch);
		line.waiting = line.waiting.filter((edit) => !edit.isAnswered || edit.waits);
		if (draft !== base) {
			const { id } = line;
			const review = draft.review === base.review ? undefined : draft.review;
			const changes = [...draft.changes];
			try {
				const saved = await this.client.ask('save-corpus-changes', { id, revision, changes, review });
				line.base = draft;
				line.revision = saved.revision;
			} catch (error) {
				if (!(error instanceof UserError) || error.code !== 'workspace-conflict') throw error;
				line.revision = null;
				return false;
			}
		}
		line.waiting = line.waiting.filter((edit) => !batch.includes(edit));
		for (const edit of made) answer(edit, { kind: draft === base ? 'unchanged' : 'saved' });
		if (draft !== base) this.tell(line.id, new Set(made.map(({ by }) => by)));
		return true;
	}

	/** Also finds whether the waiting edits and what was stored meanwhile are of the same sentences. */
	private async readAgain(line: Line): Promise<void> {
		const before = line.base;
		const opened = await this.client.ask('open-corpus', { id: line.id });
		const changes = keepObjects(before?.changes ?? [], opened.changes);
		this.take(line, opened, changes);
		if (!before) return;
		const known = new Set(before.changes);
		const theirs = changes.filter((change) => !known.has(change));
		const names = new Set(theirs.flatMap(sentencesOf).map(refKey));
		const isOfSame = line.waiting.some(({ touches = [] }) => touches.some((ref) => names.has(refKey(ref))));
		if (isOfSame) line.conflict = toProblem(changedElsewhere(line.name));
		this.tell(line.id, new Set(['elsewhere']));
	}

	/** Refuses the edits that do not wait, registers the others, and says what is so now. */
	private wait(line: Line, problem: Problem | null): void {
		if (problem) {
			for (const edit of line.waiting) answer(edit, { kind: edit.waits ? 'waiting' : 'refused', problem });
			line.waiting = line.waiting.filter(({ waits }) => waits);
		}
		const { id, name } = line;
		const key = `corpus ${id}`;
		if (line.waiting.length === 0 || !problem) {
			this.unsaved.getState().settle(key);
			this.say(line, { kind: 'saved' });
			return;
		}
		this.say(line, { kind: 'failed', problem });
		const toFiles = async () => draftFiles(this.client, id, name, await this.draftOf(id));
		const save = () => this.save(id);
		this.unsaved.getState().register({ key, kind: 'labels', name, problem, corpusId: id, save, toFiles });
	}

	private giveUp(line: Line): void {
		for (const edit of line.waiting.splice(0)) answer(edit, { kind: 'unchanged' });
		line.conflict = null;
		this.wait(line, null);
	}

	private say(line: Line, saving: Saving): void {
		if (this.savingOf(line.id).kind === saving.kind && saving.kind !== 'failed') return;
		this.store.setState((state) => ({ saving: new Map(state.saving).set(line.id, saving) }));
	}
}

/** Makes the edits one after another; one that refuses itself is answered and left out. */
async function makeAll(base: CorpusDraft, edits: readonly Edit[]): Promise<{ draft: CorpusDraft; made: Edit[] }> {
	let draft = base;
	const made: Edit[] = [];
	for (const edit of edits) {
		try {
			draft = await edit.step(draft);
			made.push(edit);
		} catch (error) {
			const problem = toProblem(error);
			if (edit.isAnswered) edit.onRefused?.(problem);
			answer(edit, { kind: 'refused', problem });
			edit.waits = false;
		}
	}
	return { draft, made };
}

function answer(edit: Edit, result: WriteResult): void {
	edit.isAnswered = true;
	edit.resolve(result);
}
