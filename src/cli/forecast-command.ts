// `nerco forecast`: what `nerco train` with the same options will cost, from a few steps measured on the device at hand.

import { setImmediate } from 'node:timers/promises';
import type { DeviceInfo } from '../experiment/device-info';
import type { RunForecast } from '../experiment/run-forecast';
import { measureForecast } from '../training/calibrate';
import { exitCodes, readOptions } from './command-line';
import { openDevice } from './open-device';
import { formatSeconds } from './progress';
import { networkBert } from './read-inputs';
import { readyToStart } from './ready-run';
import { runOptions, runUsage } from './run-options';
import { secondsNow } from './seconds-now';
import { printJson, printLines, printNotes } from './terminal';

export const forecastUsage = `nerco forecast --preset NAME --train FILE --dev FILE [--test FILE]
${runUsage}
  --json                 print one JSON object
  Runs a few steps and estimates time and memory of 'nerco train' with the same options, assuming that no stage stops
  early. Other programs on the machine slow down both the estimate and the run.`;

export async function forecastCommand(args: readonly string[]): Promise<number> {
	const { json, ...options } = readOptions(args, { ...runOptions, json: { type: 'boolean' } });
	const { config, prepared, backend, kernels, threads } = await readyToStart(options);
	const { device, findings } = await openDevice(backend, kernels, threads);
	try {
		for (const message of [...findings, ...prepared.warnings]) printNotes(`note: ${message}`);
		const forecast = await measureForecast(config, prepared.data, {
			device,
			clock: secondsNow,
			bert: networkBert(prepared),
			report: () => setImmediate(), // hears a signal
		});
		if (json) printJson({ preset: config.preset, device: device.info, ...forecast });
		else printLines(...forecastTable(forecast, device.info));
	} finally {
		device.dispose();
	}
	return exitCodes.done;
}

function forecastTable({ stages, seconds, bytesPeak }: RunForecast, { label }: DeviceInfo): string[] {
	const lines = stages.map((stage) => {
		const { trainSecondsPerEpoch: train, evaluationSecondsPerEpoch: evaluation } = stage;
		return (
			`stage ${stage.stage}: up to ${stage.epochs} epochs of ${stage.stepsPerEpoch} steps; ` +
			`${formatSeconds(train)} per epoch and ${formatSeconds(evaluation)} to evaluate; ` +
			`${formatSeconds(stage.seconds)} in total, ${megabytes(stage.bytesPeak)}`
		);
	});
	return [`on ${label}`, ...lines, `up to ${formatSeconds(seconds)} and ${megabytes(bytesPeak)} on the device`];
}

function megabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(0)} MB`;
}
