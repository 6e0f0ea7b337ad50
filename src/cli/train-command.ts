// `nerco train`: from files to a run folder. The folder is held by a lock before anything is read; a run begins in it only
// when everything is read and checked. With `--resume` the command may be repeated until the run has finished.

import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type EvaluatedSplit, evaluatedSplits, predictedSentences } from '../data/predicted-sentence';
import type { FinishReason, TrainingEvent } from '../experiment/events';
import { presets } from '../experiment/presets';
import { currentEvent } from '../experiment/read-event';
import { failureEvent } from '../experiment/run-failure';
import type { LiveState } from '../experiment/run-state';
import { lossWarning, SaveClock } from '../experiment/save-clock';
import { checkpointParts } from '../storage/checkpoint';
import { FeatureFile } from '../storage/node/feature-file';
import { readFileBytes } from '../storage/node/files';
import { type HeldOutput, holdFolder } from '../storage/node/held-output';
import { RunFolder } from '../storage/node/run-folder';
import { encodePredictions } from '../storage/predictions-file';
import { decodeResumeState, resumeStateParts } from '../storage/resume-state';
import { checkpointOf, type ModelState } from '../training/run-checkpoint';
import { trainRun } from '../training/train-run';
import { exitCodes, readOptions, required } from './command-line';
import { lockOptions } from './lock-options';
import { openDevice } from './open-device';
import { Progress, type ProgressOutput } from './progress';
import { networkBert, type PreparedInputs } from './read-inputs';
import { hashesOf, type ReadyRun, readyToStart } from './ready-run';
import { composeResult } from './result-file';
import { readyToRepeat } from './resume-run';
import { runOptions, runUsage } from './run-options';
import { secondsNow } from './seconds-now';
import { SnapshotLog } from './snapshot-log';
import { stopGently } from './stop-signals';
import { continueUnread, printLines } from './terminal';
import { versionsOf } from './versions';

export const trainUsage = `nerco train --preset NAME --train FILE --dev FILE [--test FILE] --out FOLDER
${runUsage}
  --out FOLDER           output folder: metrics.jsonl, result.json, model.safetensors, predictions-dev.safetensors, predictions-test.safetensors
  --frames               measure the representations at the start, after each epoch and at the end of each stage: frames.jsonl
  --resume               resume the run in --out; does nothing if it has finished, and starts it if there is none.
                         The same command can be repeated; settings or inputs that differ from the run's are refused.
  Exit codes: 0 done, 1 failed, 2 wrong command line, 75 another process is writing to this folder, 130 stopped by Ctrl-C,
  SIGTERM or SIGHUP (the state is saved). Under nohup SIGHUP is ignored.

Presets:
${presets.map(({ name, title }) => `  ${name.padEnd(23)}${title.en}`).join('\n')}`;

const trainOptions = {
	...runOptions,
	out: { type: 'string' },
	resume: { type: 'boolean' },
	frames: { type: 'boolean' },
} as const;

export async function trainCommand(args: readonly string[]): Promise<number> {
	const { out: folder, resume, frames, ...options } = readOptions(args, trainOptions);
	const out = resolve(required(folder, 'out', 'the output folder'));
	continueUnread();
	const held = await holdFolder(out, lockOptions);
	try {
		if (!resume) await RunFolder.requireFree(out); // before large files are read; it is asked again when the run begins
		const ready = resume ? await readyToRepeat(out, options) : await readyToStart(options);
		if (ready !== 'finished') return await run(ready, out, held, frames === true);
		printLines(`${out}: this run has already finished; nothing was done`);
		return exitCodes.done;
	} finally {
		held.release();
	}
}

