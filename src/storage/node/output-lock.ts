// One writer for each output: a lock file with host, process and a heartbeat. The lock of a process that is gone is taken
// over: at once where that can be seen (same host), else when it does not beat while it is watched, so that clocks of two
// hosts may differ. flock is not used: it does not hold on some network file systems.

import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../util/errors';
import { atExit } from './at-exit';
import { codeOf, unwritable } from './file-errors';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity';

export interface LockTimes {
	beatMs: number;
	/** How long a heartbeat may be missing: an older one is watched for `watchMs`, any other one for so long. */
	staleMs: number;
	watchMs: number;
}

const defaultTimes: LockTimes = { beatMs: 5000, staleMs: 30_000, watchMs: 16_000 };

export interface LockOptions {
	nowMs(): number;
	/** Told before the lock of another host is watched, with the longest time that this takes. */
	onWait?(owner: string, seconds: number): void;
	times?: LockTimes;
}

export interface LockRecord extends ProcessIdentity {
	format: 'nerco-lock';
	version: 1;
	token: string;
	/** UTC, always 24 characters: it is overwritten where it is. */
	heartbeat: string;
}

/** Tokens of the locks of this process. */
const ownTokens = new Set<string>();

export class OutputLock {
	private isReleased = false;
	private readonly forget: () => void;

	private constructor(
		private readonly path: string,
		private readonly output: string,
		private readonly descriptor: number,
		private readonly record: LockRecord,
		private readonly heart: Worker,
	) {
		ownTokens.add(record.token);
		this.forget = atExit(() => this.release());
	}

	/** Takes the lock file at `path` for an output. Throws a UserError `output-locked` while another process has it. */
	static async take(path: string, output: string, options: LockOptions): Promise<OutputLock> {
		const { nowMs, times = defaultTimes } = options;
		const own = ownIdentity();
		for (let attempt = 0; attempt < 10; attempt++) {
			const heartbeat = new Date(nowMs()).toISOString();
			const record: LockRecord = { format: 'nerco-lock', version: 1, ...own, token: randomUUID(), heartbeat };
			const descriptor = create(path, record);
			if (descriptor !== null)
				return new OutputLock(path, output, descriptor, record, startHeart(path, descriptor, record, times));
			const found = readRecord(path);
			if (found === 'none') continue;
			if (!(await isStale(path, found, own, options))) throw locked(output, path, found);
			takeAway(path, found);
		}
		throw locked(output, path, readRecord(path));
	}

	/** Throws a UserError `output-lock-lost` when another process has taken the output over, as it may after this one
	 *  did not run for long (a suspended machine). */
	requireHeld(): void {
		const found = readRecord(this.path);
		if (found === 'unreadable' || (found !== 'none' && found.token === this.record.token)) return;
		throw new UserError({
			code: 'output-lock-lost',
			location: { file: this.output },
			expected: 'to be the only process writing here',
			found: found === 'none' ? 'that the lock was removed' : `that ${nameOf(found)} has taken over`,
			remedy: 'Repeat the command with --resume when the other process has ended.',
		});
	}

	release(): void {
		if (this.isReleased) return;
		this.isReleased = true;
		this.forget();
		ownTokens.delete(this.record.token);
		void this.heart.terminate();
		closeSync(this.descriptor);
		const found = readRecord(this.path);
		if (typeof found !== 'string' && found.token === this.record.token) rmSync(this.path, { force: true });
	}
}

/** The open lock file; null when there is one already. */
function create(path: string, record: LockRecord): number | null {
	try {
		const descriptor = openSync(path, 'wx');
		writeSync(descriptor, textOf(record));
		fsyncSync(descriptor);
		return descriptor;
	} catch (error) {
		if (codeOf(error) === 'EEXIST') return null;
		throw unwritable(path, error);
	}
}

function textOf(record: LockRecord): string {
	return `${JSON.stringify(record)}\n`;
}

