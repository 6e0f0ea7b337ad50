import { expect, test } from 'vitest';
import { createRowPages, type LoadedRows, pageRows } from './row-pages';

const settle = () => new Promise((resolve) => setTimeout(resolve));

function listOf(total: number) {
	const asked: number[] = [];
	const load = async (offset: number, limit: number) => {
		asked.push(offset);
		const rows = Array.from({ length: Math.min(limit, total - offset) }, (_, index) => offset + index);
		return { total, rows };
	};
	return { asked, load };
}

test('pages are asked for once each, as their rows come into view', async () => {
	let seen: LoadedRows<number> = { total: null, rows: [] };
	const pages = createRowPages<number>(
		(loaded) => (seen = loaded),
		(error) => expect.unreachable(String(error)),
	);
	const { asked, load } = listOf(350);
	pages.begin(load);
	await settle();
	pages.need(0, 20);
	pages.need(290, 320);
	pages.need(290, 320);
	await settle();
	expect(asked).toEqual([0, 2 * pageRows, 3 * pageRows]);
	expect(seen.total).toBe(350);
	expect([seen.rows[299], seen.rows[150]]).toEqual([299, undefined]);
});

test('what comes late for an earlier list is dropped, its failures too', async () => {
	const seen: (number | null)[] = [];
	const failures: unknown[] = [];
	const pages = createRowPages<number>(
		({ total }) => seen.push(total),
		(error) => failures.push(error),
	);
	pages.begin(listOf(5).load);
	pages.begin(() => Promise.reject(new Error('late')));
	pages.begin(listOf(7).load);
	await settle();
	expect(seen).toEqual([7]);
	expect(failures).toEqual([]);
});
