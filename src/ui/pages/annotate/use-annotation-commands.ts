// Everything that the page does by key, as commands: the palette and the page of shortcuts know them too. Composing
// input and text fields never reach them (ui/shell/use-shortcut-keys.ts).

import { type RefObject, useMemo } from 'react';
import {
	accept,
	type Direction,
	type Editing,
	moveByWord,
	moveCaret,
	moveToEdge,
	openSuggestions,
	reject,
	removeLabels,
	select,
	selectionOf,
	setType,
} from '../../../state/annotation';
import { finishedNames, refName } from '../../../state/annotation-history';
import { nextUnsure, typeKeys } from '../../../state/annotation-queue';
import type { Command } from '../../../state/commands';
import { useCommands } from '../../context/commands-context';
import { notify } from '../../kit/controls/toasts';
import { useWords } from '../../words/words';
import { annotateWords } from './annotate-words';
import { bringIntoView, isInView, onePageFrom, targetOf } from './reveal';
import { useSession, useSessionStore } from './session-context';
import { useSeenText } from './use-seen-text';

export interface AnnotationActions {
	accept(): void;
	reject(): void;
	remove(): void;
	giveType(type: string): void;
	step(by: Direction): void;
	open(index: number): void;
	nextUnsure(): void;
	focusSentence(): void;
}

export function useAnnotationActions(editorRef: RefObject<HTMLDivElement | null>): AnnotationActions {
	const t = useWords(annotateWords);
	const session = useSessionStore();
	const seenText = useSeenText(editorRef);
	return useMemo(() => {
		const focusSentence = () => editorRef.current?.focus({ preventScroll: true });
		const open = (index: number) => {
			session.getState().goTo(index);
			focusSentence();
		};
		const change = (next: (editing: Editing) => Editing | null): boolean => {
			const { editing, edit } = session.getState();
			return editing !== null && edit(next(editing));
		};
		/** Nothing is done to what cannot be seen: the first key brings it into view, the next one acts. */
		const isSeen = (): boolean => {
			const { editing } = session.getState();
			const editor = editorRef.current;
			if (!editing || !editor) return true;
			const target = targetOf(editing);
			if (isInView(editor, target)) return true;
			bringIntoView(editor, target);
			return false;
		};
		/** Moves to what has not been on screen yet, an open suggestion first; false where the end of the sentence has been. */
		const scrollOn = (editing: Editing): boolean => {
			const editor = editorRef.current;
			const seen = seenText.look();
			if (!editor || seen >= editing.length) return false;
			const next = openSuggestions(editing).find(({ start }) => start >= seen);
			change((state) => (next ? select(state, next.start, next.end) : select(state, seen, seen)));
			bringIntoView(editor, next ?? { start: seen, end: editing.length });
			// Where the page could not scroll any further, the end counts as seen.
			return seenText.look() > seen;
		};
		const step = (by: Direction) => open(session.getState().openIndex + by);
		return {
			focusSentence,
			open,
			step,
			accept: () => {
				const { editing, confirm } = session.getState();
				// While the sentence is read there is nothing to agree to.
				if (editing === null) return;
				if (accept(editing)) {
					if (isSeen()) change(accept);
				} else if (!scrollOn(editing)) {
					confirm();
					step(1);
				}
			},
			reject: () => void (isSeen() && (change(reject) || change(removeLabels))),
			remove: () => void (isSeen() && change(removeLabels)),
			giveType: (type) => {
				if (!isSeen()) return;
				if (change((editing) => setType(editing, type))) session.getState().addType(type);
				else notify({ text: t('selectFirst') });
			},
			nextUnsure: () => {
				const { queue, openIndex, history } = session.getState();
				if (!queue) return;
				const done = finishedNames(history);
				const next = nextUnsure(queue, openIndex, (ref) => done.has(refName(ref)));
				if (next < 0) notify({ text: t('noUnsure') });
				else open(next);
			},
		};
	}, [t, session, editorRef, seenText]);
}

