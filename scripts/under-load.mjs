// Runs a command beside busy processes, to see whether it only works on an idle machine:
//   node scripts/under-load.mjs N COMMAND [ARGUMENTS]
// The busy processes end with it, however it ends; its exit code is passed on.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';

/** Computes without pause, and checks between slices whether its parent is still there. */
const busyCode = `
	process.on('disconnect', () => process.exit());
	const compute = () => {
		const end = performance.now() + 100;
		while (performance.now() < end);
		setImmediate(compute);
	};
	compute();
`;

function startBusy() {
	const busy = spawn(process.execPath, ['-e', busyCode], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
	busy.on('error', (error) => console.error(`a busy process did not start: ${error.message}`));
	return busy;
}

function exitCodeOf(code, signal) {
	return code ?? 128 + (constants.signals[signal] ?? 0);
}

/**
 * Starts the command and resolves to its exit code. It leads a group of processes of its own, which hears every signal as a
 * whole: npm keeps an interrupt that is meant for it to itself.
 */
function runCommand([command, ...args]) {
	const isWindows = process.platform === 'win32'; // npm is a script there, which only a shell starts
	let running = null;
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
		process.on(signal, () => {
			if (running?.pid) isWindows ? running.kill(signal) : process.kill(-running.pid, signal);
		});
	const env = { ...process.env, NERCO_BUSY: count }; // tests are as patient at once (patience.mjs)
	running = spawn(command, args, {
		stdio: ['ignore', 'inherit', 'inherit'],
		shell: isWindows,
		detached: !isWindows,
		env,
	});
	return new Promise((resolve) => {
		running.on('error', (error) => {
			console.error(`${command}: ${error.message}`);
			resolve(127);
		});
		running.on('close', (code, signal) => resolve(exitCodeOf(code, signal)));
	});
}

const [count, ...command] = process.argv.slice(2);
if (!/^\d+$/.test(count ?? '') || command.length === 0) {
	console.error('usage: node scripts/under-load.mjs N COMMAND [ARGUMENTS]');
	process.exit(2);
}
const busy = Array.from({ length: Number(count) }, startBusy);
process.on('exit', () => {
	for (const each of busy) each.kill('SIGKILL');
});
const exitCode = runCommand(command);
console.log(`${count} busy processes: ${busy.map(({ pid }) => pid).join(' ')}`);
process.exit(await exitCode);
