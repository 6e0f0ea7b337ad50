// The rules of the house that one search can show: imports point down the floors, each outside thing (TensorFlow,
// React, the page, files, messages, chance, the clock) is touched only where it belongs, no circles, no catch-all files.
// `node scripts/check-floors.mjs [SOURCE_FOLDER]` lists what breaks them and exits 1.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const floors = {
	util: 1,
	experiment: 1,
	data: 2,
	analysis: 2,
	storage: 2,
	kernels: 3,
	model: 4,
	projection: 4,
	training: 5,
	wire: 5.5,
	worker: 6,
	state: 7,
	ui: 8,
	cli: 9,
	'main.tsx': 9,
};

/** Files of the worker that may import training: its entry, the run that it trains, the model of a run. */
const trainers = ['worker/worker.ts', 'worker/runs/run-host.ts', 'worker/runs/run-model.ts'];

/** The page reaches its worker over the wire alone; main.tsx starts it. */
const pageRooms = ['state', 'ui', 'main.tsx'];
const workerEntry = 'worker/worker.ts';

/** Neighbours on one floor that may be named, with the reason in words. */
const allowedNeighbours = {
	experiment: ['util'],
	analysis: ['data'], // spans and sentences are words of data
	storage: ['data'], // records hold vocabularies and corpora
};

/** Folders of the page, from the bottom: each uses those below it and beside it. */
const pageFloors = { words: 1, context: 1, navigation: 2, kit: 2, parts: 3, pages: 4, shell: 5, gallery: 6 };

/** Pages that show a piece of another one. */
const allowedPages = {
	train: ['data', 'space'], // files are added, and the live map is shown, where a run is trained
};

