import { execFileSync } from 'node:child_process';
import { linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { errorCodeOfAsync } from '../../testing/error-code';
import { folderPerTest } from '../../testing/folder-per-test';
import { requireOutputs, writeOutput } from './output-files';

const at = folderPerTest();
beforeEach(() => {
	writeFileSync(at('in.txt'), 'input');
	writeFileSync(at('other.txt'), 'other');
	mkdirSync(at('folder'));
});

const refusal = (output: string, force: boolean, inputs = [at('in.txt')]) =>
	errorCodeOfAsync(async () => {
		await requireOutputs({ outputs: [output], inputs, force });
		return 'none';
	});

test('a name that is taken needs --force, a folder is never replaced', async () => {
	for (const name of ['other.txt', 'folder']) expect(await refusal(at(name), false)).toBe('output-exists');
	await requireOutputs({ outputs: [at('other.txt'), at('new.txt')], inputs: [at('in.txt')], force: true });
	await requireOutputs({ outputs: [at('new.txt')], inputs: [at('in.txt')], force: false });
	expect(await errorCodeOfAsync(() => writeOutput(at('folder'), 'x', true))).toBe('file-unwritable');
	expect(await errorCodeOfAsync(() => writeOutput(at('other.txt'), 'x', false))).toBe('output-exists');
	await writeOutput(at('other.txt'), 'new', true);
	await writeOutput(at('new.txt'), 'new', false);
	expect([readFileSync(at('other.txt'), 'utf8'), readFileSync(at('new.txt'), 'utf8')]).toEqual(['new', 'new']);
	expect(readdirSync(at()).sort()).toEqual(['folder', 'in.txt', 'new.txt', 'other.txt']);
});

test('an input is never written to, whatever it is called', async () => {
	linkSync(at('in.txt'), at('hard.txt'));
	const names = [at('in.txt'), relative(process.cwd(), at('in.txt')), `${at()}/folder/../in.txt`, at('hard.txt')];
	if (process.platform !== 'win32') {
		symlinkSync('in.txt', at('soft.txt'));
		symlinkSync(at(), at('same'));
		names.push(at('soft.txt'), at('same/in.txt'));
	}
	for (const name of names) expect([name, await refusal(name, true)]).toEqual([name, 'output-is-input']);
	expect(await refusal(at('in.txt'), true, [at('hard.txt')])).toBe('output-is-input');
	expect(await refusal(at('in.txt'), true, [at('absent.txt'), at('other.txt'), at('hard.txt')])).toBe(
		'output-is-input',
	);
});

test.skipIf(process.platform === 'win32')('links, pipes and devices are kept as they are', async () => {
	symlinkSync('other.txt', at('soft.txt'));
	symlinkSync('nowhere.txt', at('lost.txt'));
	execFileSync('mkfifo', [at('pipe')]);
	for (const name of ['soft.txt', 'lost.txt']) expect(await refusal(at(name), false)).toBe('output-exists');
	await writeOutput(at('soft.txt'), 'new', true);
	expect(lstatSync(at('soft.txt')).isSymbolicLink()).toBe(true);
	expect(readFileSync(at('other.txt'), 'utf8')).toBe('new');
	await requireOutputs({ outputs: ['/dev/null', at('pipe')], inputs: ['/dev/null'], force: false });
	await writeOutput('/dev/null', 'x', false);
	expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('two outputs of one name are refused', async () => {
	const outputs = [at('a.ann'), at('./a.ann')];
	expect(await errorCodeOfAsync(() => requireOutputs({ outputs, inputs: [], force: true }))).toBe('output-twice');
});