export function useAnnotationCommands(
	actions: AnnotationActions,
	types: readonly string[],
	focusTypes: () => void,
	editorRef: RefObject<HTMLDivElement | null>,
): void {
	const t = useWords(annotateWords);
	const session = useSessionStore();
	const isOpen = useSession((state) => state.editing !== null);
	const commands = useMemo((): Command[] => {
		const group = t('sentence');
		const edit = (next: (editing: Editing) => Editing | null) => {
			const { editing, edit: take } = session.getState();
			if (editing) take(next(editing));
		};
		const editByPage = (by: Direction, { extends: isExtended }: { extends: boolean }) =>
			edit((editing) => {
				const position = editorRef.current ? onePageFrom(editorRef.current, editing, by) : editing.caret;
				return select(editing, isExtended ? editing.anchor : position, position);
			});
		const words = () => session.getState().suggestion?.words ?? [];
		const key = (id: string, title: string, keys: string, run: () => void, isEnabled = isOpen): Command => ({
			id: `annotate:${id}`,
			title,
			group,
			keys,
			keysOnly: true,
			isEnabled,
			run,
		});
		const arrows = ([-1, 1] as const).flatMap((by) => {
			const arrow = by < 0 ? 'ArrowLeft' : 'ArrowRight';
			const edge = by < 0 ? 'Home' : 'End';
			const page = by < 0 ? 'PageUp' : 'PageDown';
			const plain = { extends: false };
			const extending = { extends: true };
			return [
				key(arrow, t('moveCaret'), arrow, () => edit((editing) => moveCaret(editing, by, plain))),
				key(`shift ${arrow}`, t('extend'), `shift+${arrow}`, () =>
					edit((editing) => moveCaret(editing, by, extending)),
				),
				key(`alt ${arrow}`, t('wholeWord'), `alt+${arrow}`, () =>
					edit((editing) => moveByWord(editing, by, words(), plain)),
				),
				key(`alt shift ${arrow}`, t('wholeWord'), `alt+shift+${arrow}`, () =>
					edit((editing) => moveByWord(editing, by, words(), extending)),
				),
				key(edge, t('moveCaret'), edge, () => edit((editing) => moveToEdge(editing, by, plain))),
				key(page, t('movePage'), page, () => editByPage(by, plain)),
				key(`shift ${page}`, t('extend'), `shift+${page}`, () => editByPage(by, extending)),
				key(`shift ${edge}`, t('extend'), `shift+${edge}`, () => edit((editing) => moveToEdge(editing, by, extending))),
			];
		});
		const typing = typeKeys(types)
			.filter((type) => type.key !== '')
			.map(({ type, key: name }) =>
				key(`type ${type}`, `${t('giveType')}: ${type}`, name, () => actions.giveType(type)),
			);
		const anywhere = (id: string, title: string, keys: string, run: () => void): Command => ({
			...key(id, title, keys, run, true),
			keysOnly: false,
		});
		return [
			...arrows,
			...typing,
			key('accept', t('acceptOrNext'), 'Enter', actions.accept),
			key('reject', t('rejectOrRemove'), 'Backspace', actions.reject),
			key('remove', t('removeSpan'), '0', actions.remove),
			key('next', t('nextSentence'), 'j', () => actions.step(1), true),
			key('previous', t('previousSentence'), 'k', () => actions.step(-1), true),
			key('next arrow', t('nextSentence'), 'ArrowDown', () => actions.step(1), true),
			key('previous arrow', t('previousSentence'), 'ArrowUp', () => actions.step(-1), true),
			anywhere('unsure', t('nextUnsure'), 'u', actions.nextUnsure),
			anywhere('mark', t('markLater'), 'm', () => session.getState().mark()),
			anywhere('undo', t('undo'), 'mod+z', () => session.getState().undo()),
			anywhere('redo', t('redo'), 'mod+shift+z', () => session.getState().redo()),
			key('redo too', t('redo'), 'mod+y', () => session.getState().redo(), true),
			anywhere('find type', t('findType'), '/', focusTypes),
			key('clear', t('clear'), 'Escape', () => {
				edit((editing) => (selectionOf(editing) ? select(editing, editing.caret, editing.caret) : null));
			}),
		];
	}, [t, session, isOpen, types, actions, focusTypes, editorRef]);
	useCommands(commands);
}
