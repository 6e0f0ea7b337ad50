// Figures of the source: `npm run house [-- ROOT] [--json] [--row NAME]` measures src without tests, by the rules written
// beside each figure. docs/house-figures.md keeps the rows; ROOT takes another checkout.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { parseAst } from 'vite';
import { checkFloors, importsOf, isTest, listFiles, strippedCode } from './check-floors.mjs';
import { projectRoot } from './ensure-installed.mjs';

const longFile = 300;
const runLength = 6;

/** Lines of each function with a body in braces: declarations, methods, function expressions, arrows; nested ones too. */
export function functionLengths(source, path) {
	const lineAt = lineCounter(source);
	const lengths = [];
	const walk = (node) => {
		if (Array.isArray(node)) return node.forEach(walk);
		if (node === null || typeof node !== 'object' || typeof node.type !== 'string') return;
		if (/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) {
			const isBraced = node.body?.type === 'BlockStatement' || node.body?.type === 'FunctionBody';
			if (isBraced) lengths.push(lineAt(node.end) - lineAt(node.start) + 1);
		}
		for (const value of Object.values(node)) walk(value);
	};
	walk(parseAst(source, { lang: path.endsWith('x') ? 'tsx' : 'ts' }).body);
	return lengths;
}

function lineCounter(source) {
	const starts = [0];
	for (let index = source.indexOf('\n'); index >= 0; index = source.indexOf('\n', index + 1)) starts.push(index + 1);
	return (offset) => {
		let [low, high] = [0, starts.length];
		while (high - low > 1) {
			const middle = (low + high) >> 1;
			if (starts[middle] <= offset) low = middle;
			else high = middle;
		}
		return low;
	};
}

