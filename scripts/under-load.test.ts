import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';

/** Starts the script. */
function underLoad(...args: string[]) {
	const script = spawn(process.execPath, ['scripts/under-load.mjs', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
	let text = '';
	script.stdout.on('data', (chunk) => {
		text += chunk;
	});
	const printed = async (pattern: RegExp) => {
		while (!pattern.test(text)) await wait(20);
		return pattern.exec(text) as RegExpExecArray;
	};
	/** Process ids of the busy ones. */
	const busy = async () => (await printed(/busy processes: ([\d ]+)\n/))[1].split(' ').map(Number);
	const code = new Promise<number | null>((resolve) => script.on('close', resolve));
	return { script, printed, busy, code };
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

async function waitForEnd(pids: readonly number[]): Promise<void> {
	while (pids.some(isAlive)) await wait(20);
}

/** Runs until it is killed or its parent is gone. */
const endless = `const parent = process.ppid;
	console.log('begun');
	setInterval(() => process.ppid === parent || process.exit(), 50);`;

test("the command's exit code is passed on and no busy process is left", async () => {
	const { busy, code } = underLoad('2', process.execPath, '-e', 'process.exit(7)');
	expect(await busy()).toHaveLength(2);
	expect(await code).toBe(7);
	await waitForEnd(await busy());
});

test.each(['SIGINT', 'SIGKILL'] as const)('no busy process is left after %s', async (signal) => {
	const { script, printed, busy } = underLoad('2', process.execPath, '-e', endless);
	const pids = await busy();
	await printed(/begun/);
	expect(pids.every(isAlive)).toBe(true);
	script.kill(signal);
	await waitForEnd(pids);
});

test.skipIf(process.platform === 'win32')('an interrupt ends what the command has started too', async () => {
	const shell = `${JSON.stringify(process.execPath)} -e "console.log('pid ' + process.pid); setInterval(() => {}, 1000)"; true`;
	const { script, printed, code } = underLoad('1', 'sh', '-c', `trap '' INT; (trap - INT; ${shell}); exit 3`);
	const started = Number((await printed(/pid (\d+)/))[1]);
	script.kill('SIGINT');
	await waitForEnd([started]);
	expect(await code).toBe(3);
});

test('a missing command is a fault of usage', async () => {
	expect(await underLoad('2').code).toBe(2);
	expect(await underLoad('many', 'node').code).toBe(2);
});