/** `unreadable`: just being made, or damaged. */
function readRecord(path: string): LockRecord | 'none' | 'unreadable' {
	try {
		const record = JSON.parse(readFileSync(path, 'utf8'));
		const isWhole = typeof record.token === 'string' && Number.isInteger(record.pid) && typeof record.host === 'string';
		return isWhole && Number.isFinite(Date.parse(record.heartbeat)) ? record : 'unreadable';
	} catch (error) {
		return codeOf(error) === 'ENOENT' ? 'none' : 'unreadable';
	}
}

async function isStale(
	path: string,
	found: LockRecord | 'unreadable',
	own: ProcessIdentity,
	{ nowMs, onWait, times = defaultTimes }: LockOptions,
): Promise<boolean> {
	let watchMs = times.watchMs;
	if (found !== 'unreadable') {
		if (ownTokens.has(found.token)) return false;
		const running = isRunning(found, own);
		if (running !== 'unknown') return running === 'no';
		const ageMs = nowMs() - Date.parse(found.heartbeat);
		if (ageMs >= -times.beatMs && ageMs <= times.staleMs) watchMs = times.staleMs;
	}
	onWait?.(ownerOf(found), watchMs / 1000);
	return !(await changesWithin(path, found, watchMs, times.beatMs));
}

async function changesWithin(
	path: string,
	found: LockRecord | 'unreadable',
	watchMs: number,
	beatMs: number,
): Promise<boolean> {
	const before = JSON.stringify(found);
	for (let waitedMs = 0; waitedMs < watchMs; waitedMs += beatMs / 4) {
		await setTimeout(beatMs / 4);
		if (JSON.stringify(readRecord(path)) !== before) return true;
	}
	return false;
}

/** Moves the stale lock away under a name of its own first: two processes that found it stale never both remove it, and
 *  a new lock that came between is put back. */
function takeAway(path: string, stale: LockRecord | 'unreadable'): void {
	const aside = `${path}.${randomUUID()}`;
	try {
		renameSync(path, aside);
		const moved = readRecord(aside);
		if (JSON.stringify(moved) === JSON.stringify(stale)) rmSync(aside, { force: true });
		else renameSync(aside, path);
	} catch (error) {
		if (codeOf(error) !== 'ENOENT') throw unwritable(path, error); // else another process was quicker
	}
}

/**
 * Beats in a thread of its own, because preparing and training keep the main one busy for long. It writes into the open
 * file and never by name, so a lock that was taken over is not made anew.
 */
const heartSource = `
const { workerData } = require('node:worker_threads');
const { fsyncSync, writeSync } = require('node:fs');
const { descriptor, before, after, beatMs } = workerData;
setInterval(() => {
	try {
		writeSync(descriptor, before + new Date().toISOString() + after, 0);
		fsyncSync(descriptor);
	} catch {
		// The next beat may succeed; if none does, others see the lock grow old.
	}
}, beatMs);
`;

function startHeart(path: string, descriptor: number, record: LockRecord, { beatMs }: LockTimes): Worker {
	const [before, after] = textOf(record).split(record.heartbeat);
	const workerData = { descriptor, before, after, beatMs, path };
	const heart = new Worker(heartSource, { eval: true, workerData, execArgv: [], stdin: false });
	heart.on('error', () => {}); // without threads others see the lock grow old
	heart.unref();
	return heart;
}

function nameOf(found: LockRecord): string {
	return `process ${found.pid} on ${found.host}`;
}

function ownerOf(found: LockRecord | 'none' | 'unreadable'): string {
	return typeof found === 'string' ? 'another process' : `${nameOf(found)}, last active ${found.heartbeat},`;
}

function locked(output: string, path: string, found: LockRecord | 'none' | 'unreadable'): UserError {
	return new UserError({
		code: 'output-locked',
		location: { file: output },
		expected: 'an output that no other process is writing to',
		found: `that ${ownerOf(found)} holds ${path}`,
		remedy: 'Wait until it ends, or choose another --out.',
	});
}
