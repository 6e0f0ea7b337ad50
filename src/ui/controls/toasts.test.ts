import { expect, test } from 'vitest';
import { notify, notifyProblem, takeNotices, whenWanted } from './toasts';

test('notices wait until something shows them, and ask for it', () => {
	let asked = 0;
	whenWanted(() => asked++);
	notify({ text: 'one' });
	notifyProblem('two');
	expect(asked).toBe(2);
	const shown: string[] = [];
	const end = takeNotices(({ text }, shownMs) => shown.push(`${text} ${shownMs}`));
	notify({ text: 'three' });
	expect(shown).toEqual(['one 8000', 'two null', 'three 8000']);
	end();
	notify({ text: 'four' });
	expect([shown.length, asked]).toEqual([3, 3]);
	takeNotices(({ text }) => shown.push(text))();
	expect(shown.at(-1)).toBe('four');
});
