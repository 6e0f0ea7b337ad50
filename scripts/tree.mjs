// The tree in README.md: one line a file, taken from the first sentence of the comment that opens it.
// `node scripts/tree.mjs` writes it, `node scripts/tree.mjs --check` exits 1 when it is not true any more.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from './ensure-installed.mjs';

const begin = '<!-- tree: written by `npm run tree` -->';
const end = '<!-- end of tree -->';
const widthLimit = 165;

/** Folders that are shown, and what they hold; a folder that is not named here is not looked into. */
const folders = {
	'.ci': 'continuous integration',
	bench: 'times of steps and kernels',
	e2e: 'whole stories in a real browser; imports nothing of src',
	fixtures: "the published program's numbers, under 6 MB (its own README)",
	'fixtures/frozen': 'files of every earlier version, which must load for ever (its own README)',
	models: 'shipped checkpoints and the log of experiments',
	public: 'files served as they are',
	'public/sample': 'the Chinese sample: corpus, lexicon, vectors (its own README)',
	'public/sample-en': 'the English sample (its own README)',
	'public/smoke': 'the smoke corpus and its lexicon (its own README)',
	scripts: 'plain Node: install, serve, test, check',
	'scripts/sample': 'makes the sample corpora, the lexicon, the vectors and the shipped models; texts in text/',
	src: 'floors from the top down; imports point down only (src/README.md has the decisions)',
	'src/cli': 'floor 9: the headless command and the parity report',
	'src/cli/parity': 'the fixtures as cases, compared on every device',
	'src/ui': 'floor 8: React, one folder per task of the user',
	'src/ui/charts': 'curves (recharts, loaded when first shown)',
	'src/ui/controls': 'parts that several tasks use',
	'src/ui/tag': 'tagging text',
	'src/ui/train': 'setting up and watching a run',
	'src/state': 'floor 7: stores without React or DOM',
	'src/worker': 'floor 6: the wire between page and worker',
	'src/training': 'floor 5: the recipe as a stream of events',
	'src/model': 'floor 4: the network over the operations of a device',
	'src/model/fusion': 'the five ways to join the four distances',
	'src/projection': 'floor 4: PCA, t-SNE, UMAP',
	'src/kernels': 'floor 3: the operations of a device and the three devices',
	'src/kernels/reference': 'the oracle: plain TensorFlow.js on the processor',
	'src/kernels/wasm': 'own SIMD module with its own memory',
	'src/kernels/wasm/module': 'its AssemblyScript source',
	'src/projection/wasm': 'forces on a map on an own SIMD module',
	'src/projection/wasm/module': 'its AssemblyScript source',
	'src/projection/webgpu': 'neighbours and t-SNE on the GPU',
	'src/kernels/webgpu': 'TensorFlow.js on the GPU with own WGSL programs',
	'src/data': 'floor 2: text to corpus to lattices to batches',
	'src/data/doctor': 'what is odd about a corpus, with what can be done',
	'src/data/formats': 'corpus files of every common shape, in and out',
	'src/analysis': 'floor 2: numbers about results',
	'src/storage': 'floor 2: files of tensors, checkpoints, the browser database',
	'src/storage/node': "floor 2: the command's files",
	'src/experiment': 'floor 1: the shared words: settings, presets, events',
	'src/util': 'floor 1: errors, random numbers',
	'src/testing': 'for tests only',
};

/** Folders whose files are not listed one by one. */
const closed = new Set(['fixtures', 'models', 'public/sample', 'public/sample-en', 'public/smoke']);

/** Files that cannot open with a comment, or need none. */
const described = {
	'.ci/run': 'all checks and tests; the last line holds the sums',
	'index.html': 'the page',
	'package.json': 'commands and dependencies',
	'biome.json': 'formatter and linter',
	'tsconfig.json': 'the compiler',
	'public/icon.svg': 'the icon',
	'src/kernels/wasm/kernels.wasm': 'the compiled module',
	'src/projection/wasm/map-kernels.wasm': 'the compiled module',
	'src/kernels/wasm/kernels-relaxed.wasm': 'the compiled module with relaxed fused multiply-add',
};
const rootFiles = ['index.html', 'package.json', 'biome.json', 'tsconfig.json', 'vite.config.ts', 'vitest.config.ts'];