/** Sideways or upward steps that have a reason. */
const allowedImports = [
	// A checkpoint file holds a network's shape and its flat parameters: words of the floors above, types and pure layout only.
	{
		from: /^storage\/(checkpoint|published-checkpoint|resume-state)/,
		to: /^(model\/shape|kernels\/parameters|kernels\/operations)\.ts$/,
	},
	// The command reads and writes its files itself; the page's worker keeps runs in the browser.
	{ from: /^cli\//, to: /./ },
];

const bannedNames = /^(index|types|utils|helpers)\.tsx?$/;

/** What may be touched where: `pattern` is searched in code without comments and strings, `paths` say where it is fine. */
const belongings = [
	{
		what: 'React',
		pattern: /from '(react|react-dom|recharts)[^']*'/,
		inImports: true,
		paths: [/^ui\//, /^main\.tsx$/],
	},
	{ what: '@tensorflow', pattern: /'@tensorflow\//, inImports: true, paths: [/^kernels\//, /^projection\//] },
	{ what: 'the document or window', pattern: /\b(document|window)\s*[.[(]/, paths: [/^ui\//, /^main\.tsx$/] },
	{ what: 'browser storage', pattern: /\b(indexedDB|getDirectory)\b/, paths: [/^storage\//] },
	{
		what: "Node's own modules",
		pattern: /from 'node:/,
		inImports: true,
		paths: [/^storage\/node\//, /^cli\//, /^testing\//, /^kernels\/webgpu\/node-gpu\.ts$/],
	},
	{
		what: 'postMessage',
		pattern: /\bpostMessage\b/,
		paths: [/^wire\/(client|page-channel|messages)\.ts$/, /^worker\//, /^kernels\/wasm\//],
	},
	{
		what: 'Math.random or Date.now',
		pattern: /\b(Math\.random|Date\.now)\b|\bnew Date\(\)/,
		paths: [/^state\//, /^ui\//, /^cli\//, /^main\.tsx$/],
	},
	{
		what: 'the buffer of a slice (a view, where the bytes are a Buffer: use copyBytes)',
		pattern: /\.slice\([^()]*\)\.buffer\b/,
		paths: [/^kernels\//, /^projection\//],
	},
	{ what: 'dataSync or arraySync', pattern: /\.(dataSync|arraySync)\(/, paths: [] },
];

/** TypeScript sources below a folder, tests included. */
export function listFiles(folder) {
	return readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		if (statSync(path).isDirectory())
			return /(^|\/)(kernels|projection)\/wasm\/module$/.test(path) ? [] : listFiles(path);
		return /\.tsx?$/.test(name) && !name.endsWith('.d.ts') ? [path] : [];
	});
}

/** Code without comments, and without the contents of strings unless they are kept. Line breaks stay. */
export function strippedCode(source, { keepStrings }) {
	const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
	return source.replace(token, (match) => {
		const isString = /^['"`]/.test(match);
		if (isString && keepStrings) return match;
		const lines = match.replace(/[^\n]/g, '');
		return isString ? `''${lines}` : lines;
	});
}

export function isTest(path) {
	return /\.test\.tsx?$/.test(path) || path.startsWith('testing/');
}

/** What a file imports, types included: path within the source folder, and line. */
export function importsOf(path, code, known) {
	const found = [];
	for (const match of code.matchAll(/(?:\bfrom|\bimport|\bimport\(|\bnew URL\()\s*'(\.[^']*)'/g)) {
		const bare = normalize(join(dirname(path), match[1].replace(/\?.*$/, '')));
		const target = [bare, `${bare}.ts`, `${bare}.tsx`].find((candidate) => known.has(candidate));
		const line = code.slice(0, match.index).split('\n').length;
		if (target) found.push({ target, line });
	}
	return found;
}

function roomOf(path) {
	return path.includes('/') ? path.split('/')[0] : path;
}

function complaintOfImport(from, to) {
	if (allowedImports.some((rule) => rule.from.test(from) && rule.to.test(to))) return null;
	const [room, target] = [roomOf(from), roomOf(to)];
	if (room === 'ui' && target === 'ui') return complaintWithinPage(from, to);
	if (room === target) return null;
	if (target === 'testing') return `the product imports ${to}, which is for tests`;
	if (!(room in floors)) return `${from} is in no known folder`;
	if (target === 'training' && !trainers.includes(from))
		return `only ${trainers.join(', ')} and cli import training: ${to}`;
	if (target === 'worker' && pageRooms.includes(room) && !(room === 'main.tsx' && to === workerEntry))
		return `the page speaks to its worker over wire/ alone: ${to}`;
	if (floors[target] < floors[room]) return null;
	if (floors[target] === floors[room] && allowedNeighbours[room]?.includes(target)) return null;
	const direction = floors[target] === floors[room] ? 'sideways' : 'up';
	return `imports ${direction}: ${room} (floor ${floors[room]}) takes ${to} (floor ${floors[target]})`;
}

/** Files of ui/ itself join its folders. */
function complaintWithinPage(from, to) {
	const [, room, page] = from.split('/');
	const [, target, otherPage] = to.split('/');
	if (!(room in pageFloors)) return room.includes('.') ? null : `ui/${room} is no folder of the page`;
	if (room === 'pages' && target === 'pages')
		return page === otherPage || allowedPages[page]?.includes(otherPage)
			? null
			: `page ${page} takes ${to} of page ${otherPage}: what both show belongs in ui/parts`;
	if (room === target || pageFloors[target] <= pageFloors[room]) return null;
	return `imports up within the page: ${room} takes ${to}`;
}

function findCircles(graph) {
	const circles = [];
	const state = new Map();
	const walk = (path, trail) => {
		if (state.get(path) === 'done') return;
		if (state.get(path) === 'open') {
			circles.push([...trail.slice(trail.indexOf(path)), path]);
			return;
		}
		state.set(path, 'open');
		for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
		state.set(path, 'done');
	};
	for (const path of graph.keys()) walk(path, []);
	return circles;
}

/** All breaches under a source folder, one line of words each: `path:line: what`. */
export function checkFloors(root) {
	const paths = listFiles(root).map((path) => relative(root, path).replaceAll('\\', '/'));
	const known = new Set(paths);
	const graph = new Map();
	const complaints = [];
	for (const path of paths) {
		const source = readFileSync(join(root, path), 'utf8');
		const withStrings = strippedCode(source, { keepStrings: true });
		const name = path.slice(path.lastIndexOf('/') + 1);
		if (bannedNames.test(name)) complaints.push(`${path}:1: name the file after its content, not ${name}`);
		const imports = importsOf(path, withStrings, known);
		graph.set(path, new Set(imports.map((entry) => entry.target)));
		if (isTest(path)) continue;
		for (const { target, line } of imports) {
			const complaint = complaintOfImport(path, target);
			if (complaint) complaints.push(`${path}:${line}: ${complaint}`);
		}
		const bare = strippedCode(source, { keepStrings: false });
		for (const { what, pattern, inImports, paths: allowed } of belongings) {
			if (allowed.some((place) => place.test(path))) continue;
			for (const [index, line] of (inImports ? withStrings : bare).split('\n').entries()) {
				if (pattern.test(line)) complaints.push(`${path}:${index + 1}: ${what} does not belong in ${roomOf(path)}`);
			}
		}
	}
	for (const circle of findCircles(graph))
		complaints.push(`${circle[0]}:1: imports run in a circle: ${circle.join(' -> ')}`);
	return complaints;
}

function main() {
	const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
	const complaints = checkFloors(resolve(process.argv[2] ?? join(projectRoot, 'src')));
	for (const complaint of complaints) console.error(complaint);
	console.log(complaints.length === 0 ? 'floors: all imports point down' : `floors: ${complaints.length} breaches`);
	process.exitCode = complaints.length === 0 ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
