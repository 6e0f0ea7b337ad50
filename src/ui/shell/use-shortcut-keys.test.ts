import { expect, test } from 'vitest';
import { isComposing, strokeOf } from './use-shortcut-keys';

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({ key, ...more }) as KeyboardEvent;

test('a stroke names its modifiers, and the shift of a printed character is in the character', () => {
	expect(strokeOf(press('K', { ctrlKey: true }))).toBe('mod+k');
	expect(strokeOf(press('z', { metaKey: true, shiftKey: true }))).toBe('mod+shift+z');
	expect(strokeOf(press('?', { shiftKey: true }))).toBe('?');
	expect(strokeOf(press('ArrowLeft', { shiftKey: true }))).toBe('shift+ArrowLeft');
	expect(strokeOf(press(' '))).toBe('Space');
	expect(strokeOf(press('Shift', { shiftKey: true }))).toBeNull();
});

test('keys of an input method are known as such', () => {
	expect(isComposing(press('a', { isComposing: true }))).toBe(true);
	expect(isComposing(press('Process', { keyCode: 229 }))).toBe(true);
	expect(isComposing(press('a', { isComposing: false, keyCode: 65 }))).toBe(false);
});
