// No command overwrites a file unasked, none its own input even when asked to.

import { copyFileSync, linkSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { errorCodeOfAsync } from '../testing/error-code';
import { folderPerTest } from '../testing/folder-per-test';
import { smallCorpus } from '../testing/nerco-process';
import { corpusCommand } from './corpus-command';
import { exportCommand } from './export-command';
import { vectorsCommand } from './vectors-command';

const at = folderPerTest();
beforeEach(() => {
	for (const name of ['log', 'error'] as const) vi.spyOn(console, name).mockImplementation(() => {});
	writeFileSync(at('corpus.conll'), smallCorpus(8));
	writeFileSync(at('few.vec'), '北 1 2\n京 3 4\n');
	writeFileSync(at('text.txt'), '今天天气好\n'.repeat(20));
	copyFileSync(resolve(import.meta.dirname, '../../models/sample-flat/model.safetensors'), at('model.safetensors'));
});
afterEach(() => {
	vi.restoreAllMocks();
});

/** Each writes to `out` and reads `inputs`. */
const commands: [name: string, inputs: string[], run: (out: string, ...more: string[]) => Promise<number>][] = [
	[
		'corpus convert',
		['corpus.conll'],
		(out, ...more) => corpusCommand(['convert', at('corpus.conll'), '--to', 'conll', '--out', out, ...more]),
	],
	[
		'vectors pack',
		['few.vec', 'corpus.conll'],
		(out, ...more) => vectorsCommand(['pack', at('few.vec'), '--corpus', at('corpus.conll'), '--out', out, ...more]),
	],
	[
		'vectors train',
		['text.txt'],
		(out, ...more) =>
			vectorsCommand(['train', '--text', at('text.txt'), '--dimension', '2', '--epochs', '1', '--out', out, ...more]),
	],
	[
		'export',
		['model.safetensors'],
		(out, ...more) =>
			exportCommand(['--model', at('model.safetensors'), '--format', 'checkpoint', '--out', out, ...more]),
	],
];

test.each(commands)('%s overwrites with --force only', async (_, __, run) => {
	expect(await run(at('out'))).toBe(0);
	const written = readFileSync(at('out'));
	writeFileSync(at('out'), 'mine');
	expect(await errorCodeOfAsync(() => run(at('out')))).toBe('output-exists');
	expect(readFileSync(at('out'), 'utf8')).toBe('mine');
	expect(await run(at('out'), '--force')).toBe(0);
	expect(readFileSync(at('out')).equals(written)).toBe(true);
	expect(readdirSync(at()).filter((name) => name.startsWith('.'))).toEqual([]);
});

test.each(commands)('%s never overwrites what it reads', async (_, inputs, run) => {
	for (const input of inputs) {
		const before = readFileSync(at(input));
		linkSync(at(input), at('hard'));
		symlinkSync(input, at('soft'));
		for (const out of [at(input), at('hard'), at('soft'), at(`../${basename(at())}/${input}`)])
			expect(await errorCodeOfAsync(() => run(out, '--force'))).toBe('output-is-input');
		expect(readFileSync(at(input)).equals(before)).toBe(true);
		for (const link of ['hard', 'soft']) rmSync(at(link));
	}
});

test('corpus split overwrites its three files with --force only, and never its input', async () => {
	const split = (...more: string[]) => corpusCommand(['split', at('corpus.conll'), '--out', at('split'), ...more]);
	expect(await split()).toBe(0);
	expect(await errorCodeOfAsync(() => split())).toBe('output-exists');
	expect(await split('--force', '--seed', '2')).toBe(0);
	rmSync(at('split/train.conll'));
	linkSync(at('corpus.conll'), at('split/train.conll'));
	expect(await errorCodeOfAsync(() => split('--force'))).toBe('output-is-input');
	expect(readFileSync(at('corpus.conll'), 'utf8')).toBe(smallCorpus(8));
});

test('files beside --out are guarded too', async () => {
	const convert = (out: string) => corpusCommand(['convert', at('corpus.conll'), '--to', 'brat', '--out', at(out)]);
	writeFileSync(at('a.ann'), 'mine');
	expect(await errorCodeOfAsync(() => convert('a.txt'))).toBe('output-exists');
	expect(await errorCodeOfAsync(() => convert('b.ann'))).toBe('output-twice');
	writeFileSync(at('m.pt.vocab.json'), 'mine');
	const torch = ['--model', at('model.safetensors'), '--format', 'torch', '--out', at('m.pt')];
	expect(await errorCodeOfAsync(() => exportCommand(torch))).toBe('output-exists');
	expect(readdirSync(at()).filter((name) => /^(a\.txt|b|m\.pt$)/.test(name))).toEqual([]);
});
