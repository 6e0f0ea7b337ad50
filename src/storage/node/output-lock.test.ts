import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { patienceMs } from '../../../scripts/patience.mjs';
import { errorCodeOfAsync } from '../../testing/error-code';
import { eventually } from '../../testing/eventually';
import { holdFile, holdFolder } from './held-output';
import { type LockRecord, OutputLock } from './output-lock';
import { ownIdentity } from './process-identity';

let folder = '';
let path = '';
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'nerco-lock-'));
	path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nowMs = () => Date.now();
const times = { beatMs: 50, staleMs: 400, watchMs: 400 };
const take = () => OutputLock.take(path, folder, { nowMs, times });
const onDisk = (): LockRecord => JSON.parse(readFileSync(path, 'utf8'));
const isoAgo = (ms: number) => new Date(Date.now() - ms).toISOString();

/** A lock as another process left it. */
function leave(changes: Partial<LockRecord>): void {
	const record = { format: 'nerco-lock', version: 1, ...ownIdentity(), token: 'theirs', heartbeat: isoAgo(0) };
	writeFileSync(path, `${JSON.stringify({ ...record, ...changes })}\n`);
}

describe('a lock', () => {
	test('names its process, beats, and is gone when released', async () => {
		const lock = await take();
		const first = onDisk();
		expect(first).toMatchObject({ pid: process.pid, host: ownIdentity().host });
		await eventually(() => onDisk().heartbeat > first.heartbeat);
		expect(onDisk().token).toBe(first.token);
		expect(await errorCodeOfAsync(take)).toBe('output-locked');
		lock.release();
		lock.release();
		expect(readdirSync(folder)).toEqual([]);
		(await take()).release();
	});

	test('beats while the process computes without a pause', async () => {
		const lock = await take();
		await eventually(() => onDisk().heartbeat > isoAgo(times.beatMs * 4));
		const before = onDisk().heartbeat;
		const until = Date.now() + patienceMs;
		while (Date.now() < until && onDisk().heartbeat === before);
		expect(onDisk().heartbeat > before).toBe(true);
		lock.release();
	});

	test('of a process that is gone is taken over at once, however young', async () => {
		const child = spawn(process.execPath, ['-e', '']);
		await new Promise((settle) => child.on('close', settle));
		leave({ pid: child.pid });
		const started = Date.now();
		const lock = await take();
		expect(Date.now() - started).toBeLessThan(times.watchMs);
		expect(onDisk().pid).toBe(process.pid);
		lock.release();
		expect(readdirSync(folder)).toEqual([]);
	});

	test('of a process whose id was given again is taken over', async () => {
		leave({}); // this process' own id
		(await take()).release();
		const child = sleeper();
		leave({ pid: child.pid, startTicks: '1' });
		if (process.platform === 'linux') (await take()).release();
		child.kill();
	});

	test.skipIf(process.platform !== 'linux')('of a living process is kept, however old its heartbeat', async () => {
		const child = sleeper();
		const stat = () => readFileSync(`/proc/${child.pid}/stat`, 'utf8');
		leave({
			pid: child.pid,
			startTicks: stat()
				.slice(stat().lastIndexOf(')') + 2)
				.split(' ')[19],
			heartbeat: isoAgo(1e9),
		});
		expect(await errorCodeOfAsync(take)).toBe('output-locked');
		child.kill();
	});

	test.each([
		['young', 0],
		['old', 60_000],
		['in the future, by a clock that is ahead', -3_600_000],
	])('of another host whose heartbeat is %s and does not beat is taken over', async (_, agoMs) => {
		leave({ host: 'node-7', pid: 42, heartbeat: isoAgo(agoMs) });
		const waits: string[] = [];
		const lock = await OutputLock.take(path, folder, { nowMs, times, onWait: (owner) => waits.push(owner) });
		expect(waits).toEqual([expect.stringContaining('process 42 on node-7')]);
		lock.release();
		expect(existsSync(path)).toBe(false);
	});

	test.each([0, 3_600_000, -3_600_000])(
		'of another host that beats is kept though its clock is off by %i ms',
		async (off) => {
			for (const other of [
				{ host: 'node-7', pid: 42 },
				{ realm: 'another container', pid: 42 },
			]) {
				leave({ ...other, heartbeat: isoAgo(off) });
				const beat = setInterval(() => leave({ ...other, heartbeat: isoAgo(off) }), 20);
				await expect(take()).rejects.toThrow(/process 42 on /);
				clearInterval(beat);
			}
		},
	);

	test.each(['', '{"pid":', '{}', 'null', '[]'])(
		'that holds %j is taken over once it has not changed for a while',
		async (text) => {
			writeFileSync(path, text);
			(await take()).release();
			expect(readdirSync(folder)).toEqual([]);
		},
	);

	test('that was taken over says so, and is not removed by its former owner', async () => {
		const lock = await take();
		lock.requireHeld();
		rmSync(path);
		expect(await errorCodeOfAsync(async () => lock.requireHeld())).toBe('output-lock-lost');
		leave({});
		expect(await errorCodeOfAsync(async () => lock.requireHeld())).toBe('output-lock-lost');
		await new Promise((settle) => setTimeout(settle, 3 * times.beatMs));
		lock.release();
		expect(onDisk().token).toBe('theirs');
	});

	test('goes to one of many that find it stale at the same time', async () => {
		leave({ pid: 2 ** 22 + 1 });
		const results = await Promise.allSettled(Array.from({ length: 8 }, take));
		const held = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
		expect(held).toHaveLength(1);
		held[0].release();
		expect(readdirSync(folder)).toEqual([]);
	});
});

describe('what is held', () => {
	test('a folder is made for its lock, and goes again when nothing was written', async () => {
		const deep = join(folder, 'a/b');
		const held = await holdFolder(deep, { nowMs });
		expect(existsSync(deep)).toBe(true);
		expect(await errorCodeOfAsync(() => holdFolder(deep, { nowMs }))).toBe('output-locked');
		held.release();
		expect(readdirSync(folder)).toEqual([]);
	});

	test('a folder stays when something was written, or when it was there before', async () => {
		const held = await holdFolder(join(folder, 'a'), { nowMs });
		writeFileSync(join(folder, 'a/result.json'), '{}');
		held.release();
		(await holdFolder(join(folder, 'a'), { nowMs })).release();
		(await holdFolder(folder, { nowMs })).release();
		expect(readdirSync(join(folder, 'a'))).toEqual(['result.json']);
	});

	test('a file is held beside it, also under a long name', async () => {
		for (const name of ['out.vec', '北'.repeat(80)]) {
			const held = await holdFile(join(folder, name), { nowMs });
			expect(await errorCodeOfAsync(() => holdFile(join(folder, name), { nowMs }))).toBe('output-locked');
			held.release();
		}
		expect(readdirSync(folder)).toEqual([]);
		expect(await errorCodeOfAsync(() => holdFile(join(folder, 'none/out.vec'), { nowMs }))).toBe('file-unwritable');
	});
});

function sleeper(): ChildProcess {
	return spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
}
