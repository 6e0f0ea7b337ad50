// The command as clusters call it: repeated as it is, cut off at any time, two at once.

import { execFileSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../testing/eventually';
import { type ProcessOptions, runNerco, smallCorpus } from '../testing/nerco-process';
import { UserError } from '../util/errors';
import { trainCommand } from './train-command';

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'nerco-repeat-'));
	writeFileSync(at('train.txt'), smallCorpus(24));
	writeFileSync(at('dev.txt'), smallCorpus(6));
	writeFileSync(at('other.txt'), smallCorpus(25));
	mkdirSync(at('elsewhere'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Relative paths, which mean files of `folder`. */
const command = (out: string, ...more: string[]) => [
	...['train', '--preset', 'smoke', '--backend', 'wasm', '--set', 'model.lexicon=false'],
	...['--train', 'train.txt', '--dev', 'dev.txt', '--out', out, '--epochs', '1,1,2', ...more],
];
const nerco = (args: string[], options: ProcessOptions = {}) => runNerco(args, { cwd: folder, ...options });
const long = ['--epochs', '1,1,4000', '--set', 'stages.2.patience=4000'];
const resultOf = (out: string) => JSON.parse(readFileSync(at(`${out}/result.json`), 'utf8'));
const lockOf = (out: string) => at(`${out}/.nerco.lock`);

/** What the command refuses, asked within this process, where relative paths mean other files. */
async function refusal(out: string, ...more: string[]): Promise<UserError> {
	const args = command(at(out), ...more).slice(1);
	const absolute = args.map((arg, index) => (/^--(train|dev)$/.test(args[index - 1]) ? resolve(folder, arg) : arg));
	const error = await trainCommand(absolute).catch((caught: unknown) => caught);
	expect(error).toBeInstanceOf(UserError);
	return error as UserError;
}

test('the whole command with --resume starts a run, then does nothing, and refuses another run by name', async () => {
	const first = await nerco(command('run', '--resume'));
	expect(first).toMatchObject({ code: 0, stderr: '' });
	expect(resultOf('run').data.train.file).toBe(at('train.txt'));
	const stamps = () => readdirSync(at('run')).map((name) => [name, statSync(at(`run/${name}`)).mtimeMs]);
	const before = stamps();
	expect(before.map(([name]) => name)).not.toContain('.nerco.lock');

	const again = await nerco(command('run', '--resume'));
	expect(again).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('finished; nothing was done') });
	const bare = await nerco(['train', '--resume', '--out', at('run')], { cwd: at('elsewhere') });
	expect(bare).toMatchObject({ code: 0, stderr: '' });

	const setting = await refusal('run', '--resume', '--seed', '7', '--set', 'stages.2.optimizer.learningRate=0.5');
	expect(setting.message).toMatch(/seed=1, stages\.2\.optimizer\.learningRate=[\d.]+, found seed=7, .*Rate=0\.5\./);
	expect(setting.code).toBe('run-folder-other-setting');
	const input = await refusal('run', '--resume', '--train', at('other.txt'));
	expect(input.message).toContain(`for --train the same file as at the start of the run: ${at('train.txt')} (SHA-256 `);
	expect(input.message).toContain(`found ${at('other.txt')} (SHA-256 `);
	expect(input.code).toBe('resume-other-input');
	const more = await refusal('run', '--resume', '--test', at('dev.txt'));
	expect(more.message).toMatch(/for --test .*: none, found .*dev\.txt/);
	expect((await refusal('run')).code).toBe('run-folder-taken');
	expect(stamps()).toEqual(before);
});

