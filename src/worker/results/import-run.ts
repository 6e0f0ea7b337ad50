// A run from files: the folder that the headless command wrote, or one that was exported. Everything is read and checked
// before anything is kept.

import { resultsOfEvents, splitResults } from '../../analysis/run-results';
import type { TrainingEvent } from '../../experiment/events';
import { type Checkpoint, decodeCheckpoint } from '../../storage/checkpoint';
import { decodePredictions, encodePredictions, type SplitPredictions } from '../../storage/predictions-file';
import {
	checkEvent,
	checkedConfig,
	decodeRunFile,
	fileError,
	parseRunJson,
	readFormat,
	resultFormat,
	type WholeRun,
} from '../../storage/run-file';
import { isRecord } from '../../storage/workbench-file';
import { checkpointPart, describeCheckpoint } from '../../storage/workspace/checkpoint-record';
import type { ItemOf } from '../../storage/workspace/item-kinds';
import { encodeLog } from '../../storage/workspace/run-log';
import { freshRunDetail, noStoredInput, predictionsPart, type RunDetail } from '../../storage/workspace/run-record';
import type { SourceFile } from '../../wire/source-file';
import { logPieceName } from '../runs/run-record-changes';
import type { WorkerContext } from '../worker-context';

interface ReadFolder extends WholeRun {
	/** Its model, where the folder has one. */
	model: { bytes: Uint8Array; checkpoint: Checkpoint } | null;
}

/** Throws a UserError `run-file-…`, or that of a damaged file among them. */
export async function importRun(
	{ workspace, newId, nowMs }: WorkerContext,
	{ files, name }: { files: readonly SourceFile[]; name?: string },
): Promise<ItemOf<'run'>> {
	const whole = await readRunFiles(files);
	const id = newId();
	const { detail, events, predictions, model } = whole;
	const parts: Record<string, Uint8Array> = {};
	if (events.length > 0) parts[logPieceName(0)] = encodeLog(events, 0);
	for (const one of predictions) parts[predictionsPart(one.split)] = encodePredictions(one);
	const item = await (await workspace()).create({
		kind: 'run',
		id,
		name: name ?? whole.name,
		detail: { ...detail, logEvents: events.length },
		parts,
		nowMs: nowMs(),
	});
	if (model) {
		await (await workspace()).create({
			kind: 'checkpoint',
			id,
			name: item.name,
			detail: describeCheckpoint(model.checkpoint, id),
			parts: { [checkpointPart]: model.bytes },
			nowMs: nowMs(),
		});
	}
	return item;
}

async function readRunFiles(files: readonly SourceFile[]): Promise<ReadFolder> {
	const named = (name: string) => files.find((file) => baseName(file.name) === name);
	const result = named('result.json');
	if (result) return readFolder(result, named);
	const single = files.find(({ name }) => /\.json$/i.test(name));
	if (single) return { ...decodeRunFile(await single.content.text(), single.name), model: null };
	const found = files.length === 0 ? 'no file' : files.map(({ name }) => baseName(name)).join(', ');
	throw fileError('run-file-missing', '', 'result.json and metrics.jsonl of a run', found);
}

async function readFolder(
	resultFile: SourceFile,
	named: (name: string) => SourceFile | undefined,
): Promise<ReadFolder> {
	const file = baseName(resultFile.name);
	const result = readFormat(parseRunJson(await resultFile.content.text(), file), resultFormat, file);
	const config = checkedConfig(result.config, file);
	const metrics = named('metrics.jsonl');
	if (!metrics) throw fileError('run-file-missing', file, 'metrics.jsonl beside it', 'none');
	const events = readEvents(await metrics.content.text(), baseName(metrics.name));
	const predictions: SplitPredictions[] = [];
	for (const split of ['dev', 'test'] as const) {
		const kept = named(`predictions-${split}.safetensors`);
		if (kept) predictions.push(decodePredictions(await bytesOf(kept), baseName(kept.name)));
	}
	const model = named('model.safetensors');
	const bytes = model && (await bytesOf(model));
	return {
		name: nameOf(resultFile.name, `${config.preset} ${config.seed}`),
		detail: { ...detailOf(result, events), config, ...resultsOf(predictions, events) },
		events,
		predictions,
		model: bytes ? { bytes, checkpoint: decodeCheckpoint(bytes, baseName(model.name)) } : null,
	};
}

function readEvents(text: string, file: string): TrainingEvent[] {
	return text.split('\n').flatMap((line, index) => {
		if (line.trim() === '') return [];
		return [checkEvent(parseRunJson(line, file, index + 1), file, index + 1)];
	});
}

/** What the record of a run in this browser would say. */
function detailOf(result: Record<string, unknown>, events: readonly TrainingEvent[]): RunDetail {
	const finished = events.findLast((event) => event.kind === 'finished');
	const started = events.findLast((event) => event.kind === 'run-started');
	const inputs = isRecord(result.data) ? Object.entries(result.data) : [];
	const fieldOf = (name: string) =>
		Object.fromEntries(
			inputs.flatMap(([role, value]) => {
				const field = isRecord(value) ? value[name] : undefined;
				return typeof field === 'string' ? [[role, field]] : [];
			}),
		);
	return {
		...freshRunDetail(noStoredInput),
		state: finished?.reason ?? 'stopped',
		dataHashes: fieldOf('sha256'),
		inputNames: fieldOf('file'),
		versions: isRecord(result.versions) ? textsOf(result.versions) : {},
		deviceName: started?.device.label ?? '',
		stages: finished?.stages ?? [],
		epochCount: events.filter((event) => event.kind === 'epoch-finished').length,
		seconds: finished?.seconds ?? 0,
	};
}

/** From the predictions where they are there, else as the run reported them. */
function resultsOf(
	predictions: readonly SplitPredictions[],
	events: readonly TrainingEvent[],
): Pick<RunDetail, 'results' | 'devF1' | 'testF1'> {
	const reported = resultsOfEvents(events);
	const ofSplit = (split: 'dev' | 'test') => {
		const kept = predictions.find((one) => one.split === split);
		return kept ? splitResults(kept.sentences) : (reported?.[split] ?? null);
	};
	const [dev, test] = [ofSplit('dev'), ofSplit('test')];
	const { stage, epoch } = predictions[0] ?? reported ?? { stage: '', epoch: 0 };
	const f1Of = (split: typeof dev) => split?.scores.published.micro.f1 ?? null;
	return { results: dev || test ? { stage, epoch, dev, test } : null, devF1: f1Of(dev), testF1: f1Of(test) };
}

function textsOf(values: Record<string, unknown>): Record<string, string> {
	return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

async function bytesOf({ content }: SourceFile): Promise<Uint8Array<ArrayBuffer>> {
	return new Uint8Array(await content.arrayBuffer());
}

function baseName(path: string): string {
	return path.split(/[\\/]/).at(-1) ?? path;
}

/** The folder that the file lies in, where its name says so. */
function nameOf(path: string, otherwise: string): string {
	return path.split(/[\\/]/).at(-2) || otherwise;
}
