import { expect, test } from 'vitest';
import { addCommands, allCommands, type Command, createCommands, findByKeys, searchCommands } from './commands';

const command = (id: string, title: string, more: Partial<Command> = {}): Command => ({
	id,
	title,
	group: 'test',
	run: () => {},
	...more,
});

test('commands go when their place goes, and the latest come first', () => {
	const store = createCommands();
	addCommands(store, [command('a', 'A')]);
	const remove = addCommands(store, [command('b', 'B')]);
	expect(allCommands(store.getState()).map(({ id }) => id)).toEqual(['b', 'a']);
	remove();
	expect(allCommands(store.getState()).map(({ id }) => id)).toEqual(['a']);
});

test('a sequence of keys finds its command, its beginning is a prefix, a disabled one is not found', () => {
	const list = [command('data', 'Data', { keys: 'g d' }), command('t', 'Train', { keys: 't', isEnabled: false })];
	expect(findByKeys(list, ['g'])).toBe('prefix');
	expect(findByKeys(list, ['g', 'd'])).toMatchObject({ id: 'data' });
	expect(findByKeys(list, ['t'])).toBeNull();
});

test('names of keys are the same in small letters and capitals', () => {
	const list = [command('redo', 'Redo', { keys: 'mod+Shift+z' }), command('left', 'Left', { keys: 'ArrowLeft' })];
	expect(findByKeys(list, ['mod+shift+z'])).toMatchObject({ id: 'redo' });
	expect(findByKeys(list, ['ArrowLeft'])).toMatchObject({ id: 'left' });
});

test('a search ranks the start of a title before its middle and keywords last', () => {
	const list = [
		command('keyword', 'Open', { keywords: 'run kaishi' }),
		command('middle', 'Pause run'),
		command('start', 'Run now'),
		command('hidden', 'Run caret', { keysOnly: true }),
	];
	expect(searchCommands(list, 'run').map(({ id }) => id)).toEqual(['start', 'middle', 'keyword']);
	expect(searchCommands(list, 'ru pau').map(({ id }) => id)).toEqual(['middle']);
});
