// Who a process is, to see later whether it still lives. A process id alone is used again after a restart, and means
// another process in another container, even where both have one host name.

import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
	host: string;
	/** Boot of the machine and process namespace, within which process ids mean something; empty where the system tells none. */
	realm: string;
	pid: number;
	/** When it began, in ticks since the boot; empty where the system tells none. */
	startTicks: string;
}

export function ownIdentity(): ProcessIdentity {
	const { pid } = process;
	return { host: hostname(), realm: ownRealm(), pid, startTicks: startTicksOf(pid) };
}

/** `unknown`: of another host or container, or where the system does not tell two processes of one id apart. */
export function isRunning(other: ProcessIdentity, own: ProcessIdentity): 'yes' | 'no' | 'unknown' {
	if (other.host !== own.host || other.realm !== own.realm) return 'unknown';
	if (other.pid === own.pid) return 'no'; // this one, which knows what it holds, got the id of a former one
	if (!hasProcess(other.pid)) return 'no';
	const ticks = startTicksOf(other.pid);
	if (ticks === '' || other.startTicks === '') return 'unknown';
	return ticks === other.startTicks ? 'yes' : 'no';
}

function hasProcess(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as { code?: string }).code === 'EPERM'; // another user's
	}
}

function ownRealm(): string {
	try {
		const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
		return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
	} catch {
		return '';
	}
}

/** Field 22 of Linux' /proc/PID/stat; the second one, a name in brackets, may hold spaces and brackets itself. */
function startTicksOf(pid: number): string {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
	} catch {
		return '';
	}
}
