import { expect, test } from 'vitest';
import { errorCodeOfAsync } from '../testing/error-code';
import { changeChannel, type Locks, Tabs } from './tabs';

/** Locks of one browser, shared by the tabs of a test: taken or not, nobody waits in a queue but for shared ones. */
function oneBrowser(): Locks {
	const held = new Map<string, number>();
	const request = async (name: string, { mode }: LockOptions, run: (lock: Lock | null) => unknown) => {
		const count = held.get(name) ?? 0;
		if (mode === 'exclusive' && count > 0) return run(null);
		held.set(name, count + 1);
		try {
			return await run({ name, mode: mode ?? 'exclusive' });
		} finally {
			held.set(name, (held.get(name) ?? 1) - 1);
		}
	};
	const query = async () => ({
		held: [...held].filter(([, count]) => count > 0).map(([name]) => ({ name })),
		pending: [],
	});
	return { request, query } as unknown as Locks;
}

test('a run is written by one tab at a time', async () => {
	const browser = oneBrowser();
	const [first, second] = [new Tabs(browser), new Tabs(browser)];
	const release = await first.claimRun('a');
	expect(await errorCodeOfAsync(() => second.claimRun('a'))).toBe('run-open-elsewhere');
	expect(await errorCodeOfAsync(() => second.requireUnclaimed('a'))).toBe('run-open-elsewhere');
	expect(await second.claimedRuns()).toEqual(['a']);
	release();
	await new Promise((resolve) => setTimeout(resolve));
	expect(await second.claimedRuns()).toEqual([]);
	(await second.claimRun('a'))();
});

test('only a tab that is alone cleans up', async () => {
	const browser = oneBrowser();
	const cleaned: string[] = [];
	await new Tabs(browser).enter(async () => void cleaned.push('first'));
	await new Tabs(browser).enter(async () => void cleaned.push('second'));
	await new Tabs(undefined).enter(async () => void cleaned.push('without locks'));
	expect(cleaned).toEqual(['first']);
});

test('without locks a run is never refused', async () => {
	const tabs = new Tabs(undefined);
	await tabs.claimRun('a');
	(await tabs.claimRun('a'))();
	expect(await tabs.claimedRuns()).toEqual([]);
});

test('a change told in one tab is heard in the other, not in the same', async () => {
	const heard: string[] = [];
	let arrived = () => {};
	const arrival = new Promise<void>((resolve) => {
		arrived = resolve;
	});
	const here = changeChannel(({ id }) => heard.push(`here ${id}`));
	const there = changeChannel(({ id }) => {
		heard.push(`there ${id}`);
		arrived();
	});
	here.tell({ kind: 'corpus', id: 'a', revision: 2 });
	await arrival;
	expect(heard).toEqual(['there a']);
	here.close();
	there.close();
});
