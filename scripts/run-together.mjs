// Runs commands side by side and prints what each says as a whole, in the order given: the first as it comes, the
// next from the beginning once the one before has ended.

import { spawn } from 'node:child_process';
import process from 'node:process';

/**
 * Exit codes, in the order of the commands. A command that a signal ends, or that does not start, has 1.
 * @param {{ args: string[], env: NodeJS.ProcessEnv, cwd: string }[]} commands arguments of Node
 * @param {(chunk: Buffer) => void} write
 */
export async function runTogether(commands, write = (chunk) => process.stdout.write(chunk)) {
	const running = commands.map(start);
	const stopAll = () => {
		for (const { child } of running) child.kill();
	};
	process.once('SIGTERM', stopAll);
	process.once('exit', stopAll);
	const codes = [];
	for (const each of running) {
		each.sendTo(write);
		codes.push(await each.ended);
	}
	process.off('SIGTERM', stopAll);
	process.off('exit', stopAll);
	return codes;
}

function start({ args, env, cwd }) {
	const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
	const kept = [];
	let take = (chunk) => kept.push(chunk);
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => take(chunk));
	const ended = new Promise((resolve) => {
		child.on('error', () => resolve(1));
		child.on('close', (code) => resolve(code ?? 1));
	});
	const sendTo = (write) => {
		for (const chunk of kept.splice(0)) write(chunk);
		take = write;
	};
	return { child, ended, sendTo };
}
