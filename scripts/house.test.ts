import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { equalRuns, findCircles, functionLengths, measureHouse, percentile } from './house.mjs';

const root = mkdtempSync(join(tmpdir(), 'nerco-house-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('functions with a body in braces are measured, nested ones too, short arrows are not', () => {
	const source = `export function outer() {
	const inner = () => {
		return 1;
	};
	const short = (x: number) => x + inner();
	return short(2);
}
class Box {
	get() { return 3; }
}
`;
	expect(functionLengths(source, 'a.ts').sort()).toEqual([1, 3, 7]);
});

test('a percentile is the nearest rank', () => {
	const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
	expect([percentile(ten, 0.5), percentile(ten, 0.9), percentile(ten, 1), percentile([], 0.5)]).toEqual([5, 9, 10, 0]);
});

test('files that import each other in a circle are one group, whatever the length of the circle', () => {
	const graph = new Map([
		['a', new Set(['b'])],
		['b', new Set(['c'])],
		['c', new Set(['a', 'd'])],
		['d', new Set(['e'])],
		['e', new Set(['d'])],
		['f', new Set(['a'])],
	]);
	expect(findCircles(graph)).toEqual([
		['a', 'b', 'c'],
		['d', 'e'],
	]);
});

const lines = (count: number, name = 'line') => Array.from({ length: count }, (_, index) => `${name}${index};`);

test('a run of equal lines is one pair however long, indentation and blank lines aside', () => {
	const one = ['first();', ...lines(9), 'end();'].join('\n');
	const other = ['\tother();', ...lines(9).map((line) => `\t\t${line}\n`), 'stop();'].join('\n');
	const runs = equalRuns(
		new Map([
			['a.ts', one],
			['b.ts', other],
		]),
	);
	expect(runs).toEqual([{ left: 'a.ts:2', right: 'b.ts:2', length: 9 }]);
});

test('five equal lines, imports, and a run that overlaps itself are no pair', () => {
	const imports = lines(8).map((_, index) => `import { x${index} } from './x';`);
	expect(
		equalRuns(
			new Map([
				['a.ts', lines(5).join('\n')],
				['b.ts', lines(5).join('\n')],
			]),
		),
	).toEqual([]);
	expect(
		equalRuns(
			new Map([
				['a.ts', imports.join('\n')],
				['b.ts', imports.join('\n')],
			]),
		),
	).toEqual([]);
	expect(equalRuns(new Map([['a.ts', Array(10).fill('same();').join('\n')]]))).toEqual([]);
});

test('a checkout is measured without its tests, and type imports count for circles', () => {
	mkdirSync(join(root, 'src/util'), { recursive: true });
	mkdirSync(join(root, 'src/ui'), { recursive: true });
	writeFileSync(join(root, 'README.md'), 'x'.repeat(120));
	writeFileSync(join(root, 'src/util/a.ts'), "import type { B } from './b';\nexport type A = B;\n");
	writeFileSync(join(root, 'src/util/b.ts'), "import type { A } from './a';\nexport type B = A;\n");
	writeFileSync(join(root, 'src/util/c.ts'), `import { page } from '../ui/page';\n${lines(310).join('\n')}\n`);
	writeFileSync(join(root, 'src/util/c.test.ts'), 'export {};\n');
	writeFileSync(join(root, 'src/ui/page.tsx'), 'export function page() {\n\treturn <p>a</p>;\n}\n');
	const figures = measureHouse(root);
	expect(figures).toMatchObject({ files: 4, functions: { count: 1, max: 3 }, readmeBytes: 120 });
	expect(figures.circles).toEqual([['util/a.ts', 'util/b.ts']]);
	expect(figures.longFiles).toEqual([{ path: 'util/c.ts', lines: 311 }]);
	expect(figures.upward).toHaveLength(1);
});
