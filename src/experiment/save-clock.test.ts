import { expect, test } from 'vitest';
import { SaveClock } from './save-clock';

test('a save is due after twenty seconds of training or evaluation, and sooner where an evaluation begins', () => {
	let nowMs = 50_000;
	const clock = new SaveClock(() => nowMs);
	const due = () => [clock.isDue('step'), clock.isDue('evaluation'), clock.isDue('evaluation-start')];
	nowMs += 1999;
	expect(due()).toEqual([false, false, false]);
	nowMs += 1;
	expect(due()).toEqual([false, false, true]);
	nowMs += 18_000;
	expect(due()).toEqual([true, true, true]);
	clock.saved();
	expect(due()).toEqual([false, false, false]);
});
