import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunForecast } from '../../experiment/run-forecast';
import { errorCodeOfAsync } from '../../testing/error-code';
import { presetRun } from '../../testing/run-requests';
import { connectTiny, type TinyWire } from '../../testing/tiny-wire';
import { freshIndexedDB } from '../../testing/tiny-workspace';
import { Forecaster, type ForecastMeans } from './forecaster';

let wire: TinyWire;
beforeEach(async () => {
	freshIndexedDB();
	wire = connectTiny();
	const text = '李 B-PER\n明 I-PER\n来 O\n\n';
	const file = (split: string) => ({ name: `${split}.conll`, content: new Blob([text]) });
	await wire.client.ask('import-corpus', { task: 'i', files: [file('train'), file('dev')], name: 'a', id: 'a' });
});
afterEach(() => wire.close());

const request = presetRun('a', { seed: null });
const forecast: RunForecast = { stages: [], seconds: 12, bytesPeak: 34 };

function forecasterWith(measure: ForecastMeans['measure']) {
	const forecaster = new Forecaster(wire.context, { measure });
	return { forecaster, ask: (task: string) => forecaster.handlers()['forecast-run']({ task, request }) };
}

test('a forecast tells what was measured, and facts of the data that the run would read', async () => {
	const { ask } = forecasterWith(async (config) => {
		expect(config.preset).toBe('smoke');
		return { forecast, parameterCount: 10 };
	});
	expect(await ask('t')).toEqual({
		forecast,
		longestNodes: 3,
		sentences: { train: 1, dev: 1, test: 1 },
		parameterCount: 10,
		checkpointBytes: 40,
	});
});

test('a forecast gives way at once to whoever needs the device', async () => {
	let isFree = true;
	const { forecaster, ask } = forecasterWith(async (_config, _data, report) => {
		isFree = false;
		try {
			for (;;) await report(0.5);
		} finally {
			isFree = true;
		}
	});
	const code = errorCodeOfAsync(() => ask('t'));
	while (isFree) await new Promise((resolve) => setTimeout(resolve, 1));
	await forecaster.yieldDevice();
	expect(isFree).toBe(true);
	expect(await code).toBe('task-cancelled');
});

test('a new forecast ends the one before', async () => {
	let count = 0;
	const { ask } = forecasterWith(async (_config, _data, report) => {
		if (count++ === 0) for (;;) await report(0);
		return { forecast, parameterCount: 1 };
	});
	const first = errorCodeOfAsync(() => ask('first'));
	while (count === 0) await new Promise((resolve) => setTimeout(resolve, 1));
	expect((await ask('second')).forecast).toEqual(forecast);
	expect(await first).toBe('task-cancelled');
});
