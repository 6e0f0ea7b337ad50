import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TrainingEvent } from '../../experiment/events';
import { presetConfig } from '../../experiment/presets';
import { errorCodeOfAsync } from '../../testing/error-code';
import { makeFolder } from './files';
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

	test('continues after the last event that the saved state knows of', async () => {
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

	test('tells what it holds', async () => {
		const kindOf = async () => (await RunFolder.inspect(path)).kind;
		expect(await kindOf()).toBe('empty');
		const folder = await RunFolder.begin(path);
		expect(await RunFolder.inspect(path)).toEqual({ kind: 'unfinished', config: null });
		const config = presetConfig('smoke');
		await folder.appendEvent({ kind: 'run-started', config } as TrainingEvent);
		expect(await RunFolder.inspect(path)).toEqual({ kind: 'unfinished', config });
		await folder.writeResult({ format: 'nerco-result', reason: 'stopped' });
		expect(await kindOf()).toBe('unfinished');
		await folder.writeResume(Uint8Array.of(1));
		expect(await kindOf()).toBe('resumable');
		await folder.writeResult({ format: 'nerco-result', reason: 'completed' }); // killed before the state was removed
		expect(await kindOf()).toBe('finished');
		await folder.close();
	});

	test('is cleared of what a run left, and of nothing else', async () => {
		const folder = await RunFolder.begin(path);
		await folder.writePredictions('dev', Uint8Array.of(1));
		await folder.close();
		const mine = ['notes.txt', '.mine.partial', 'frames.jsonl.bak'];
		const left = ['.result.json.77.partial', '.nerco-77-0123abcd.partial', 'frames.jsonl'];
		for (const name of [...mine, ...left]) writeFileSync(join(path, name), 'x');
		await RunFolder.clear(path);
		expect(readdirSync(path).sort()).toEqual(mine.sort());
	});

	test.each([
		['metrics.jsonl', '{"loss":1}\n'],
		['metrics.jsonl', 'step loss\n'],
		['result.json', '{"reason":"completed"}'],
		['model.safetensors', 'x'],
		['predictions-dev.safetensors', 'x'],
	])('with a %s that no run wrote (%j) is taken', async (name, text) => {
		await makeFolder(path);
		writeFileSync(join(path, name), text);
		expect(await errorCodeOfAsync(() => RunFolder.inspect(path))).toBe('run-folder-taken');
	});
});
