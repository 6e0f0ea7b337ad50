// `npm run match -- REFERENCE.json RUN...`: the curve of a reference run beside those of our runs (folders written by
// `npm run nerco -- train`), epoch by epoch, and the means of the last ten epochs, as Markdown.
// REFERENCE.json has the layout {epochs: [{epoch, dev: {f} or {loss}, test: {f} or {loss}}]} (published program's logs).
// `--stage NAME` picks a stage of our runs; the last one when not given.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

interface Point {
	epoch: number;
	dev: number;
	test: number;
}

interface Run {
	label: string;
	points: Point[];
}

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { stage: { type: 'string' }, every: { type: 'string', default: '1' } },
});
const [referenceFile, ...folders] = positionals;
if (!referenceFile || folders.length === 0) {
	console.error('usage: npm run match -- REFERENCE.json RUN_FOLDER... [--stage NAME] [--every N]');
	process.exit(2);
}

// biome-ignore lint/suspicious/noExplicitAny: JSON files
const readJson = (path: string): any => JSON.parse(readFileSync(path, 'utf8'));

function readReference(path: string): Run {
	const { epochs } = readJson(path) as {
		epochs: { epoch: number; dev: Record<string, number>; test: Record<string, number> }[];
	};
	const measure = (split: Record<string, number>) => (split.f === undefined ? split.loss : 100 * split.f);
	return {
		label: 'reference',
		points: epochs.map(({ epoch, dev, test }) => ({ epoch, dev: measure(dev), test: measure(test) })),
	};
}

function readRun(folder: string): Run {
	const result = readJson(join(folder, 'result.json'));
	const stage = values.stage ?? result.epochs.at(-1).stage;
	const measure = (split: { f1?: number; loss: number } | null) =>
		split === null ? Number.NaN : split.f1 === undefined ? split.loss : 100 * split.f1;
	const epochs = result.epochs.filter((epoch: { stage: string }) => epoch.stage === stage);
	return {
		label: `seed ${result.seed} (${basename(folder)})`,
		points: epochs.map((epoch: { epoch: number; dev: never; test: never }) => ({
			epoch: epoch.epoch,
			dev: measure(epoch.dev),
			test: measure(epoch.test),
		})),
	};
}

const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const deviation = (numbers: number[]) =>
	Math.sqrt(numbers.reduce((sum, number) => sum + (number - mean(numbers)) ** 2, 0) / Math.max(1, numbers.length - 1));
const plateau = (run: Run, split: 'dev' | 'test') => mean(run.points.slice(-10).map((point) => point[split]));
const format = (number: number | undefined) => (number === undefined ? '' : number.toFixed(1));

const reference = readReference(referenceFile);
const runs = folders.map(readRun);
const all = [reference, ...runs];

console.log(`| epoch | ${all.map(({ label }) => `${label}: dev / test`).join(' | ')} |`);
console.log(`|---|${all.map(() => '---').join('|')}|`);
const length = Math.max(...all.map(({ points }) => points.length));
for (let epoch = 1; epoch <= length; epoch++) {
	if (epoch % Number(values.every) !== 0 && epoch !== 1) continue;
	const cells = all.map(({ points }) => points.find((point) => point.epoch === epoch));
	console.log(`| ${epoch} | ${cells.map((point) => `${format(point?.dev)} / ${format(point?.test)}`).join(' | ')} |`);
}
console.log(
	`| last ten | ${all.map((run) => `${format(plateau(run, 'dev'))} / ${format(plateau(run, 'test'))}`).join(' | ')} |`,
);
console.log('');
for (const split of ['dev', 'test'] as const) {
	const ours = runs.map((run) => plateau(run, split));
	const difference = mean(ours) - plateau(reference, split);
	console.log(
		`${split}, mean of the last ten epochs: reference ${plateau(reference, split).toFixed(2)}, ours ${mean(ours).toFixed(2)} ` +
			`± ${deviation(ours).toFixed(2)} over ${ours.length} seeds, difference ${difference.toFixed(2)}`,
	);
}
