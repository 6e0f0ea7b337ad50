import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../experiment/events';
import { errorCodeOfAsync } from '../../testing/error-code';
import { RunFolder } from './run-folder';

let parent = '';
let path = '';
beforeEach(() => {
	parent = mkdtempSync(join(tmpdir(), 'nerco-run-'));
	path = join(parent, 'a', 'run');
});
afterEach(() => rmSync(parent, { recursive: true }));

const note = (message: string): TrainingEvent => ({ kind: 'warning', code: 'test', message });
const lines = () => readFileSync(join(path, 'metrics.jsonl'), 'utf8').split('\n');

describe('the folder of a run', () => {
	test('is made, and logs one event a line', async () => {
		const folder = await RunFolder.begin(path);
		await folder.appendEvent(note('一'));
		await folder.appendEvent(note('two\nlines'));
		await folder.writeResult({ seconds: 1 });
		await folder.close();
		expect(
			lines()
				.slice(0, -1)
				.map((line) => JSON.parse(line)),
		).toEqual([note('一'), note('two\nlines')]);
		expect(lines().at(-1)).toBe('');
		expect(JSON.parse(readFileSync(join(path, 'result.json'), 'utf8'))).toEqual({ seconds: 1 });
	});

	test('is refused when it holds a run, and left as it was', async () => {
		const folder = await RunFolder.begin(path);
		await folder.close();
		expect(await errorCodeOfAsync(() => RunFolder.begin(path))).toBe('run-folder-taken');
		expect(readdirSync(path)).toEqual(['metrics.jsonl']);
	});

	test('may hold other files', async () => {
		const folder = await RunFolder.begin(join(parent, 'b'));
		await folder.close();
		writeFileSync(join(parent, 'notes.txt'), 'mine');
		await (await RunFolder.begin(parent)).close();
		expect(existsSync(join(parent, 'notes.txt'))).toBe(true);
	});

	test('goes on after the last event that the saved state knows of', async () => {
		const first = await RunFolder.begin(path);
		for (const message of ['1', '2', '3']) await first.appendEvent(note(message));
		await first.writeResume(Uint8Array.of(7, 8));
		await first.close();
		writeFileSync(join(path, 'metrics.jsonl'), '{"half a li', { flag: 'a' });
		expect([...(await RunFolder.readResume(path))]).toEqual([7, 8]);
		const second = await RunFolder.goOn(path, 2);
		await second.appendEvent(note('again'));
		await second.close();
		expect(
			lines()
				.slice(0, -1)
				.map((line) => JSON.parse(line).message),
		).toEqual(['1', '2', 'again']);
	});

	test('cannot be resumed with a log that lacks events, or without a saved state', async () => {
		const folder = await RunFolder.begin(path);
		await folder.appendEvent(note('1'));
		await folder.close();
		expect(await errorCodeOfAsync(() => RunFolder.goOn(path, 2))).toBe('run-folder-log');
		expect(await errorCodeOfAsync(() => RunFolder.goOn(join(parent, 'none'), 1))).toBe('run-folder-log');
		expect(await errorCodeOfAsync(() => RunFolder.readResume(path))).toBe('run-folder-no-state');
		await expect(RunFolder.readResume(join(parent, 'none'))).rejects.toThrow(/found none/);
		writeFileSync(join(path, 'result.json'), '{}');
		await expect(RunFolder.readResume(path)).rejects.toThrow(/found a finished run/);
	});

	test('has no saved state once it was removed', async () => {
		const folder = await RunFolder.begin(path);
		await folder.writeResume(Uint8Array.of(1));
		await folder.removeResume();
		await folder.removeResume();
		await folder.close();
		expect(readdirSync(path)).toEqual(['metrics.jsonl']);
	});
});
