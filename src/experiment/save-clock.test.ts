import { expect, test } from 'vitest';
import { lossWarning, SaveClock } from './save-clock';

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

test('a save that takes long is made so seldom that it takes a tenth of the time, and what a crash can lose is told once', () => {
	let nowMs = 0;
	const clock = new SaveClock(() => nowMs);
	const save = (costMs: number) => {
		clock.saved();
		nowMs += costMs;
		clock.done();
	};
	save(100);
	expect([clock.isTooSoon, clock.minutesToTell()]).toEqual([false, null]);
	save(6000);
	expect([clock.isTooSoon, clock.minutesToTell(), clock.minutesToTell()]).toEqual([true, 1.5, null]);
	nowMs += 53_999;
	expect([clock.isDue('step'), clock.isDue('evaluation-start'), clock.isTooSoon]).toEqual([false, false, true]);
	nowMs += 1;
	expect([clock.isDue('step'), clock.isDue('evaluation-start'), clock.isTooSoon]).toEqual([true, true, false]);
	save(7000);
	expect(clock.minutesToTell()).toBe(null);
	save(12_000);
	expect(clock.minutesToTell()).toBe(2.5);
	expect(lossWarning(2.5).message).toContain('2.5 minutes');
});
