// docs/tree.md: one plain fragment per file, taken from the first sentence of the comment that opens it.
// `node scripts/tree.mjs` writes it, `node scripts/tree.mjs --check` exits 1 when it is out of date.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from './ensure-installed.mjs';

const treeFile = 'docs/tree.md';
const fragmentLimit = 60;
const introduction = `# The tree

One fragment per file, written by \`npm run tree\` from the first sentence of the comment that opens the file. Tests sit
beside the files they test and are not listed. [architecture.md](architecture.md) says how the folders depend on each other.
`;

/** Folders that are shown, and what they hold; a folder with sources that is not named here is an error. */
const folders = {
	'.ci': 'continuous integration',
	bench: 'times of steps and kernels',
	'bench/map-page': 'a page that draws the map for timing',
	'bench/match': 'training curves against the published program',
	'bench/torch': 'the same steps in PyTorch (Python)',
	docs: 'documentation',
	'docs/decisions': 'what was decided, why, what was refused',
	e2e: 'scenarios in a real browser; imports nothing from src',
	fixtures: "the published program's numbers (has its own README)",
	'fixtures/formats': 'two sentences in every corpus format',
	'fixtures/frozen': 'files of every earlier version, which load for ever',
	models: 'shipped checkpoints and the experiment log',
	pictures: 'screenshots for the README',
	public: 'files served as they are',
	'public/sample': 'Chinese sample: corpus, lexicon, vectors',
	'public/sample-en': 'English sample',
	'public/smoke': 'tiny corpus and lexicon for smoke tests',
	scripts: 'plain Node: install, serve, test, check, build',
	'scripts/api-docs': 'typedoc with a TypeScript of its own',
	'scripts/sample': 'makes the samples and the shipped models',
	'scripts/sample/text': 'texts that the samples are made from',
	src: 'the product, in floors; imports point down only',
	'src/cli': 'floor 9: the headless command and the parity report',
	'src/cli/parity': 'the fixtures as cases, compared on every device',
	'src/ui': 'floor 8: React, one folder per page',
	'src/ui/context': 'the stores, handed to components',
	'src/ui/gallery': 'every control in all its states, for tests',
	'src/ui/kit': 'what every page is built from',
	'src/ui/kit/charts': 'curves (recharts, loaded when first shown)',
	'src/ui/kit/controls': 'buttons, fields, dialogs, notices',
	'src/ui/kit/fonts': 'the bundled typeface',
	'src/ui/kit/frame': 'the frame of a page: top bar, panes',
	'src/ui/kit/sentences': 'sentences with their entities',
	'src/ui/navigation': 'the address of the page',
	'src/ui/pages': 'one folder per page, with its words',
	'src/ui/pages/annotate': 'page Annotate',
	'src/ui/pages/data': 'page Data',
	'src/ui/pages/models': 'page Models',
	'src/ui/pages/results': 'page Results',
	'src/ui/pages/space': 'page Space',
	'src/ui/pages/space/map': 'the map of representations',
	'src/ui/pages/tag': 'page Tag',
	'src/ui/pages/train': 'page Train',
	'src/ui/parts': 'what several pages show of a run or an item',
	'src/ui/shell': 'navigation, status line, run dock, palette, notices',
	'src/ui/words': 'languages, numbers, common words, errors',
	'src/state': 'floor 7: stores without React or DOM',
	'src/worker': 'floor 6: the worker, handlers by subject',
	'src/worker/annotation': 'queues and suggestions',
	'src/worker/corpora': 'import, sentences, changes, exports',
	'src/worker/devices': 'the device of runs, and of tagging',
	'src/worker/items': 'lists, names, trash, workspace files',
	'src/worker/models': 'stored and shipped checkpoints',
	'src/worker/results': 'predictions, errors, comparisons',
	'src/worker/runs': 'a run from its input to its record',
	'src/worker/space': 'snapshots, measures, maps',
	'src/worker/tagging': 'tagging of texts and files',
	'src/worker/vectors': 'vector files and their training',
	'src/wire': 'between floors 5 and 6: what page and worker say',
	'src/training': 'floor 5: the recipe as a stream of events',
	'src/model': 'floor 4: the network over the operations of a device',
	'src/model/fusion': 'the ways to combine the four distances',
	'src/projection': 'floor 4: PCA, t-SNE, UMAP',
	'src/projection/wasm': 'forces on a map in a WASM SIMD module',
	'src/projection/wasm/module': 'its AssemblyScript source',
	'src/projection/webgpu': 'neighbours and t-SNE on the GPU',
	'src/kernels': 'floor 3: the operations of a device and the devices',
	'src/kernels/reference': 'the oracle: plain TensorFlow.js on the CPU or on a GPU',
	'src/kernels/wasm': 'WASM SIMD device with its own memory',
	'src/kernels/wasm/module': 'its AssemblyScript source',
	'src/kernels/webgpu': 'GPU device made of own WGSL programs, steps recorded',
	'src/data': 'floor 2: text to corpus to lattices to batches',
	'src/data/bert': 'text to the pieces of BERT',
	'src/data/containers': 'packed files: gzip, bzip2, zstd, zip, tar',
	'src/data/corpus-checks': 'checks of a corpus, with suggested fixes',
	'src/data/formats': 'corpus formats, read and written',
	'src/data/vectors': 'vector files and skip-gram training',
	'src/analysis': 'floor 2: numbers about results',
	'src/storage': 'floor 2: model and run files, the browser database',
	'src/storage/bert': 'model files of the BERT family',
	'src/storage/node': 'files of the headless command',
	'src/storage/workspace': 'what the browser keeps',
	'src/experiment': 'floor 1: shared words: settings, presets, events',
	'src/util': 'floor 1: errors, random numbers',
	'src/testing': 'for tests only',
};