async function run(ready: ReadyRun, out: string, held: HeldOutput, hasFrames: boolean): Promise<number> {
	const { config, paths, prepared, resumeFrom } = ready;
	const { device, findings } = await openDevice(ready.backend, ready.kernels, ready.threads);
	const progress = new Progress(terminalOutput(), secondsNow);
	const folder = resumeFrom ? await RunFolder.goOn(out, resumeFrom.position.eventCount) : await RunFolder.begin(out);
	const events: TrainingEvent[] = resumeFrom ? await loggedEvents(out) : [];
	const snapshots = hasFrames ? await SnapshotLog.open(out, prepared.data, resumeFrom) : null;
	const stop = stopGently(() => progress.line('stopping after the current step …'));
	const notes = { paths: JSON.stringify(paths), backend: device.info.name, kernels: ready.kernels };
	const dataHashes = hashesOf(prepared);
	const featureStore = new FeatureFile();
	const saves = new SaveClock(() => secondsNow() * 1000);
	let lastState: LiveState | undefined;
	const writeResult = () => {
		const { inputs: data, preparation } = prepared;
		const versions = versionsOf(device.info);
		return folder.writeResult(composeResult({ config, events, data, preparation, device: device.info, versions }));
	};
	try {
		for (const message of [...findings, ...prepared.warnings]) progress.line(`note: ${message}`);
		const saveState = async (state: LiveState) => {
			const isLast = stop.signal.aborted || state.position.stageIndex === config.stages.length;
			if (saves.isTooSoon && !isLast) return;
			lastState = state;
			held.requireHeld();
			saves.saved();
			await folder.writeResume(resumeStateParts({ config, dataHashes, notes, state }));
			saves.done();
		};
		const run = trainRun(config, prepared.data, {
			device,
			clock: secondsNow,
			signal: stop.signal,
			breathe: () => setImmediate(),
			resumeFrom,
			bert: networkBert(prepared),
			featureStore,
			saveState,
			isStateDue: (at) => saves.isDue(at),
			notices: () => [saves.minutesToTell()].flatMap((minutes) => (minutes === null ? [] : lossWarning(minutes))),
			keepPredictions: (tags, position) => writePredictions(folder, prepared, tags, position),
			onSnapshot: snapshots ? (snapshot) => snapshots.add(snapshot) : undefined,
		});
		for await (const event of run) {
			events.push(event);
			await folder.appendEvent(event);
			progress.take(event);
		}
		const last = events[events.length - 1];
		const reason = last.kind === 'finished' ? last.reason : 'stopped';
		const versions = versionsOf(device.info);
		held.requireHeld();
		if (lastState) {
			const state = await modelState(lastState, reason, out);
			const checkpoint = checkpointOf({ config, data: prepared.data, state, events, dataHashes, versions });
			await folder.writeModel(checkpointParts(checkpoint));
		}
		await writeResult();
		if (reason === 'completed') await folder.removeResume();
		if (reason === 'stopped') progress.line(`resume with: nerco train --resume --out ${out}`);
		return { completed: exitCodes.done, stopped: exitCodes.stopped }[reason as string] ?? exitCodes.failed;
	} catch (error) {
		held.requireHeld();
		// The folder says how the run ended as any other end, if the disk has room for it; the error itself is told in any case.
		const failed = failureEvent(error, {
			stages: lastState?.position.stages ?? [],
			seconds: lastState?.position.seconds ?? 0,
		});
		events.push(failed);
		await folder.appendEvent(failed).then(writeResult, () => {});
		throw error;
	} finally {
		stop.release();
		await featureStore.close();
		await folder.close();
		device.dispose();
	}
}

/** A run that went wrong has the parameters of its last saved state in its folder alone: the device's are no use. */
async function modelState(state: LiveState, reason: FinishReason, out: string): Promise<ModelState> {
	const { position, bestParameters, size } = state;
	if (bestParameters) return { position, bestParameters, parameters: bestParameters };
	const isIntact = reason === 'completed' || reason === 'stopped';
	const parameters = isIntact
		? await state.readParameters({ start: 0, end: size })
		: decodeResumeState(await RunFolder.readResume(out)).state.parameters;
	return { position, bestParameters, parameters };
}

async function writePredictions(
	folder: RunFolder,
	{ data, evaluated }: PreparedInputs,
	tags: Record<EvaluatedSplit, Int32Array[]>,
	position: { stage: string; epoch: number },
): Promise<void> {
	const sentences = predictedSentences(data, evaluated, tags);
	for (const split of evaluatedSplits) {
		await folder.writePredictions(split, encodePredictions({ split, ...position, sentences: sentences[split] }));
	}
}

async function loggedEvents(out: string): Promise<TrainingEvent[]> {
	const text = new TextDecoder().decode(await readFileBytes(`${out}/metrics.jsonl`));
	return text
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => currentEvent(JSON.parse(line)));
}

function terminalOutput(): ProgressOutput {
	return {
		isTerminal: process.stdout.isTTY === true,
		columns: process.stdout.columns || 80, // 0 where a terminal does not say
		write: (text) => process.stdout.write(text),
	};
}
