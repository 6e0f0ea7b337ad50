import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UserError } from '../util/errors';
import { UsageError } from './command-line';
import { trainCommand } from './train-command';

let folder: string;
const corpus = '北 B-LOC\n京 I-LOC\n好 O\n\n王 B-PER\n明 I-PER\n';

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'nerco-train-'));
	writeFileSync(join(folder, 'good.txt'), corpus);
	writeFileSync(join(folder, 'empty.txt'), '\n');
	writeFileSync(join(folder, 'column.txt'), '北 B-LOC\n京\n');
	writeFileSync(join(folder, 'mix.txt'), '北 B-LOC\n京 M-LOC\n好 O\n\n王 B-PER\n明 I-PER\n');
	writeFileSync(join(folder, 'gbk.txt'), Buffer.from([0xb1, 0xb1, 0x20, 0x4f, 0x0a]));
	writeFileSync(join(folder, 'narrow.vec'), '北 1 2 3\n京 1 2\n');
	writeFileSync(join(folder, 'other.vec'), 'dog 1 2 3\n');
	mkdirSync(join(folder, 'taken'));
	writeFileSync(join(folder, 'taken/result.json'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function argsWith(changes: Record<string, string>): string[] {
	const files: Record<string, string> = { train: 'good.txt', dev: 'good.txt', out: 'out', ...changes };
	const isPath = (name: string) => /^(train|dev|test|out|lexicon)$|vectors$/.test(name);
	return ['--backend', 'wasm', '--preset', 'smoke'].concat(
		Object.entries(files).flatMap(([name, value]) => [`--${name}`, isPath(name) ? join(folder, value) : value]),
	);
}

test.each([
	[{ train: 'absent.txt' }, 'file-unreadable', 'absent.txt'],
	[{ train: 'empty.txt' }, 'corpus-empty', 'empty.txt'],
	[{ dev: 'column.txt' }, 'corpus-missing-column', 'column.txt:2'],
	[{ train: 'mix.txt' }, 'corpus-scheme-mix', 'mix.txt'],
	[{ train: 'gbk.txt', preset: 'flat-resume' }, 'text-wrong-encoding', 'GB18030'],
	[{ 'char-vectors': 'narrow.vec' }, 'vectors-wrong-width', 'narrow.vec:2'],
	[{ 'char-vectors': 'other.vec' }, 'vectors-match-nothing', 'other.vec'],
	[{ seed: '4.5' }, 'setting-out-of-range', 'seed'],
	[{ set: 'model.heads=0' }, 'setting-out-of-range', 'model.heads'],
	[{ set: 'model.hads=1' }, 'unknown-setting', 'model.heads'],
	[{ preset: 'small' }, 'unknown-preset', 'sample'],
	[{ out: 'taken' }, 'run-folder-taken', 'taken'],
])('%j is refused as %s before anything is written', async (changes, code, words) => {
	const error = await trainCommand(argsWith(changes)).catch((caught: unknown) => caught);
	expect(error).toBeInstanceOf(UserError);
	expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
	expect(existsSync(join(folder, 'out'))).toBe(false);
});

test.each([
	[
		{ epochs: '3' },
		/--epochs must have one number for each of the 3 stages of smoke \(contrastive, head, full\), not 1/,
	],
	[{ epochs: '3,x,1' }, /--epochs must be an integer/],
	[{ 'stop-after': '0' }, /--stop-after must be an integer of at least 1/],
	[{ set: 'seed' }, /PATH=VALUE/],
	[{ backend: 'cuda' }, /--backend must be one of auto, webgpu, wasm, cpu, not 'cuda'/],
])('%j is a wrong command line', async (changes, words) => {
	const error = await trainCommand(argsWith(changes)).catch((caught: unknown) => caught);
	expect(error).toBeInstanceOf(UsageError);
	expect((error as Error).message).toMatch(words);
});

test('--resume alone needs a run in the folder, and leaves none behind', async () => {
	const out = join(folder, 'nothing');
	const code = await trainCommand(['--resume', '--out', out]).catch((caught: UserError) => caught.code);
	expect(code).toBe('run-folder-no-state');
	expect(existsSync(out)).toBe(false);
});
