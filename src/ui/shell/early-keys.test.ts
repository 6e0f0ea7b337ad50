import { expect, test } from 'vitest';
import { EarlyKeys } from './early-keys';

const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

test('text typed before the field has the focus is kept, commands and other keys are not', () => {
	const keys = new EarlyKeys();
	expect(keys.keep(press('g'))).toBe(false);
	keys.begin();
	for (const key of ['g', ' ', 't', 'x', 'Backspace']) expect(keys.keep(press(key))).toBe(true);
	expect(keys.keep(press('k', { ctrlKey: true }))).toBe(false);
	expect(keys.keep(press('Escape'))).toBe(false);
	expect(keys.take()).toBe('g t');
	expect(keys.keep(press('a'))).toBe(false);
	expect(keys.take()).toBe('');
});
