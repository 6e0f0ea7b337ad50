import { expect, test } from 'vitest';
import { notify, notifyProblem, showNotices, waitingNotices } from './toasts';

test('what is said before anything shows notices waits for it, in order, and names are cut in the middle', () => {
	const texts: string[] = [];
	let told = 0;
	const leave = waitingNotices.subscribe(() => told++);
	notify({ text: 'first' });
	notifyProblem(`${'a'.repeat(200)}z`);
	expect([told, waitingNotices.has()]).toEqual([2, true]);
	const hide = showNotices(({ text, isProblem }) => texts.push(isProblem ? `! ${text}` : text));
	notify({ text: 'third' });
	hide();
	leave();
	expect(texts).toEqual(['first', `! ${'a'.repeat(80)}…${'a'.repeat(79)}z`, 'third']);
	expect(waitingNotices.has()).toBe(false);
});
