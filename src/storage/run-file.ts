// A whole run as one JSON file that people can read and the workbench imports again: settings, hashes, versions, scores,
// all that it said, and its predictions.

import type { PredictedSentence } from '../data/predicted-sentence';
import { checkConfig } from '../experiment/check-config';
import type { ExperimentConfig } from '../experiment/config';
import type { TrainingEvent } from '../experiment/events';
import { UserError } from '../util/errors';
import type { SplitPredictions } from './predictions-file';
import { hasCounts, isRecord, isTextList } from './workbench-file';
import { type RunDetail, runKind } from './workspace/run-record';

export interface WholeRun {
	name: string;
	detail: RunDetail;
	events: TrainingEvent[];
	predictions: SplitPredictions[];
}

const format = 'nerco-run';
const version = 1;

export function encodeRunFile({ name, detail, events, predictions }: WholeRun): string {
	const { config, ...rest } = detail;
	return `${JSON.stringify({ format, version, name, seed: config?.seed ?? null, config, ...rest, predictions, events })}\n`;
}

/** Throws a UserError `run-file-…` that says what is wrong, or `setting-…` for settings of another version. */
export function decodeRunFile(text: string, file: string): WholeRun {
	const parsed = parseRunJson(text, file);
	if (parsed.format !== format || parsed.version !== version) {
		const found = parsed.format === format ? `version ${String(parsed.version)}` : 'another kind of file';
		throw fileError('run-file-kind', file, `a run exported from this page (${format}, version ${version})`, found);
	}
	const { format: _, version: __, name, seed: ___, predictions, events, ...detail } = parsed;
	if (!runKind.isValid(detail)) throw fileError('run-file-damaged', file, 'the record of a run', 'something else');
	if (detail.config) checkConfig(detail.config);
	const isWhole = Array.isArray(events) && Array.isArray(predictions) && predictions.every(isPredictions);
	if (!isWhole) throw fileError('run-file-damaged', file, 'events and predictions of the run', 'something else');
	const checked = events.map((event, index) => checkEvent(event, file, index + 1));
	const resumable = null; // the state to go on from stays where it was
	return {
		name: typeof name === 'string' ? name : file,
		detail: { ...detail, resumable },
		events: checked,
		predictions,
	};
}

/** One JSON object. Throws a UserError with the place. */
export function parseRunJson(text: string, file: string, line?: number): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		if (isRecord(value)) return value;
	} catch {
		// Said below, in words that help.
	}
	throw fileError('run-file-json', file, 'a JSON object', 'something else', line);
}

/** Throws a UserError `run-file-event`. */
export function checkEvent(event: unknown, file: string, line: number): TrainingEvent {
	const isStep = isRecord(event) && event.kind === 'step';
	const isFine = isStep
		? hasCounts(event, ['epoch', 'step', 'characters']) && typeof event.loss === 'number'
		: isRecord(event) && typeof event.kind === 'string';
	if (isFine) return event as unknown as TrainingEvent;
	throw fileError('run-file-event', file, 'an event of a run', 'something else', line);
}

/** Checked settings of a result. Throws a UserError. */
export function checkedConfig(config: unknown, file: string): ExperimentConfig {
	if (!isRecord(config)) throw fileError('run-file-damaged', file, 'the settings of the run under "config"', 'none');
	checkConfig(config as unknown as ExperimentConfig);
	return config as unknown as ExperimentConfig;
}

export function fileError(code: string, file: string, expected: string, found: string, line?: number): UserError {
	const remedy = 'Choose the files of a folder written by `nerco train`, or a run exported from this page.';
	return new UserError({ code, place: { file, line }, expected, found, remedy });
}

function isPredictions(value: unknown): value is SplitPredictions {
	return (
		isRecord(value) &&
		(value.split === 'dev' || value.split === 'test') &&
		typeof value.stage === 'string' &&
		Array.isArray(value.sentences) &&
		value.sentences.every(isSentence)
	);
}

function isSentence(value: unknown): value is PredictedSentence {
	if (!isRecord(value) || !hasCounts(value, ['start']) || !hasCounts(value.ref, ['index'])) return false;
	const { characters, gold, predicted } = value;
	if (!isTextList(characters) || !isTextList(gold) || !isTextList(predicted)) return false;
	return gold.length === characters.length && predicted.length === characters.length;
}
