// A whole run as one JSON file that people can read and the workbench imports again: settings, hashes, versions, scores,
// all that it said, and its predictions.

import type { PredictedSentence } from '../data/predicted-sentence';
import type { ExperimentConfig } from '../experiment/config';
import { readConfig } from '../experiment/config-versions';
import type { TrainingEvent } from '../experiment/events';
import { currentEvent } from '../experiment/read-event';
import { UserError } from '../util/errors';
import { isVersion, type JsonObject, type Migration, migrated, unknownVersion, versionOf } from '../util/migrations';
import type { SplitPredictions } from './predictions-file';
import { hasCounts, isRecord, isTextList } from './workbench-file';
import { type RunDetail, runKind } from './workspace/run-record';

export interface WholeRun {
	name: string;
	detail: RunDetail;
	events: TrainingEvent[];
	predictions: SplitPredictions[];
}

/** A JSON file that names its format and version. */
export interface JsonFormat {
	name: string;
	words: string;
	/** The first makes version 2 of version 1. */
	migrations: readonly Migration[];
}

const runFormat: JsonFormat = { name: 'nerco-run', words: 'a run exported from this page', migrations: [] };
/** `result.json` of `nerco train`. */
export const resultFormat: JsonFormat = { name: 'nerco-result', words: 'a result of `nerco train`', migrations: [] };

export function encodeRunFile({ name, detail, events, predictions }: WholeRun): string {
	const { config, ...rest } = detail;
	const format = runFormat.name;
	const version = versionOf(runFormat.migrations);
	// The record in it has a version of its own.
	const record = versionOf(runKind.migrations);
	return `${JSON.stringify({ format, version, record, name, seed: config?.seed ?? null, config, ...rest, predictions, events })}\n`;
}

/** Throws a UserError `run-file-…` that says what is wrong, or `setting-…` for settings of another version. */
export function decodeRunFile(text: string, file: string): WholeRun {
	const parsed = readFormat(parseRunJson(text, file), runFormat, file);
	const { record = firstRecordVersion, name, seed: _, predictions, events, ...rest } = parsed;
	const detail = detailOf(rest, record, file);
	const isWhole = Array.isArray(events) && Array.isArray(predictions) && predictions.every(isPredictions);
	if (!isWhole) throw fileError('run-file-damaged', file, 'events and predictions of the run', 'something else');
	const checked = events.map((event, index) => checkEvent(event, file, index + 1));
	// The state to resume from stays where it was: here the run has stopped.
	const end = detail.state === 'running' || detail.state === 'paused' ? ({ state: 'stopped' } as const) : {};
	return {
		name: typeof name === 'string' ? name : file,
		detail: { ...detail, ...end, saveFailure: null, resumable: null },
		events: checked,
		predictions,
	};
}

/** Run files of version 0.1.0 do not name the version of their record. */
const firstRecordVersion = 3;

function detailOf(stored: JsonObject, version: unknown, file: string): RunDetail {
	const { migrations, readInner, isValid } = runKind;
	const current = versionOf(migrations);
	if (!isVersion(version) || version > current) {
		throw unknownVersion(
			{ code: 'run-file-version', words: 'the record of a run', location: { file } },
			version,
			current,
		);
	}
	const moved = migrated(stored, version, migrations);
	const detail = placed(file, () => readInner?.(moved) ?? moved);
	if (!isValid(detail)) throw fileError('run-file-damaged', file, 'the record of a run', 'something else');
	return detail;
}

/** The content of a JSON file in the current version of its format, without format and version. */
export function readFormat(parsed: JsonObject, { name, words, migrations }: JsonFormat, file: string): JsonObject {
	const { format, version, ...content } = parsed;
	const current = versionOf(migrations);
	if (format !== name) throw fileError('run-file-kind', file, `${words} (${name})`, 'another kind of file');
	if (isVersion(version) && version <= current) return migrated(content, version, migrations);
	throw unknownVersion({ code: 'run-file-version', words, location: { file } }, version, current);
}

/** One JSON object. Throws a UserError with the location. */
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
	if (isRecord(event) && isEvent(event)) return placed(file, () => currentEvent(event), line);
	throw fileError('run-file-event', file, 'an event of a run', 'something else', line);
}

function isEvent(event: JsonObject): boolean {
	if (event.kind !== 'step') return typeof event.kind === 'string';
	return hasCounts(event, ['epoch', 'step', 'characters']) && typeof event.loss === 'number';
}

/** Checked settings of a result. Throws a UserError. */
export function checkedConfig(config: unknown, file: string): ExperimentConfig {
	if (!isRecord(config)) throw fileError('run-file-damaged', file, 'the settings of the run under "config"', 'none');
	return placed(file, () => readConfig(config));
}

/** What the work throws, with the file named. */
function placed<Result>(file: string, work: () => Result, line?: number): Result {
	try {
		return work();
	} catch (error) {
		if (!(error instanceof UserError) || error.location.file !== undefined) throw error;
		const { code, expected, found, remedy } = error;
		throw new UserError({ code, location: { file, line }, expected, found, remedy });
	}
}

export function fileError(code: string, file: string, expected: string, found: string, line?: number): UserError {
	const remedy = 'Choose the files of a folder written by `nerco train`, or a run exported from this page.';
	return new UserError({ code, location: { file, line }, expected, found, remedy });
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
