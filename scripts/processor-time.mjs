// Processor time of this process and all that it has started, ended or not: what a test costs, whatever else the machine
// does meanwhile. On Linux from /proc; elsewhere of this process alone.

import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second in /proc on every Linux that Node runs on. */
const ticksPerSecond = 100;

export function processorSeconds() {
	if (process.platform !== 'linux') return ownSeconds();
	try {
		return treeTicks(process.pid) / ticksPerSecond;
	} catch {
		return ownSeconds();
	}
}

function ownSeconds() {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1e6;
}

/** Ticks of a process, of its ended children, and of its living ones. */
function treeTicks(pid) {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	let ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0);
	for (const child of childrenOf(pid)) ticks += ticksOrNone(child);
	return ticks;
}

function childrenOf(pid) {
	return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
		readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
	);
}

/** A child may end while it is read: it counts from the next reading on. */
function ticksOrNone(pid) {
	try {
		return treeTicks(pid);
	} catch {
		return 0;
	}
}
