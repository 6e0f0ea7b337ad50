import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvText, recordRows, tabText } from './csv';

/** A reader by the grammar of RFC 4180, written apart from the writer. */
function readCsv(text: string): string[][] {
	const rows: string[][] = [];
	let rest = text;
	while (rest !== '') {
		const row: string[] = [];
		for (let separator = ','; separator === ','; ) {
			const cell = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest);
			if (!cell) throw new Error(`not CSV: ${JSON.stringify(rest.slice(0, 40))}`);
			row.push(cell[1]?.replaceAll('""', '"') ?? cell[2]);
			separator = cell[3];
			rest = rest.slice(cell[0].length);
		}
		rows.push(row);
	}
	return rows;
}

test.each([
	['=1+1', "'=1+1"],
	['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
	['+86', "'+86"],
	['-', "'-"],
	['-1', "'-1"],
	['@SUM(A1)', "'@SUM(A1)"],
	['\t=1', `"'\t=1"`],
	['\rx', `"'\rx"`],
	['\n=1', `"'\n=1"`],
	[' =1', "' =1"],
	['\u3000＝1', "'\u3000＝1"],
	['＝1', "'＝1"],
	['＋1', "'＋1"],
	['－1', "'－1"],
	['＠x', "'＠x"],
	['a=1', 'a=1'],
	['B-PER', 'B-PER'],
	['a,"b"', '"a,""b"""'],
	['a\nb', '"a\nb"'],
	['a;=1', '"a;=1"'],
	['北京', '北京'],
	['', ''],
])('the text %j becomes %j', (text, cell) => {
	expect(csvText([[text]])).toBe(`${cell}\r\n`);
});

test('numbers stay numbers, and what is none is an empty cell', () => {
	expect(csvText([[-1.5, 0, 1e-7, Number.NaN, Number.POSITIVE_INFINITY, null, undefined]])).toBe('-1.5,0,1e-7,,,,\r\n');
});

test('whatever is written is read as the same rows, with an apostrophe before what was a formula', () => {
	const text = fc.string({ unit: fc.constantFrom(...'=+-@＝＠",;\t\r\n \'a王') });
	const rows = fc.array(fc.array(text, { minLength: 2, maxLength: 2 }), { maxLength: 4 });
	fc.assert(
		fc.property(rows, (written) => {
			for (const [index, row] of readCsv(csvText(written)).entries())
				for (const [column, cell] of row.entries()) {
					expect(cell.replace(/^'/, '')).toBe(written[index][column].replace(/^'/, ''));
					expect(cell).not.toMatch(/^[\s]*[=+\-@＝＠]/);
				}
		}),
	);
});

test('tab-separated text keeps its columns and runs no formula either', () => {
	expect(
		tabText([
			['a\tb', '=1', -2],
			['c\r\nd', '＠x', null],
		]),
	).toBe("a b\t'=1\t-2\nc d\t'＠x\t\n");
});

test('records begin with their keys', () => {
	expect(
		recordRows([
			{ a: 1, b: 'x' },
			{ a: 2, b: null },
		]),
	).toEqual([
		['a', 'b'],
		[1, 'x'],
		[2, null],
	]);
	expect(recordRows([])).toEqual([]);
});

test('no other file of the sources writes CSV', () => {
	const sources = join(import.meta.dirname, '..');
	const files = readdirSync(sources, { recursive: true, encoding: 'utf8' })
		.map((path) => path.replaceAll('\\', '/'))
		.filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && path !== 'util/csv.ts');
	expect(files.length).toBeGreaterThan(300);
	const writers = files.filter((path) => {
		const text = readFileSync(join(sources, path), 'utf8');
		const quotes = /'""'|"\\"\\""|`""`/.test(text);
		const joins = /\.join\(\s*(['"`])(,|;|\\t)\1,?\s*\)/.test(text) && /csv|tsv/i.test(text);
		return (quotes || joins) && !text.includes("util/csv'");
	});
	expect(writers).toEqual([]);
});
