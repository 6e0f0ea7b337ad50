// Whether NerCo's claim holds: the segmentation index and purity at the start, after stage 1 and after finetuning, NerCo
// beside FLAT. `npx tsx scripts/space-table.ts --corpus sample|weibo [--seeds 1,2,3] [--methods nerco,flat] [--epochs 20,12,30]
// [--out FILE.jsonl]` trains on wasm, one run after another, and adds one line per snapshot; a run that is in the file is not repeated.
// `--table FILE...` prints the table. The tokens: all mentions of dev and of 300 sentences of train, then others drawn at random, 4,000 in all.

import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { MeasureByType } from '../src/analysis/labelled-rows';
import { measureSpace } from '../src/analysis/space-measures';
import { type ChosenPoints, choosePoints } from '../src/analysis/space-points';
import { openDevice } from '../src/cli/open-device';
import { readyToStart } from '../src/cli/ready-run';
import { secondsNow } from '../src/cli/seconds-now';
import { defaultPointChoice } from '../src/experiment/space-snapshot';
import { findNeighbours } from '../src/projection/neighbour-search';
import { nearestIds } from '../src/projection/neighbours';
import { purityNeighbours } from '../src/projection/snapshot-work';
import { type CapturedSpace, captureSpace } from '../src/training/capture-space';
import { trainRun } from '../src/training/train-run';

const root = fileURLToPath(new URL('../', import.meta.url));
const { values: options, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		corpus: { type: 'string', default: 'sample' },
		seeds: { type: 'string', default: '1,2,3' },
		methods: { type: 'string', default: 'nerco,flat' },
		epochs: { type: 'string', default: '20,12,30' },
		out: { type: 'string' },
		table: { type: 'boolean', default: false },
		'limit-train': { type: 'string' },
	},
});

type Method = 'nerco' | 'flat';
type When = 'init' | 'stage 1' | 'end';

interface Line {
	corpus: string;
	method: Method;
	seed: number;
	epochs: string;
	/** When it was measured; the key is the file's. */
	place: When;
	stage: string;
	epoch: number;
	/** Over all points, and over those of dev alone. */
	all: Numbers;
	dev: Numbers;
	/** Of the model at the end, by the published rule; else null. */
	testF1: number | null;
	seconds: number;
}

interface Numbers {
	points: number;
	segmentation: MeasureByType;
	purity: MeasureByType;
}

const shared = join(root, '../shared');
const weibo = (split: string) => join(shared, `data/weibo/weiboNER_2nd_conll.${split}`);
const sample = (name: string) => join(root, 'public/sample', name);
const corpora: Record<string, { presets: Record<Method, string>; files: Record<string, string> }> = {
	sample: {
		presets: { nerco: 'sample', flat: 'sample-flat' },
		files: {
			train: sample('train.conll'),
			dev: sample('dev.conll'),
			test: sample('test.conll'),
			lexicon: sample('lexicon.txt'),
			'char-vectors': sample('characters.vec.gz'),
			'bigram-vectors': sample('bigrams.vec.gz'),
			'word-vectors': sample('words.vec.gz'),
		},
	},
	weibo: {
		presets: { nerco: 'weibo', flat: 'flat-stage2-weibo' },
		files: {
			train: weibo('train'),
			dev: weibo('dev'),
			test: weibo('test'),
			'char-vectors': join(shared, 'embeddings/uni.50d.vec.gz'),
			'bigram-vectors': join(shared, 'embeddings/bi.50d.vec.gz'),
			'word-vectors': join(shared, 'embeddings/word.50d.vec.gz'),
		},
	},
};

/** As on the command line. NerCo's stages take the epochs one by one, FLAT the last number. */
function runOptions(corpus: string, method: Method, seed: number): Parameters<typeof readyToStart>[0] {
	const { presets, files } = corpora[corpus];
	const epochs = method === 'nerco' ? options.epochs : options.epochs.split(',').at(-1)!;
	const preset = presets[method];
	return { ...files, preset, seed: String(seed), backend: 'wasm', epochs, 'limit-train': options['limit-train'] };
}

async function measure(
	captured: CapturedSpace,
	points: ChosenPoints,
	isIn: (point: number) => boolean,
): Promise<Numbers> {
	const { dimension } = captured;
	const chosen = Array.from(points.characterIndex.keys()).filter(isIn);
	const values = new Float32Array(chosen.length * dimension);
	for (const [row, point] of chosen.entries()) {
		values.set(captured.vectors.subarray(point * dimension, (point + 1) * dimension), row * dimension);
	}
	const rows = { values, count: chosen.length, dimension };
	const search = await findNeighbours(rows, purityNeighbours, { neighbours: 'exact', seed: 1 });
	let found = search.next();
	while (!found.done) found = search.next();
	const types = Int32Array.from(chosen, (point) => points.type[point]);
	const isBegin = Uint8Array.from(chosen, (point) => points.isBegin[point]);
	const labelled = { ...rows, types, typeCount: points.entityTypes.length };
	const work = measureSpace(labelled, isBegin, nearestIds(found.value, purityNeighbours));
	let next = work.next();
	while (!next.done) next = work.next();
	const { segmentation, purity } = next.value;
	return { points: chosen.length, segmentation, purity };
}

