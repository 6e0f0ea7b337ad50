import { expect, test } from 'vitest';
import { EarlyKeys } from './early-keys';

const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

test('text typed before the field has the focus is kept, and other keys do nothing to the page', () => {
	const keys = new EarlyKeys(() => {});
	expect(keys.keep(press('g'))).toBe(false);
	keys.begin();
	for (const key of ['g', ' ', 't', 'x', 'Backspace', 'Enter', 'ArrowDown']) expect(keys.keep(press(key))).toBe(true);
	keys.begin();
	expect(keys.keep(press('k', { ctrlKey: true }))).toBe(false);
	expect(keys.keep(press('Tab'))).toBe(false);
	expect(keys.take()).toBe('g t');
	expect(keys.keep(press('a'))).toBe(false);
	expect(keys.take()).toBe('');
});

test('Escape closes a palette that is still opening', () => {
	let closed = 0;
	const keys = new EarlyKeys(() => closed++);
	keys.begin();
	keys.keep(press('a'));
	expect(keys.keep(press('Escape'))).toBe(true);
	expect(closed).toBe(1);
	expect(keys.keep(press('b'))).toBe(false);
});
