import { expect, test } from 'vitest';
import { runTogether } from './run-together.mjs';

const command = (code: string) => ({ args: ['-e', code], env: process.env, cwd: process.cwd() });

test('commands run side by side, and what they print is not mixed', async () => {
	// The first ends only when the second has printed: it waits for the file that the second writes.
	const { mkdtempSync, rmSync } = await import('node:fs');
	const { join } = await import('node:path');
	const { tmpdir } = await import('node:os');
	const folder = mkdtempSync(join(tmpdir(), 'together-'));
	const sign = JSON.stringify(join(folder, 'sign'));
	let printed = '';
	try {
		const codes = await runTogether(
			[
				command(
					`console.log('a1'); const t = setInterval(() => { if (fs.existsSync(${sign})) { console.log('a2'); clearInterval(t); process.exitCode = 3; } }, 10)`,
				),
				command(`console.log('b1'); console.error('b2'); fs.writeFileSync(${sign}, '')`),
			],
			(chunk: Buffer) => {
				printed += chunk;
			},
		);
		expect(codes).toEqual([3, 0]);
	} finally {
		rmSync(folder, { recursive: true });
	}
	expect(printed).toMatch(/^a1\na2\nb[12]\nb[12]\n$/);
});

test('a command that a signal ends has failed', async () => {
	expect(await runTogether([command("process.kill(process.pid, 'SIGKILL')")], () => {})).toEqual([1]);
});