async function trainAndMeasure(corpus: string, method: Method, seed: number): Promise<Line[]> {
	const ready = await readyToStart(runOptions(corpus, method, seed));
	const { config, prepared, backend, kernels, threads } = ready;
	const { data } = prepared;
	const points = choosePoints(data.splits, data.labels, { ...defaultPointChoice, outsideShare: 0 });
	const { device } = await openDevice(backend, kernels, threads);
	const lines: Line[] = [];
	const startedAt = secondsNow();
	const last = config.stages.length - 1;
	let testF1: number | null = null;
	const run = trainRun(config, data, {
		device,
		clock: secondsNow,
		async onSnapshot({ network, stageIndex, stage, epoch, isStageBest }) {
			if (epoch > 0 && !isStageBest) return;
			const when: When = epoch === 0 ? 'init' : stageIndex === last ? 'end' : 'stage 1';
			if (when === 'stage 1' && stageIndex > 0) return; // the head alone was trained: the same representations
			const captured = await captureSpace(network, data, points, { hasPredictions: false });
			const isDev = (point: number) => points.sentences[points.sentence[point]].split === 'dev';
			const [all, dev] = [await measure(captured, points, () => true), await measure(captured, points, isDev)];
			const seconds = secondsNow() - startedAt;
			lines.push({
				corpus,
				method,
				seed,
				epochs: options.epochs,
				place: when,
				stage,
				epoch,
				all,
				dev,
				testF1: null,
				seconds,
			});
		},
	});
	try {
		for await (const event of run) {
			if (event.kind !== 'epoch-finished') continue;
			if (event.isBest && event.test?.scores) testF1 = event.test.scores.published.micro.f1;
			const seconds = Math.round(secondsNow() - startedAt);
			console.log(`${corpus} ${method} seed ${seed}: ${event.stage} epoch ${event.epoch}, ${seconds} s`);
		}
	} finally {
		device.dispose();
	}
	return lines.map((line) => (line.place === 'end' ? { ...line, testF1 } : line));
}

function readLines(file: string): Line[] {
	if (!existsSync(file)) return [];
	const lines = readFileSync(file, 'utf8').split('\n');
	return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Line);
}

async function trainAll(): Promise<void> {
	const { corpus, seeds, methods } = options;
	const out = options.out ?? join(root, `runs/space-table/${corpus}.jsonl`);
	mkdirSync(dirname(out), { recursive: true });
	for (const seed of seeds.split(',').map(Number)) {
		for (const method of methods.split(',') as Method[]) {
			const isDone = readLines(out).some(
				(line) => line.corpus === corpus && line.method === method && line.seed === seed && line.place === 'end',
			);
			if (isDone) continue;
			const lines = await trainAndMeasure(corpus, method, seed);
			appendFileSync(out, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
		}
	}
	console.log(table(readLines(out)));
}

function table(lines: readonly Line[]): string {
	const rows = [
		'| corpus | method | epoch | segmentation index | purity | on dev: index | purity | test F1 | seeds |',
		`|${'---|'.repeat(9)}`,
	];
	const names: Record<When, string> = { init: 'beginning', 'stage 1': 'after stage 1', end: 'after finetuning' };
	for (const corpus of new Set(lines.map((line) => line.corpus))) {
		for (const method of ['nerco', 'flat'] as const) {
			for (const when of Object.keys(names) as When[]) {
				const here = lines.filter((line) => line.corpus === corpus && line.method === method && line.place === when);
				if (here.length === 0) continue;
				const cell = (read: (line: Line) => number | null, digits: number) => spread(here.map(read), digits);
				rows.push(
					`| ${[
						corpus,
						method === 'nerco' ? 'NerCo' : 'FLAT',
						method === 'flat' && when === 'end' ? 'after training' : names[when],
						cell(({ all }) => all.segmentation.overall, 3),
						cell(({ all }) => percent(all.purity.overall), 1),
						cell(({ dev }) => dev.segmentation.overall, 3),
						cell(({ dev }) => percent(dev.purity.overall), 1),
						cell(({ testF1 }) => percent(testF1), 2),
						here.length,
					].join(' | ')} |`,
				);
			}
		}
	}
	return rows.join('\n');
}

const percent = (share: number | null) => (share === null ? null : 100 * share);

/** Mean ± sample standard deviation of what has a value. */
function spread(values: readonly (number | null)[], digits: number): string {
	const there = values.filter((value) => value !== null);
	if (there.length === 0) return '—';
	const mean = there.reduce((sum, value) => sum + value, 0) / there.length;
	if (there.length === 1) return mean.toFixed(digits);
	const squares = there.reduce((sum, value) => sum + (value - mean) ** 2, 0);
	return `${mean.toFixed(digits)} ± ${Math.sqrt(squares / (there.length - 1)).toFixed(digits)}`;
}

if (options.table) console.log(table(positionals.flatMap(readLines)));
else await trainAll();
