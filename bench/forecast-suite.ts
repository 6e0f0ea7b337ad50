// The suite `forecast`: a forecast and the run that it was for, one epoch a stage on part of Weibo, and their ratio.

import { presetConfig } from '../src/experiment/presets';
import { measureForecast } from '../src/training/calibrate';
import { trainRun } from '../src/training/train-run';
import { openForms } from './bench-devices';
import type { BenchSession } from './bench-session';
import { threadMs } from './processor-time';

const trainSentences = 400;
const evaluatedSentences = 100;

export async function forecastSuite(session: BenchSession): Promise<void> {
	console.log('\nForecast against the run\n\n| device | forecast s | run s | ratio | forecast MB | run MB | ratio |');
	console.log('| --- | --- | --- | --- | --- | --- | --- |');
	const corpus = await session.corpus('Weibo');
	if (!corpus) {
		session.note('forecast: skipped: no shared data');
		return;
	}
	const { train, dev, test } = corpus.data.splits;
	const splits = {
		train: train.slice(0, trainSentences),
		dev: dev.slice(0, evaluatedSentences),
		test: test.slice(0, evaluatedSentences),
	};
	const data = { ...corpus.data, splits };
	const draft = presetConfig('weibo');
	const config = { ...draft, stages: draft.stages.map((stage) => ({ ...stage, stopAfter: 1 })) };
	for (const name of session.options.backends) {
		for (const form of await openForms(name)) {
			const { device, adapter, kernels, isSlow } = form;
			if (session.isOver() || (isSlow && !session.options.isFull)) {
				device.dispose();
				continue;
			}
			const seconds = name === 'webgpu' ? () => performance.now() / 1000 : () => threadMs() / 1000;
			const forecast = await measureForecast(config, data, { device, clock: seconds });
			device.dispose();
			const fresh = (await openForms(name)).find((other) => other.kernels === kernels);
			if (!fresh) continue;
			const startedAt = seconds();
			for await (const event of trainRun(config, data, { device: fresh.device, clock: seconds })) {
				if (event.kind === 'finished' && event.reason !== 'completed') session.note(event.message);
			}
			const measured = seconds() - startedAt;
			const memory = fresh.device.memory();
			const bytes = memory.peakBytes ?? memory.bytes;
			fresh.device.dispose();
			const cells = [
				...[forecast.seconds, measured, forecast.seconds / measured],
				...[forecast.bytesPeak / 1e6, bytes / 1e6, forecast.bytesPeak / bytes],
			];
			console.log(`| ${adapter}, ${kernels} | ${cells.map((cell) => cell.toPrecision(3)).join(' | ')} |`);
		}
	}
}
