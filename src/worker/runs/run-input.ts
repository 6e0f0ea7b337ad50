// The input of a saved run: it is resumed on the sentences and labels that it began with, whatever was done to its corpus
// since. What is different now is counted, so that the page can offer a new run on the corpus as it is.

import { type SentenceRef, splitNames } from '../../data/corpus';
import type { CorpusChange, CorpusView } from '../../data/corpus-changes';
import { spansOf } from '../../data/spans';
import { corpusPart, decodeCorpus, encodeCorpus, encodeJson } from '../../storage/workspace/corpus-record';
import type { RunInput } from '../../storage/workspace/run-record';
import type { Workspace } from '../../storage/workspace/workspace';
import { UserError } from '../../util/errors';
import type { InputChange } from '../../wire/runs';
import { readStoredCorpus } from '../corpora/corpus-handlers';
import { hashOf, type RunSource, storedSource } from './run-source';
import type { ReadSavedRun } from './saved-run';

/** Changed sentences that are named. */
const namedSentences = 20;

/** Lists up to this length are searched for the one that a run of an earlier version began with. */
const searchedChanges = 2000;

/** The stored input of a run as it began. Throws a UserError `run-input-changed` where that is not known any more. */
export async function pinnedSource(workspace: Workspace, saved: ReadSavedRun, input: RunInput): Promise<RunSource> {
	const { corpusId } = input;
	if (corpusId === null) throw inputMissing();
	const pinned = await pinnedChanges(workspace, saved, corpusId);
	if (pinned === null) throw inputChanged(`the labels of “${saved.detail.inputNames.corpus ?? corpusId}”`);
	const source = await storedSource(workspace, { ...input, corpusId }, pinned);
	return { ...source, hashes: async () => underFirstName(workspace, saved, corpusId, await source.hashes()) };
}

/** The content decides: earlier versions brought a renamed corpus back from memory with its new name in its bytes. */
async function underFirstName(
	workspace: Workspace,
	{ dataHashes, detail }: ReadSavedRun,
	corpusId: string,
	hashes: Record<string, string>,
): Promise<Record<string, string>> {
	const { corpus: name } = detail.inputNames;
	if (hashes.corpus === dataHashes.corpus || name === undefined) return hashes;
	const corpus = decodeCorpus(await workspace.readPart('corpus', corpusId, corpusPart));
	const corpusHash = await hashOf(encodeCorpus({ ...corpus, name }));
	return corpusHash === dataHashes.corpus ? { ...hashes, corpus: corpusHash } : hashes;
}

/** Kept with the run, or found among the changes of the corpus by their hash; null where they are not. */
async function pinnedChanges(
	workspace: Workspace,
	{ pinnedChanges: kept, dataHashes }: ReadSavedRun,
	corpusId: string,
): Promise<unknown> {
	if (kept !== undefined) return kept;
	const { changes } = await readStoredCorpus(workspace, corpusId);
	return beginningWithHash(changes, dataHashes.changes);
}

/** People undo and add at the end of the list, so what it was is mostly a beginning of what it is. */
async function beginningWithHash(
	changes: readonly CorpusChange[],
	hash: string | undefined,
): Promise<readonly CorpusChange[] | null> {
	if (hash === undefined || hash === (await hashOf(encodeJson([])))) return [];
	for (let count = Math.min(changes.length, searchedChanges); count > 0; count--) {
		const beginning = changes.slice(0, count);
		if ((await hashOf(encodeJson(beginning))) === hash) return beginning;
	}
	return null;
}

/** Throws what reading the corpus throws, but for one that was deleted. */
export async function changeOfInput(workspace: Workspace, saved: ReadSavedRun): Promise<InputChange> {
	const { input, inputNames } = saved.detail;
	if (input.corpusId === null) return { kind: 'files' };
	const item = await workspace.find('corpus', input.corpusId);
	if (!item) return { kind: 'deleted', corpus: inputNames.corpus ?? '' };
	const now = await readStoredCorpus(workspace, input.corpusId);
	const pinned = await pinnedChanges(workspace, saved, input.corpusId);
	if (pinned === null) return { kind: 'changed', corpus: item.name, sentences: 0, first: [], isPinned: false };
	const began = await readStoredCorpus(workspace, input.corpusId, pinned);
	const changed = differingSentences(began.view, now.view);
	if (changed.length === 0) return { kind: 'same' };
	return {
		kind: 'changed',
		corpus: item.name,
		sentences: changed.length,
		first: changed.slice(0, namedSentences),
		isPinned: true,
	};
}

/** Sentences, by their position as imported, whose split, labels or pieces differ. */
export function differingSentences(before: CorpusView, after: CorpusView): SentenceRef[] {
	const left = sentencesByRef(before);
	const right = sentencesByRef(after);
	const names = [...new Set([...left.keys(), ...right.keys()])];
	return names.flatMap((name) => {
		const one = left.get(name);
		const other = right.get(name);
		const isSame = one && other && one.text === other.text;
		return isSame ? [] : [(one ?? other)!.ref];
	});
}

function sentencesByRef({ splits, scheme }: CorpusView): Map<string, { ref: SentenceRef; text: string }> {
	const found = new Map<string, { ref: SentenceRef; text: string }>();
	for (const split of splitNames) {
		for (const { ref, start, sentence } of splits[split]) {
			const name = `${ref.split} ${ref.index}`;
			const piece = [split, start, sentence.tags && spansOf(sentence.tags, scheme), sentence.tags?.length ?? null];
			const text = (found.get(name)?.text ?? '') + JSON.stringify(piece);
			found.set(name, { ref, text });
		}
	}
	return found;
}

export function inputMissing(): UserError {
	return new UserError({
		code: 'run-input-missing',
		expected: 'a corpus or files to train on',
		found: 'neither',
		remedy: 'Choose a corpus; a run that was started from files needs the same files again.',
	});
}

/** `what` is other than it was. */
function inputChanged(what: string): UserError {
	return new UserError({
		code: 'run-input-changed',
		expected: 'the same data as at the start of this run',
		found: `that ${what} has changed since`,
		remedy: 'Save the best model of the run and continue training it on the current data, or start a new run.',
	});
}

/** Throws a UserError when a run would be resumed on other data than it began with. */
export function requirePinnedInput(
	saved: Readonly<Record<string, string>>,
	now: Readonly<Record<string, string>>,
): void {
	for (const role of new Set([...Object.keys(saved), ...Object.keys(now)])) {
		if (role === 'changes') continue; // the list itself was found or kept; an emptied one had a hash in earlier versions
		if (saved[role] !== now[role]) throw inputChanged(role);
	}
}
