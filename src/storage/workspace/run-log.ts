// The log of a run in the browser, in pieces that are only ever added. Several pieces joined give all events in their order
// again; pieces of earlier versions are brought up to date when they are read.

import type { TrainingEvent } from '../../experiment/events';
import { currentEvent } from '../../experiment/read-event';
import type { JsonObject } from '../../util/migrations';
import { storageError } from '../storage-error';
import { readDoubles, readFloats, readIntegers, type StoredTensor, storeNumbers } from '../stored-tensor';
import {
	decodeWorkbenchFile,
	encodeWorkbenchFile,
	type FileKind,
	hasCounts,
	isRecord,
	isTextList,
} from '../workbench-file';
import type { OtherEvent, RunLog, StepColumns, StepEvent } from './run-log-columns';

const fileKind: FileKind = { name: 'run-log', migrations: [], words: 'a piece of the log of a run' };
const integerColumns = ['epoch', 'step', 'characters', 'place'] as const;
const floatColumns = ['learningRate', 'seconds'] as const;

/** `firstPlace` is the place of the first event. Learning rates and seconds are kept as float32, losses whole. */
export function encodeLog(events: readonly TrainingEvent[], firstPlace: number): Uint8Array<ArrayBuffer> {
	const log = columnsOf(events, firstPlace);
	const { steps, others } = log;
	const column = (values: Parameters<typeof storeNumbers>[0]): StoredTensor => storeNumbers(values, [values.length]);
	const tensors: [string, StoredTensor][] = [
		['loss', column(steps.loss)],
		...integerColumns.map((name): [string, StoredTensor] => [name, column(steps[name])]),
		...floatColumns.map((name): [string, StoredTensor] => [name, column(steps[name])]),
		['stage', column(steps.stage)],
	];
	return encodeWorkbenchFile(fileKind, { stages: steps.stages, others }, tensors);
}

function columnsOf(events: readonly TrainingEvent[], firstPlace: number): RunLog {
	const placed = events.map((event, index) => ({ event, place: firstPlace + index }));
	const isStep = (item: { event: TrainingEvent; place: number }): item is { event: StepEvent; place: number } =>
		item.event.kind === 'step';
	const steps = placed.filter(isStep);
	const stages = [...new Set(steps.map(({ event }) => event.stage))];
	return {
		steps: {
			stages,
			stage: Uint8Array.from(steps, ({ event }) => stages.indexOf(event.stage)),
			epoch: Int32Array.from(steps, ({ event }) => event.epoch),
			step: Int32Array.from(steps, ({ event }) => event.step),
			loss: Float64Array.from(steps, ({ event }) => event.loss),
			learningRate: Float32Array.from(steps, ({ event }) => event.learningRate),
			characters: Int32Array.from(steps, ({ event }) => event.characters),
			seconds: Float32Array.from(steps, ({ event }) => event.seconds),
			place: Int32Array.from(steps, ({ place }) => place),
		},
		others: placed.filter((item): item is { event: OtherEvent; place: number } => item.event.kind !== 'step'),
	};
}

/** Throws a UserError when the bytes are damaged or of another kind. */
export function decodeLog(bytes: Uint8Array): RunLog {
	const stored = decodeWorkbenchFile(bytes, fileKind);
	const others = stored.record('others', isOtherList, 'events');
	const stages = stored.record('stages', isTextList, 'names of stages');
	const length = stored.tensors.get('loss')?.shape[0] ?? 0;
	const column = (name: string): StoredTensor => {
		const tensor = stored.tensors.get(name);
		if (tensor?.shape.length === 1 && tensor.shape[0] === length) return tensor;
		throw stored.damage(`a column ${name} of ${length} numbers`, 'something else');
	};
	const integers = (name: string) => readIntegers(column(name), name);
	const stage = Uint8Array.from(integers('stage'));
	if (stage.some((index) => index >= stages.length)) throw stored.damage('known stages', 'another one');
	const steps: StepColumns = {
		stages,
		stage,
		epoch: integers('epoch'),
		step: integers('step'),
		loss: readDoubles(column('loss')),
		learningRate: readFloats(column('learningRate')),
		characters: integers('characters'),
		seconds: readFloats(column('seconds')),
		place: integers('place'),
	};
	return { steps, others: others.map(({ place, event }) => ({ place, event: currentEvent(event) as OtherEvent })) };
}

function isOtherList(value: unknown): value is { place: number; event: JsonObject }[] {
	return (
		Array.isArray(value) &&
		value.every((item) => hasCounts(item, ['place']) && isRecord(item.event) && typeof item.event.kind === 'string')
	);
}

/** Pieces in their order as one log, cut to the first `eventCount` events. Throws `storage-damaged` when one is missing. */
export function joinLogs(pieces: readonly RunLog[], eventCount = Number.POSITIVE_INFINITY): RunLog {
	const stages = [...new Set(pieces.flatMap(({ steps }) => steps.stages))];
	const kept = pieces.map(({ steps }) => ({ steps, count: steps.place.filter((place) => place < eventCount).length }));
	const total = kept.reduce((sum, { count }) => sum + count, 0);
	const joined = emptyColumns(stages, total);
	let at = 0;
	for (const { steps, count } of kept) {
		for (const name of [...integerColumns, ...floatColumns, 'loss'] as const) {
			joined[name].set(steps[name].subarray(0, count), at);
		}
		for (let index = 0; index < count; index++) {
			joined.stage[at + index] = stages.indexOf(steps.stages[steps.stage[index]]);
		}
		at += count;
	}
	const others = pieces.flatMap((piece) => piece.others.filter(({ place }) => place < eventCount));
	requireWhole(joined, others);
	return { steps: joined, others };
}

function emptyColumns(stages: string[], length: number): StepColumns {
	return {
		stages,
		stage: new Uint8Array(length),
		epoch: new Int32Array(length),
		step: new Int32Array(length),
		loss: new Float64Array(length),
		learningRate: new Float32Array(length),
		characters: new Int32Array(length),
		seconds: new Float32Array(length),
		place: new Int32Array(length),
	};
}

/** Steps and others together have the places 0, 1, 2, … */
function requireWhole({ place }: StepColumns, others: RunLog['others']): void {
	const count = place.length + others.length;
	const seen = new Uint8Array(count);
	for (const at of [...place, ...others.map((other) => other.place)]) if (at >= 0 && at < count) seen[at] = 1;
	if (seen.includes(0)) throw storageError('damaged', `no event ${seen.indexOf(0) + 1}`, 'the complete log of a run');
}