/** Folders whose files are not listed one by one. */
const closedFolders = new Set([
	'bench/torch',
	'docs/decisions',
	'fixtures',
	'models',
	'pictures',
	'scripts/api-docs',
	'public/sample',
	'public/sample-en',
	'public/smoke',
	'scripts/sample/text',
	'src/ui/kit/fonts',
]);

/** Files that cannot open with a comment, or need none. */
const described = {
	'.ci/run': 'all checks and tests; the last line holds the sums',
	'docs/architecture.md': 'floors; the way of a corpus, a step, an event, a label',
	'docs/command-line.md': 'the headless command',
	'docs/dependencies.md': 'why each package is here, and how it is updated',
	'docs/evidence.md': 'does it match, does the claim hold, how fast is it',
	'docs/house-figures.md': 'figures of the source over time',
	'docs/limits.md': 'what it does not do, how large things may be',
	'docs/page.md': 'pages, keys, storage, file formats',
	'docs/words-read.md': 'texts of the page that read badly, and their cure',
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

/** Where a long sentence may end, best first: at punctuation, before a clause, before a preposition. */
const boundaries = [
	/[:;,](?=\s)|\s(?=\()/g,
	/,?\s(?=(?:and|or|that|which|with|where|whose|when|while|so|as|but|until|after|before|if|because|without|beside|than)\s)/g,
	/\s(?=(?:of|for|by|from|in|on|to|at|into|over|between|under|against|through|out|behind|within)\s)/g,
	/\s(?=`)/g,
];
/** A fragment that ends in one of these has lost what it leads to. */
const danglingEnd =
	/\s(?:an?|the|its|their|of|to|in|on|at|by|for|from|with|and|or|as|is|are|that|which|what|than|into|own|one|two|no|every|each|all|most|how|whose|other|without|not|only|so|beside|between|any|some|this|has|have|be|where|when)$/i;

function isWhole(text) {
	const count = (letter) => text.split(letter).length;
	return (
		text.length >= 12 &&
		text.length <= fragmentLimit &&
		/\s/.test(text) &&
		!danglingEnd.test(text) &&
		count('`') % 2 === 1 &&
		count('(') === count(')') &&
		count('{') === count('}')
	);
}

/** A sentence as at most 60 characters, ended at the border of a clause; empty when it has no such border. */
export function fragmentOf(sentence) {
	if (sentence.length <= fragmentLimit) return sentence;
	const afterCommand = /^[^:`]{0,18}(?:`[^`]+`(?: and )?)+: (.+)$/.exec(sentence)?.[1];
	if (afterCommand) return fragmentOf(afterCommand[0].toUpperCase() + afterCommand.slice(1));
	const colon = sentence.indexOf(': ');
	if (colon >= 25 && isWhole(sentence.slice(0, colon))) return sentence.slice(0, colon);
	for (const boundary of boundaries) {
		const candidates = [...sentence.matchAll(boundary)].map((match) =>
			sentence.slice(0, match.index).replace(/[:;,]$/, ''),
		);
		const fitting = candidates.filter(isWhole);
		if (fitting.length > 0) return fitting.at(-1);
	}
	return '';
}

function isListed(path) {
	if (path in described) return true;
	if (path.startsWith('docs/')) return path.endsWith('.md') && path !== treeFile;
	return (
		/\.(tsx?|mjs|css)$/.test(path) && !/\.(test|d)\.tsx?$/.test(path) && !path.endsWith('wasm/module/tsconfig.json')
	);
}

function descriptionOf(path, problems) {
	if (path in described) return described[path];
	const source = readFileSync(join(projectRoot, path), 'utf8');
	if (path.endsWith('.md')) return fragmentOf(/^# (.*)$/m.exec(source)?.[1] ?? '');
	const sentence = openingSentence(source);
	if (sentence === '') problems.push(`${path}: opens with no comment that says what it is`);
	const fragment = fragmentOf(sentence);
	if (sentence !== '' && fragment === '')
		problems.push(`${path}: its first sentence cannot be cut to ${fragmentLimit} characters; shorten it`);
	return fragment;
}

function lineOf(indent, name, fragment) {
	return `${indent}${name.padEnd(Math.max(34 - indent.length, name.length + 2))}${fragment}`;
}

function linesOfFolder(folder, problems) {
	if (!(folder in folders)) {
		problems.push(`${folder}: describe the folder in scripts/tree.mjs`);
		return [];
	}
	const indent = '    '.repeat(folder.split('/').length - 1);
	const line = lineOf(indent, `${folder.split('/').at(-1)}/`, folders[folder]);
	if (closedFolders.has(folder)) return [line];
	const paths = readdirSync(join(projectRoot, folder))
		.sort()
		.map((name) => `${folder}/${name}`);
	const isFolder = (path) => statSync(join(projectRoot, path)).isDirectory();
	const below = paths.filter((path) => isFolder(path) && hasListedFiles(path));
	const files = paths.filter((path) => !isFolder(path) && isListed(path));
	const lines = [
		...below.flatMap((path) => linesOfFolder(path, problems)),
		...files.map((path) => lineOf(`${indent}    `, path.split('/').at(-1), descriptionOf(path, problems))),
	];
	return [line, ...lines];
}

function hasListedFiles(folder) {
	if (closedFolders.has(folder)) return folder in folders;
	if (folder.endsWith('/node_modules')) return false;
	return readdirSync(join(projectRoot, folder)).some((name) => {
		const path = `${folder}/${name}`;
		return statSync(join(projectRoot, path)).isDirectory() ? hasListedFiles(path) : isListed(path);
	});
}

/** The tree as lines of text; what has no description goes into `problems`. */
export function drawTree(problems) {
	const top = Object.keys(folders).filter((folder) => !folder.includes('/') && existsSync(join(projectRoot, folder)));
	return [
		...top.flatMap((folder) => linesOfFolder(folder, problems)),
		...rootFiles.map((path) => lineOf('', path, descriptionOf(path, problems))),
	];
}

function main() {
	const problems = [];
	const lines = drawTree(problems).map((line) => `    ${line}`);
	const text = `${introduction}\n${lines.join('\n')}\n`;
	const path = join(projectRoot, treeFile);
	for (const problem of problems) console.error(problem);
	if (process.argv.includes('--check')) {
		const isCurrent = existsSync(path) && readFileSync(path, 'utf8') === text;
		if (!isCurrent) console.error(`${treeFile} is out of date; run \`npm run tree\``);
		process.exitCode = isCurrent && problems.length === 0 ? 0 : 1;
		return;
	}
	writeFileSync(path, text);
	process.exitCode = problems.length === 0 ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
