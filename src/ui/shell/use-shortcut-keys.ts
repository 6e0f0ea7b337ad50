// Listens for the keys of all listed commands. Nothing happens while an input method composes, and single letters act
// only outside text fields and only where the user left them on.

import { useEffect } from 'react';
import { allCommands, findByKeys } from '../../state/commands';
import { useCommandStore } from '../context/commands-context';
import { usePreferenceStore } from '../context/preferences-context';
import type { EarlyKeys } from './early-keys';

/** Milliseconds within which the second stroke of a sequence must come. */
const sequenceMs = 1200;

/** `early`: takes the keys meant for a palette that is still opening. */
export function useShortcutKeys(early: EarlyKeys): void {
	const commands = useCommandStore();
	const preferences = usePreferenceStore();
	useEffect(() => {
		let strokes: string[] = [];
		let lastTime = 0;
		const listen = (event: KeyboardEvent) => {
			if (event.defaultPrevented || isComposing(event) || isInOverlay()) return;
			const stroke = strokeOf(event);
			if (stroke === null) return;
			const hasModifier = event.ctrlKey || event.metaKey;
			if (!hasModifier && (isTyping(event.target) || (isLetter(stroke) && !preferences.getState().letterKeys))) return;
			if (isOwnKey(event.target, stroke)) return;
			strokes = event.timeStamp - lastTime < sequenceMs ? [...strokes, stroke] : [stroke];
			lastTime = event.timeStamp;
			const list = allCommands(commands.getState());
			const found = findByKeys(list, strokes) ?? findByKeys(list, (strokes = [stroke]));
			if (found === 'prefix') return;
			strokes = [];
			if (!found) return;
			event.preventDefault();
			found.run();
		};
		/** Before any control of the page has the key. */
		const listenFirst = (event: KeyboardEvent) => {
			if (isComposing(event) || hasFocusInOverlay() || !early.keep(event)) return;
			event.preventDefault();
			event.stopImmediatePropagation();
		};
		window.addEventListener('keydown', listenFirst, { capture: true });
		window.addEventListener('keydown', listen);
		return () => {
			window.removeEventListener('keydown', listenFirst, { capture: true });
			window.removeEventListener('keydown', listen);
		};
	}, [commands, preferences, early]);
}

/** Key code 229 is what browsers send for keys that an input method took. */
export function isComposing(event: KeyboardEvent): boolean {
	return event.isComposing || event.keyCode === 229;
}

/** `mod+shift+z`, `g`, `?`, `ArrowLeft`; null for a modifier alone. */
export function strokeOf(event: KeyboardEvent): string | null {
	const { key } = event;
	if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process', 'Unidentified'].includes(key)) return null;
	const name = key === ' ' ? 'Space' : key.length === 1 ? key.toLowerCase() : key;
	// The shift of '?' and of capitals is in the key already.
	const isPrintable = key.length === 1 && key !== ' ';
	const hasModifier = event.ctrlKey || event.metaKey;
	const parts = [
		hasModifier && 'mod',
		event.altKey && 'alt',
		event.shiftKey && (!isPrintable || hasModifier) && 'shift',
		name,
	];
	return parts.filter(Boolean).join('+');
}

function isLetter(stroke: string): boolean {
	return stroke.length === 1;
}

function isTyping(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null;
}

/** What is open over the page, a dialog, menu or list, takes all keys: letters find entries there. */
function hasFocusInOverlay(): boolean {
	const overlays = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';
	return document.activeElement?.closest(overlays) != null;
}

/** A dialog that has just opened takes the keys too, although the focus reaches it a moment later. */
function isInOverlay(): boolean {
	return hasFocusInOverlay() || document.querySelector('[role="dialog"]') !== null;
}

/** Keys that a focused control needs for itself. */
function isOwnKey(target: EventTarget | null, stroke: string): boolean {
	if (!(target instanceof HTMLElement)) return false;
	const onControl = target.closest('button, a, [role="tab"], [role="slider"], summary');
	if (onControl && (stroke === 'Space' || stroke === 'Enter')) return true;
	const onArrows = target.closest('[role="tablist"], [role="slider"], [role="separator"], [role="radiogroup"]');
	return onArrows !== null && stroke.startsWith('Arrow');
}
