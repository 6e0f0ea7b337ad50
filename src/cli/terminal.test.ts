// What the command does when nobody reads its output, and what it never lets through to a terminal.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runNerco, smallCorpus } from '../testing/nerco-process';
import { reportError } from './command-line';
import { corpusCommand } from './corpus-command';
import { tagCommand } from './tag-command';
import { trainCommand } from './train-command';
import { vectorsCommand } from './vectors-command';

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'nerco-terminal-'));
	writeFileSync(at('train.txt'), smallCorpus(24));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const train = (out: string, ...more: string[]) => [
	...['train', '--preset', 'smoke', '--backend', 'wasm', '--set', 'model.lexicon=false', '--epochs', '1,1,2'],
	...['--train', at('train.txt'), '--dev', at('train.txt'), '--out', at(out), ...more],
];
const resultOf = (out: string) => JSON.parse(readFileSync(at(`${out}/result.json`), 'utf8'));

test.skipIf(process.platform === 'win32')(
	'training continues to its end when nobody reads its log any more',
	async () => {
		const lines: [string, string][] = [
			['head', '"$@" | head -n 1'],
			['closed', 'exec "$@" >&- 2>&-'],
			['full', 'exec "$@" > /dev/full'],
		];
		for (const [out, shell] of lines) {
			const { stderr } = await runNerco(train(out), { shell });
			expect([out, resultOf(out).reason, stderr.includes('    at ')]).toEqual([out, 'completed', false]);
		}
	},
);

test.skipIf(process.platform === 'win32')(
	'commands that only print end quietly when their reader has enough',
	async () => {
		const model = at('head/model.safetensors');
		const text = '王明在北京好\n'.repeat(3000);
		const lines: [string[], string][] = [
			[['--help'], ''],
			[['corpus', 'inspect', ...Array.from({ length: 300 }, () => at('train.txt')), '--json'], ''],
			[['tag', '--model', model, '--backend', 'wasm'], text],
		];
		for (const [args, input] of lines) {
			const gone = await runNerco(args, { input, onStart: (child) => child.stdout?.destroy() });
			expect([args[0], gone.code, gone.stderr.replace(/^WASM.*\n/, '')]).toEqual([args[0], 0, '']);
			const both = await runNerco(args, {
				input,
				onStart: (child) => {
					child.stdout?.destroy();
					child.stderr?.destroy();
				},
			});
			expect([args[0], both.code]).toEqual([args[0], 0]);
		}
		const full = await runNerco(['corpus', 'inspect', at('train.txt')], { shell: 'exec "$@" > /dev/full' });
		expect(full).toMatchObject({
			code: 1,
			stderr: expect.stringMatching(/^nerco: stdout cannot be written: .*ENOSPC.*\n$/),
		});
	},
);

const bad = '\u001b]0;x\u0007\u009b31m\u202e\u2066\u2028\n\r';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028]/;

test('names, types and sentences are printed with their control characters escaped', async () => {
	const type = 'X\u001b[7m\u202e';
	const labelled = (label: string) => JSON.stringify({ text: '王\u202e好\u001b[1m', label: [[0, 1, label]] });
	writeFileSync(at('odd\u001b[31m.txt'), `王\u202e B-${type}\n好\u2067 O\n`.repeat(2));
	writeFileSync(at('dup.jsonl'), `${labelled(type)}\n${labelled('Y\n')}\n`);
	const run = async (...args: string[]) => {
		const printed: string[] = [];
		for (const name of ['log', 'error'] as const)
			vi.spyOn(console, name).mockImplementation((text) => void printed.push(text));
		const [name, ...rest] = args;
		const commands = { corpus: corpusCommand, vectors: vectorsCommand, tag: tagCommand, train: trainCommand };
		await commands[name as keyof typeof commands](rest).catch(reportError);
		vi.restoreAllMocks();
		return printed.join('\n');
	};
	for (const args of [
		['corpus', 'inspect', at(bad)],
		['corpus', 'inspect', at('odd\u001b[31m.txt'), at('dup.jsonl')],
		['corpus', 'inspect', at('dup.jsonl')],
		['corpus', 'inspect', at('dup.jsonl'), '--json'],
		['corpus', 'doctor', at('dup.jsonl')],
		['vectors', 'inspect', at('odd\u001b[31m.txt')],
		['corpus', `bad${bad}`],
		['train', `--${bad}`],
		['train', '--preset', bad, '--train', 'x', '--out', at('none')],
		['tag', '--model', at('odd\u001b[31m.txt')],
	]) {
		const printed = await run(...args);
		expect([args.slice(0, 2), hidden.test(printed), printed === '']).toEqual([args.slice(0, 2), false, false]);
		expect(printed).not.toContain('    at ');
	}
	expect(await run('corpus', 'inspect', at('dup.jsonl'))).toContain('X\\x1b[7m\\u202e 1, Y\\n 1');
	const json = JSON.parse(await run('corpus', 'inspect', at('dup.jsonl'), '--json'));
	expect(json[0].mentionsByType).toEqual({ [type]: 1, 'Y\n': 1 });
	const spawned = await runNerco([bad]);
	expect([spawned.code, hidden.test(spawned.stderr)]).toEqual([2, false]);
});

test('the command prints through terminal.ts alone', () => {
	const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
	const own = ['terminal.ts', 'parity.ts']; // parity is a command of its own, for developers
	const printing = files.filter((name) => {
		const text = readFileSync(join(import.meta.dirname, name), 'utf8');
		return /\bconsole\.|process\.std(out|err)\.write\((?!'')/.test(
			text.replace(/write: \(text\) => process\.stdout\.write\(text\),/, ''),
		);
	});
	expect(printing.filter((name) => !own.includes(name))).toEqual([]);
});