/** The first sentence of the comment that opens a source, up to a full stop or semicolon; empty without one. */
export function openingSentence(source) {
	const block = /^\s*\/\*([\s\S]*?)\*\//.exec(source);
	const lines = source.split('\n');
	const first = lines.findIndex((line) => !line.startsWith('///') && !line.startsWith('#!'));
	const commented = lines.slice(first).findIndex((line) => !line.startsWith('//'));
	const text = block
		? block[1]
		: lines
				.slice(first, first + commented)
				.map((line) => line.slice(2))
				.join(' ');
	const sentence = text.replace(/[\s*]+/g, ' ').trim();
	return /^.*?(?=(?<!\bal)\.(\s|$)|;\s|$)/.exec(sentence)?.[0] ?? '';
}

function isListed(path) {
	if (path in described) return true;
	return (
		/\.(tsx?|mjs|css)$/.test(path) && !/\.(test|d)\.tsx?$/.test(path) && !path.endsWith('wasm/module/tsconfig.json')
	);
}

function descriptionOf(path, missing) {
	if (path in described) return described[path];
	const sentence = openingSentence(readFileSync(join(projectRoot, path), 'utf8'));
	if (sentence === '') missing.push(`${path}: opens with no comment that says what it is`);
	return sentence;
}

function cut(line) {
	return line.length <= widthLimit ? line : `${line.slice(0, line.lastIndexOf(' ', widthLimit - 2))} …`;
}

function linesOfFolder(folder, missing) {
	const depth = folder.split('/').length - 1;
	const indent = '    '.repeat(depth);
	const lines = [cut(`${indent}${`${folder.split('/').at(-1)}/`.padEnd(32 - 4 * depth)}${folders[folder]}`)];
	const names = readdirSync(join(projectRoot, folder)).sort();
	const paths = names.map((name) => `${folder}/${name}`);
	if (closed.has(folder)) return lines;
	for (const path of paths.filter((one) => one in folders)) lines.push(...linesOfFolder(path, missing));
	for (const path of paths.filter((one) => statSync(join(projectRoot, one)).isFile() && isListed(one))) {
		const name = path.split('/').at(-1);
		lines.push(cut(`${indent}    ${name.padEnd(26 - 4 * depth)}  ${descriptionOf(path, missing)}`));
	}
	return lines.length === 1 && !closed.has(folder) ? [] : lines;
}

/** The tree as lines of text; what has no description goes into `missing`. */
function drawTree(missing) {
	const names = readdirSync(projectRoot);
	const top = Object.keys(folders).filter((folder) => !folder.includes('/') && names.includes(folder));
	const filled = top.filter((folder) => readdirSync(join(projectRoot, folder)).length > 0);
	return [
		...filled.flatMap((folder) => linesOfFolder(folder, missing)),
		...rootFiles.map((path) => cut(`${path.padEnd(31)} ${descriptionOf(path, missing)}`)),
	];
}

function main() {
	const missing = [];
	const tree = `${begin}\n\n${drawTree(missing)
		.map((line) => `    ${line}`)
		.join('\n')}\n\n${end}`;
	const path = join(projectRoot, 'README.md');
	const readme = readFileSync(path, 'utf8');
	const [before, after] = [readme.indexOf(begin), readme.indexOf(end)];
	if (before < 0 || after < before) throw new Error(`README.md lacks the marks ${begin} and ${end}`);
	const next = readme.slice(0, before) + tree + readme.slice(after + end.length);
	for (const line of missing) console.error(line);
	if (process.argv.includes('--check')) {
		if (next !== readme) console.error('README.md: the tree is out of date; run `npm run tree`');
		process.exitCode = next === readme && missing.length === 0 ? 0 : 1;
		return;
	}
	writeFileSync(path, next);
	process.exitCode = missing.length === 0 ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