test('a run killed before its first saved state is started by --resume, with the same settings only', async () => {
	const killed = await nerco(command('killed', ...long), {
		onOutput: (text, child) => text.includes('stage 1/') && child.kill('SIGKILL'),
	});
	expect(killed.code).toBeNull();
	expect(readdirSync(at('killed')).sort()).toEqual(['.nerco.lock', 'metrics.jsonl']);
	writeFileSync(at('killed/.result.json.123.partial'), 'torn');
	expect((await refusal('killed', ...long, '--resume', '--seed', '2')).message).toContain('seed=1, found seed=2');
	writeFileSync(at('killed/metrics.jsonl'), readFileSync(at('killed/metrics.jsonl')).subarray(0, 100));
	expect(await nerco(command('killed', '--resume'))).toMatchObject({ code: 0, stderr: '' });
	expect(resultOf('killed')).toMatchObject({ reason: 'completed', epochs: { length: 4 } });
	expect(readdirSync(at('killed')).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('one of two at once trains; SIGTERM stops it, and the same command continues it from anywhere', async () => {
	const stopped = nerco(command('two', ...long));
	await eventually(() => existsSync(at('two/resume.safetensors')));
	for (const more of [['--resume'], []])
		expect(await nerco(command('two', ...long, ...more))).toMatchObject({
			code: 75,
			stdout: '',
			stderr: expect.stringMatching(/process \d+ on .*holds .*\.nerco\.lock/),
		});
	process.kill(JSON.parse(readFileSync(lockOf('two'), 'utf8')).pid, 'SIGTERM');
	expect(await stopped).toMatchObject({ code: 130, stderr: '' });
	expect(existsSync(lockOf('two'))).toBe(false);
	expect(resultOf('two').reason).toBe('stopped');

	expect((await refusal('two', '--resume')).message).toMatch(/stages\.2\.epochs=4000.*found .*stages\.2\.epochs=2/);
	const epochsBefore = resultOf('two').epochs.length;
	const resumed = await nerco(['train', '--resume', '--out', at('two')], {
		cwd: at('elsewhere'),
		onOutput: (text, child) => /epoch \d+\/4000/.test(text) && child.kill('SIGINT'),
	});
	expect(resumed).toMatchObject({ code: 130, stderr: '' });
	expect(resultOf('two').epochs.length).toBeGreaterThan(epochsBefore);
});

test.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
	'%s while files are read ends with 130 and leaves no folder',
	async (signal) => {
		execFileSync('mkfifo', [at(`pipe-${signal}`)]);
		const run = nerco(command(signal, '--char-vectors', `pipe-${signal}`), {
			onStart: async (child) => {
				const writer = await open(at(`pipe-${signal}`), 'w'); // resolves when the command has opened the pipe
				child.kill(signal);
				child.on('close', () => writer.close());
			},
		});
		expect(await run).toMatchObject({ code: 130, stdout: '', stderr: '' });
		expect(existsSync(at(signal))).toBe(false);
	},
);

const hasNohup = process.platform === 'linux' && existsSync('/usr/bin/nohup') && existsSync('/bin/bash');

test.skipIf(!hasNohup).each([
	['nohup from bash', `exec bash -c 'nohup "$@"' bash "$@"`],
	['nohup in place of a terminal', 'exec nohup "$@" 0> /dev/null'],
	['a shell that ignores it', `trap '' HUP; "$@"; exit $?`],
])('a run under %s keeps training after SIGHUP', async (name, shell) => {
	const out = name.replaceAll(' ', '-');
	let epochsAtHangup = 0;
	let isStopped = false;
	const signal = (kind: NodeJS.Signals) => process.kill(JSON.parse(readFileSync(lockOf(out), 'utf8')).pid, kind);
	const run = nerco(command(out, ...long), {
		shell,
		onOutput: (text) => {
			const epochs = text.match(/full epoch/g)?.length ?? 0;
			if (epochs > 0 && epochsAtHangup === 0) {
				epochsAtHangup = epochs;
				signal('SIGHUP');
			} else if (!isStopped && epochs > epochsAtHangup + 5) {
				isStopped = true; // what is printed after that comes when the lock is gone
				signal('SIGTERM');
			}
		},
	});
	expect((await run).code).toBe(130);
	expect(resultOf(out).epochs.length).toBeGreaterThan(epochsAtHangup + 5);
});

test.skipIf(process.platform === 'win32')('a run whose terminal is closed stops and keeps its state', async () => {
	const run = nerco(command('closed', ...long), {
		onOutput: (text, child) => /full epoch/.test(text) && child.kill('SIGHUP'),
	});
	expect(await run).toMatchObject({ code: 130, stderr: '' });
	expect(resultOf('closed').reason).toBe('stopped');
	expect(existsSync(at('closed/resume.safetensors'))).toBe(true);
});

test.skipIf(process.platform === 'win32')('an input may be a pipe', async () => {
	const run = nerco(command('piped', '--char-vectors', 'vectors-pipe'), {
		shell: `mkfifo vectors-pipe && (for row in 北 京 王 明 上 海; do sleep 0.1; echo "$row ${'1 '.repeat(50)}"; done > vectors-pipe & exec "$@")`,
	});
	expect(await run).toMatchObject({ code: 0, stderr: '' });
	expect(resultOf('piped').preparation).toMatchObject({ lattice: { found: 6 } });
});

test('files of the same names that no run wrote are left alone', async () => {
	for (const [name, text] of [
		['metrics.jsonl', '{"loss": 1}\n'],
		['result.json', '{"mine": true}'],
		['model.safetensors', 'mine'],
	]) {
		const out = `foreign-${name}`;
		mkdirSync(at(out));
		writeFileSync(at(`${out}/${name}`), text);
		expect((await refusal(out, '--resume')).code).toBe('run-folder-taken');
		expect(readdirSync(at(out))).toEqual([name]);
	}
	expect((await refusal('train.txt', '--resume')).code).toBe('file-unwritable');
});

test.skipIf(process.platform === 'win32')(
	'a full disk fails the run, which then continues from what was saved',
	async () => {
		const failed = await nerco(command('full', ...long), { shell: 'ulimit -f 30; exec "$@"' });
		expect(failed).toMatchObject({
			code: 1,
			stderr: expect.stringMatching(/a file size limit.*file-unwritable/),
		});
		expect(readdirSync(at('full')).filter((name) => name.startsWith('.'))).toEqual([]);
		const resumed = await nerco(command('full', ...long, '--resume'), {
			onOutput: (text, child) => /full epoch/.test(text) && child.kill('SIGTERM'),
		});
		expect(resumed).toMatchObject({ code: 130, stderr: '' });
	},
);
