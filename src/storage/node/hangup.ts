// Whether a closed terminal must not end this process: it was started with nohup, or by a shell that ignores SIGHUP. Node
// sets every signal back to its default when it starts, so its own state says nothing any more; what nohup and the parent
// leave behind does. Where none of it is known (Windows, other shells), the answer is no.

import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

export interface HangupTraces {
	/** The last command of the shell that started this process, which bash and zsh leave in `_`. */
	lastCommand: string | undefined;
	isTerminal: boolean;
	/** Linux' /proc/PID/status of the parent; empty where there is none. */
	parentStatus: string;
	/** What standard input is and its /proc/self/fdinfo; empty where there is none. */
	inputPath: string;
	inputInfo: string;
}

export function isHangupIgnored(traces: HangupTraces = ownTraces()): boolean {
	return isByNohup(traces) || hasUnreadableInput(traces) || isIgnoredBy(traces.parentStatus);
}

function ownTraces(): HangupTraces {
	const { stdin, stdout, stderr } = process;
	return {
		lastCommand: process.env._,
		isTerminal: [stdin, stdout, stderr].some((stream) => stream.isTTY),
		parentStatus: textOf(() => readFileSync(`/proc/${process.ppid}/status`, 'utf8')),
		inputPath: textOf(() => readlinkSync('/proc/self/fd/0')),
		inputInfo: textOf(() => readFileSync('/proc/self/fdinfo/0', 'utf8')),
	};
}

/** A shell that nohup started may pass `_` on; what it runs in a terminal is another matter: nohup leaves no terminal. */
function isByNohup({ lastCommand, isTerminal }: HangupTraces): boolean {
	return !isTerminal && lastCommand !== undefined && basename(lastCommand) === 'nohup';
}

/** GNU nohup puts a null device that can only be written to in place of a terminal; nobody else does. */
function hasUnreadableInput({ inputPath, inputInfo }: HangupTraces): boolean {
	const flags = /^flags:\s*([0-7]+)$/m.exec(inputInfo)?.[1];
	return inputPath === '/dev/null' && flags !== undefined && (Number.parseInt(flags, 8) & 3) === 1;
}

/** SIGHUP is the first bit of the ignored signals, which children inherit. */
function isIgnoredBy(status: string): boolean {
	const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1];
	return ignored !== undefined && (Number.parseInt(ignored.slice(-1), 16) & 1) === 1;
}

function textOf(read: () => string): string {
	try {
		return read();
	} catch {
		return '';
	}
}
