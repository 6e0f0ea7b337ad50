import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { processorSeconds } from './processor-time.mjs';
import { describeTest, rankTests } from './slowest-tests.mjs';

const report = {
	testResults: [
		{
			name: '/root/src/a.test.ts',
			assertionResults: [
				{ fullName: 'quick', duration: 900, meta: { processorSeconds: 0.2, openingSeconds: 3 } },
				{ fullName: 'slow', duration: 60_000, meta: { processorSeconds: 21.5 } },
				{ fullName: 'skipped', meta: {} },
			],
		},
	],
};

test('tests are ranked by processor time, what a file does before its first test among them', () => {
	const ranked = rankTests([report], '/root');
	expect(ranked.map((row: { title: string; seconds: number }) => [row.title, row.seconds])).toEqual([
		['slow', 21.5],
		['(before the first test)', 3],
		['quick', 0.2],
	]);
	expect(describeTest(ranked[0])).toBe('  21.5 s    60.0 s on the clock  src/a.test.ts: slow');
});

/** Code that computes for a fifth of a second of processor time. */
const work =
	'const used = () => { const { user, system } = process.cpuUsage(); return user + system; }; const begun = used(); while (used() - begun < 200_000);';

test('processor time counts what this process and the ones it started have computed', () => {
	const before = processorSeconds();
	new Function(work)();
	const between = processorSeconds();
	expect(between - before).toBeGreaterThan(0.15);
	expect(execFileSync(process.execPath, ['-e', work])).toHaveLength(0);
	if (process.platform === 'linux') expect(processorSeconds() - between).toBeGreaterThan(0.15);
});
