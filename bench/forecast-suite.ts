// The suite `forecast`: forecasts and the runs that they were for, and their ratios: the small preset for own corpora
// on the sample sentences, and published presets on a part of Weibo, one epoch a stage.

import { fileURLToPath } from 'node:url';
import { prepareInputs, readCorpora } from '../src/cli/read-inputs';
import type { PreparedData } from '../src/data/prepared';
import type { ExperimentConfig } from '../src/experiment/config';
import { presetConfig } from '../src/experiment/presets';
import { measureForecast } from '../src/training/calibrate';
import { trainRun } from '../src/training/train-run';
import { type BenchBackend, type BenchDevice, closeForms, openForms } from './bench-devices';
import type { BenchSession } from './bench-session';
import { threadMs } from './processor-time';
import type { BenchCorpus } from './step-cases';

interface ForecastCase {
	name: string;
	config: ExperimentConfig;
	data: PreparedData;
}

const tolerance = 0.25;

export async function forecastSuite(session: BenchSession): Promise<void> {
	const weibo = await session.corpus('Weibo');
	const cases = [await sampleCase()];
	if (weibo) cases.push(partOfWeibo(weibo, 'flat-weibo', 300), partOfWeibo(weibo, 'weibo', 400));
	else session.note('forecast on Weibo: skipped: no shared data');
	head();
	for (const name of session.options.backends) {
		const isEmulated = name === 'webgpu' && session.options.isGpuSlow;
		for (const item of cases) if (!session.isOver() && !isEmulated) await compare(session, name, item);
		// Bytes are the same on every adapter; the null one reports them at any size.
		for (const item of cases) if (!session.isOver() && name === 'webgpu') await compare(session, 'null', item);
		if (!isEmulated) continue;
		session.later(async () => {
			head();
			await compare(session, name, shortened(await sampleCase(), 24));
		});
	}
}

function head(): void {
	console.log(
		'\nForecast against the run\n\n| device | run | forecast s | run s | ratio | forecast MB | run MB | ratio |',
	);
	console.log(`|${' --- |'.repeat(8)}`);
}

async function compare(session: BenchSession, name: BenchBackend, { name: run, config, data }: ForecastCase) {
	const seconds = name === 'webgpu' ? () => performance.now() / 1000 : () => threadMs() / 1000;
	const [first] = await openForms(name, ['fused']);
	const forecast = await measureForecast(config, data, { device: first.device, clock: seconds });
	closeForms([first]);
	const [form] = await openForms(name, ['fused']);
	const startedAt = seconds();
	for await (const event of trainRun(config, data, { device: form.device, clock: seconds }))
		if (event.kind === 'finished' && event.reason !== 'completed') session.note(`${run}: ${event.message}`);
	const measured = seconds() - startedAt;
	const bytes = maxBytes(form);
	closeForms([form]);
	const ratios = { seconds: forecast.seconds / measured, bytes: forecast.bytesPeak / bytes };
	const time = form.isNull ? ['-', '-', '-'] : inWords([forecast.seconds, measured, ratios.seconds]);
	const memory = inWords([forecast.bytesPeak / 1e6, bytes / 1e6, ratios.bytes]);
	console.log(`| ${[`${form.adapter}, ${form.kernels}`, run, ...time, ...memory].join(' | ')} |`);
	for (const [what, ratio] of Object.entries(ratios))
		if (!(form.isNull && what === 'seconds'))
			session.ratio(`${name}, ${run}: ${what} forecast and needed, the larger over the smaller`, distance(ratio), {
				atMost: 1 + tolerance,
			});
}

function distance(ratio: number): number {
	return Math.max(ratio, 1 / ratio);
}

function maxBytes({ device }: BenchDevice): number {
	const memory = device.memory();
	return memory.peakBytes ?? memory.bytes;
}

function inWords(numbers: readonly number[]): string[] {
	return numbers.map((number) => number.toPrecision(3));
}

async function sampleCase(): Promise<ForecastCase> {
	const path = (name: string) => fileURLToPath(new URL(`../public/smoke/${name}`, import.meta.url));
	const paths = {
		train: path('train.conll'),
		dev: path('dev.conll'),
		test: path('test.conll'),
		lexicon: path('lexicon.txt'),
	};
	const config = oneEpoch(presetConfig('sample'));
	const { data } = await prepareInputs(paths, await readCorpora(paths, config), config);
	return { name: '`sample` on the sample sentences', config, data };
}

function partOfWeibo({ data }: BenchCorpus, preset: string, sentences: number): ForecastCase {
	const whole = { name: `\`${preset}\` on Weibo`, config: oneEpoch(presetConfig(preset)), data };
	return shortened(whole, sentences);
}

function shortened({ name, config, data }: ForecastCase, sentences: number): ForecastCase {
	const { train, dev, test } = data.splits;
	const evaluated = Math.ceil(sentences / 4);
	const splits = { train: train.slice(0, sentences), dev: dev.slice(0, evaluated), test: test.slice(0, evaluated) };
	return { name: `${name}, ${splits.train.length} sentences`, config, data: { ...data, splits } };
}

function oneEpoch(config: ExperimentConfig): ExperimentConfig {
	return { ...config, stages: config.stages.map((stage) => ({ ...stage, stopAfter: 1 })) };
}