/** The value below which that share of the numbers is: the nearest rank. */
export function percentile(numbers, share) {
	const sorted = [...numbers].sort((left, right) => left - right);
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** Groups of files that import each other in a circle (strongly connected, more than one), the largest first. */
export function findCircles(graph) {
	const order = [];
	const seen = new Set();
	const reversed = new Map([...graph.keys()].map((node) => [node, []]));
	for (const [node, targets] of graph) for (const target of targets) reversed.get(target)?.push(node);
	const visit = (node, edges, done) => {
		const stack = [[node, [...(edges.get(node) ?? [])]]];
		seen.add(node);
		while (stack.length > 0) {
			const [current, rest] = stack.at(-1);
			const next = rest.pop();
			if (next === undefined) {
				done(current);
				stack.pop();
			} else if (!seen.has(next) && edges.has(next)) {
				seen.add(next);
				stack.push([next, [...edges.get(next)]]);
			}
		}
	};
	for (const node of graph.keys()) if (!seen.has(node)) visit(node, graph, (each) => order.push(each));
	seen.clear();
	const groups = [];
	for (const node of order.reverse()) {
		if (seen.has(node)) continue;
		const group = [];
		visit(node, reversed, (each) => group.push(each));
		if (group.length > 1) groups.push(group.sort());
	}
	return groups.sort((left, right) => right.length - left.length);
}

/** Lines that count for equal runs: trimmed, without blank ones. `isImport` marks those of import statements. */
function countedLines(source) {
	let isImport = false;
	return source.split('\n').flatMap((line, index) => {
		const text = line.trim();
		if (text === '') return [];
		if (/^(import|export \{|export type \{)/.test(text)) isImport = true;
		const marked = { text, line: index + 1, isImport };
		if (isImport && /;$/.test(text)) isImport = false;
		return [marked];
	});
}

/**
 * Pairs of positions where six or more lines in a row are equal, blank lines and indentation aside. A longer run is one pair; a
 * run that overlaps itself is none. Imports are left out: they end a run.
 */
export function equalRuns(sources) {
	const files = [...sources].map(([path, source]) => ({ path, lines: countedLines(source) }));
	const windows = new Map();
	for (const [file, { lines }] of files.entries()) {
		for (let start = 0; start + runLength <= lines.length; start++) {
			const slice = lines.slice(start, start + runLength);
			if (slice.some(({ isImport }) => isImport)) continue;
			const key = slice.map(({ text }) => text).join('\n');
			windows.set(key, [...(windows.get(key) ?? []), { file, start }]);
		}
	}
	const textAt = ({ file, start }, offset) => {
		const line = files[file].lines[start + offset];
		return line === undefined || line.isImport ? null : line.text;
	};
	const pairs = [];
	for (const positions of windows.values()) {
		for (const [index, left] of positions.entries()) {
			for (const right of positions.slice(index + 1)) {
				const before = textAt(left, -1);
				if (before !== null && before === textAt(right, -1)) continue; // inside a run that began earlier
				let length = runLength;
				while (textAt(left, length) !== null && textAt(left, length) === textAt(right, length)) length++;
				if (left.file === right.file && right.start < left.start + length) continue;
				pairs.push({ left: nameOf(files, left), right: nameOf(files, right), length });
			}
		}
	}
	return pairs.sort((one, other) => other.length - one.length);
}

const nameOf = (files, { file, start }) => `${files[file].path}:${files[file].lines[start].line}`;

/** All figures of a checkout. */
export function measureHouse(root) {
	const folder = join(root, 'src');
	const paths = listFiles(folder).map((path) => relative(folder, path).replaceAll('\\', '/'));
	const known = new Set(paths);
	const sources = new Map(
		paths.filter((path) => !isTest(path)).map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
	);
	const graph = new Map(
		[...sources].map(([path, source]) => {
			const imports = importsOf(path, strippedCode(source, { keepStrings: true }), known);
			return [
				path,
				new Set(imports.map(({ target }) => target).filter((target) => sources.has(target) && target !== path)),
			];
		}),
	);
	const lengths = [...sources].flatMap(([path, source]) => functionLengths(source, path));
	const fileLines = [...sources].map(([path, source]) => ({ path, lines: source.trimEnd().split('\n').length }));
	const readme = join(root, 'README.md');
	return {
		files: sources.size,
		lines: fileLines.reduce((sum, { lines }) => sum + lines, 0),
		functions: {
			count: lengths.length,
			p50: percentile(lengths, 0.5),
			p90: percentile(lengths, 0.9),
			max: Math.max(...lengths),
		},
		longFiles: fileLines.filter(({ lines }) => lines > longFile).sort((one, other) => other.lines - one.lines),
		circles: findCircles(graph),
		upward: checkFloors(folder).filter((complaint) => / imports (up|sideways):/.test(complaint)),
		equalRuns: equalRuns(sources),
		readmeBytes: existsSync(readme) ? statSync(readme).size : 0,
	};
}

const heads = [
	'tree',
	'files',
	'lines',
	'functions',
	'p50 / p90 / max',
	'files over 300',
	'circles (files in them)',
	'upward imports',
	'equal runs',
	'README bytes',
];

function rowOf(name, figures) {
	const { count, p50, p90, max } = figures.functions;
	const members = figures.circles.reduce((sum, group) => sum + group.length, 0);
	return [
		name,
		figures.files,
		figures.lines,
		count,
		`${p50} / ${p90} / ${max}`,
		figures.longFiles.length,
		`${figures.circles.length} (${members})`,
		figures.upward.length,
		figures.equalRuns.length,
		figures.readmeBytes,
	];
}

function describe(figures) {
	const { count, p50, p90, max } = figures.functions;
	const list = (items) => items.map((item) => `    ${item}`);
	return [
		`${figures.files} files, ${figures.lines} lines of src without tests`,
		`functions: ${count}; lines p50 ${p50}, p90 ${p90}, max ${max}`,
		`files over ${longFile} lines: ${figures.longFiles.length}`,
		...list(figures.longFiles.map(({ path, lines }) => `${lines}  ${path}`)),
		`circles of imports, types included: ${figures.circles.length}`,
		...list(figures.circles.map((group) => `${group.length} files: ${group.join(', ')}`)),
		`upward imports: ${figures.upward.length}`,
		...list(figures.upward),
		`pairs of runs of ${runLength} equal lines or more: ${figures.equalRuns.length}; the longest:`,
		...list(figures.equalRuns.slice(0, 10).map(({ left, right, length }) => `${length}  ${left}  ${right}`)),
		`README.md: ${figures.readmeBytes} bytes`,
	].join('\n');
}

function main() {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { json: { type: 'boolean' }, row: { type: 'string' } },
	});
	const figures = measureHouse(resolve(positionals[0] ?? projectRoot));
	if (values.json) console.log(JSON.stringify(figures, null, '\t'));
	else if (values.row !== undefined)
		for (const cells of [heads, heads.map(() => '---'), rowOf(values.row, figures)])
			console.log(`| ${cells.join(' | ')} |`);
	else console.log(describe(figures));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
