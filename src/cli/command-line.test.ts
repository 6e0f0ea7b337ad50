import { expect, test } from 'vitest';
import { integerOption, readOptions, required, UsageError } from './command-line';

const table = { seed: { type: 'string' }, resume: { type: 'boolean' } } as const;

test('options are read by name', () => {
	expect({ ...readOptions(['--seed', '3', '--resume'], table) }).toEqual({ seed: '3', resume: true });
});

test.each([
	[['--sede', '3'], /unknown option '--sede'; the options are --seed, --resume/],
	[['train.txt'], /unexpected argument 'train.txt'/],
	[['--seed'], /^--seed needs a value/],
	[['--seed', '--resume'], /^--seed needs a value/],
	[['--seed', '-1'], /^--seed needs a value; write --seed=VALUE/],
	[['--resume=yes'], /^--resume takes no value/],
])('%j is refused in words', (args, words) => {
	expect(() => readOptions(args, table)).toThrow(UsageError);
	expect(() => readOptions(args, table)).toThrow(words);
});

test('a missing option says what it is for', () => {
	expect(() => required(undefined, 'train', 'the training corpus')).toThrow('--train is required: the training corpus');
});

test.each(['', '1.5', '0', 'many'])('an integer option refuses "%s"', (text) => {
	expect(() => integerOption(text, 'epochs', 1)).toThrow(UsageError);
});
