import { expect, test } from 'vitest';
import { invariant, UserError } from './errors';

test('a message says where, what was expected, what came and what to do', () => {
	const error = new UserError({
		code: 'corpus-missing-column',
		location: { file: 'train.txt', line: 12, column: 3 },
		expected: 'two columns',
		found: 'one',
		remedy: 'Add a tag.',
	});
	expect(error.message).toBe('train.txt:12:3: expected two columns, found one. Add a tag.');
});

test('a broken invariant says that it is one', () => {
	expect(() => invariant(false, 'no rows')).toThrow('invariant: no rows');
});
