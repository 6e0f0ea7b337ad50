// Migrations of records: of the envelope's rules with made-up kinds, and of each kind that has an older version.

import { expect, test } from 'vitest';
import { versionOf } from '../../util/migrations';
import { itemKinds, readAnyItem } from './item-kinds';
import { type KindDefinition, nextRevision, readItem } from './item-record';
import { freshRunDetail, noStoredInput, type RunDetail, runKind } from './run-record';
import { statusOfRun } from './run-state';

const envelope = { id: 'a', revision: 3, name: 'a', createdAtMs: 1, changedAtMs: 2, trashedAtMs: null, parts: [] };

interface Third {
	size: number;
	unit: string;
}
const thirdVersion: KindDefinition<Third> = {
	migrations: [({ length }) => ({ size: length }), (detail) => ({ ...detail, unit: 'cm' })],
	isValid: (detail): detail is Third =>
		typeof (detail as Third).size === 'number' && (detail as Third).unit !== undefined,
};
const readThird = (value: unknown) => readItem(value, (kind) => (kind === 'run' ? thirdVersion : undefined));

test('an old record passes through every migration in turn', () => {
	const read = readThird({ ...envelope, kind: 'run', version: 1, detail: { length: 7 } });
	expect(read).toMatchObject({
		isReadable: true,
		record: { version: 3, revision: 3, detail: { size: 7, unit: 'cm' } },
	});
});

test('a record of a newer version is refused with its version', () => {
	const read = readThird({ ...envelope, kind: 'run', version: 4, detail: { size: 7, unit: 'cm' } });
	expect(read).toMatchObject({ isReadable: false, reason: 'version 4 of run' });
});

test('what a migration makes is checked', () => {
	const read = readThird({ ...envelope, kind: 'run', version: 1, detail: { breadth: 7 } });
	expect(read).toMatchObject({ isReadable: false, reason: 'detail of run' });
});

test('a run of version 1 becomes one that can be resumed', () => {
	const read = readAnyItem({ ...envelope, kind: 'run', version: 1, detail: { runId: 'latest', savedAtMs: 77 } });
	expect(read).toMatchObject({
		isReadable: true,
		record: {
			version: 4,
			detail: { config: null, results: null, state: 'stopped', resumable: { savedAtMs: 77, logEvents: 0 } },
		},
	});
});

test('a run of version 2 keeps its figures and has no scores under other rules', () => {
	const { results: _, versions: __, inputNames: ___, ...detail } = { ...freshRunDetail(noStoredInput), devF1: 0.5 };
	const read = readAnyItem({ ...envelope, kind: 'run', version: 2, detail });
	expect(read).toMatchObject({
		isReadable: true,
		record: { version: 4, detail: { devF1: 0.5, results: null, versions: {}, inputNames: {} } },
	});
});

test.each([
	['running', 'paused', 'interrupted'],
	['stopped', 'stopped', 'own-stop'],
	['completed', 'finished', null],
	['not-a-number', 'failed', 'not-a-number'],
	['device-lost', 'failed', 'device-lost'],
] as const)('a run of version 3 that was %s is %s', (state, status, reason) => {
	const { saveFailure: _, ...fresh } = freshRunDetail({ ...noStoredInput, corpusId: 'c' });
	const detail = { ...fresh, state, resumable: { stage: 'full', epoch: 2, savedAtMs: 5, logEvents: 9 } };
	const read = readAnyItem({ ...envelope, kind: 'run', version: 3, detail });
	if (!read.isReadable || read.record.kind !== 'run') throw new Error('not read');
	expect(read.record).toMatchObject({ version: 4, detail: { state, saveFailure: null } });
	expect(statusOfRun(read.record.detail as RunDetail, false)).toEqual({ status, reason });
});

test('a run of version 3 that broke before anything was saved is neither training nor finished', () => {
	const { saveFailure: _, ...detail } = freshRunDetail(noStoredInput);
	const read = readAnyItem({ ...envelope, kind: 'run', version: 3, detail });
	if (!read.isReadable) throw new Error('not read');
	expect(statusOfRun(read.record.detail as RunDetail, false)).toEqual({ status: 'stopped', reason: 'interrupted' });
});

test('a checkpoint of version 1 keeps its run', () => {
	const read = readAnyItem({ ...envelope, kind: 'checkpoint', version: 1, detail: { runId: 'latest', savedAtMs: 77 } });
	expect(read).toMatchObject({ isReadable: true, record: { version: 2, detail: { runId: 'latest', devF1: null } } });
});

test('vectors of version 1 are those of a file', () => {
	const identity = { name: 'a.vec', sizeBytes: 9, lastModifiedMs: 1, sampleHash: 'ab', sha256: null };
	const detail = { dimension: 50, rowCount: 3, entryCount: 9, identity };
	const read = readAnyItem({ ...envelope, kind: 'vectors', version: 1, detail });
	expect(read).toMatchObject({ isReadable: true, record: { version: 2, detail: { ...detail, training: null } } });
});

test.each([null, 3, 'x', [], {}, { kind: 'verse' }, { kind: '__proto__' }])(
	'%j is no record, and no error',
	(value) => {
		expect(readAnyItem(value).isReadable).toBe(false);
	},
);

test.each([2 ** 48, 2 ** 48 + 1, 2 ** 53 - 2, 2 ** 53 - 1, 2 ** 53, 2 ** 60])(
	'an item of revision %d is read, and a change gives it another one',
	(revision) => {
		const read = readThird({ ...envelope, kind: 'run', version: 3, revision, detail: { size: 7, unit: 'cm' } });
		expect(read.isReadable).toBe(true);
		const first = read.isReadable ? read.record.revision : 0;
		const next = nextRevision(first);
		const again = readThird({ ...envelope, kind: 'run', version: 3, revision: next, detail: { size: 7, unit: 'cm' } });
		expect(again).toMatchObject({ isReadable: true, record: { revision: next } });
		expect(next).not.toBe(first);
	},
);

test.each([
	{ revision: 0 },
	{ revision: 1.5 },
	{ createdAtMs: 1e300 },
	{ changedAtMs: Number.NaN },
	{ trashedAtMs: 9e15 },
])('an envelope with %j cannot be read', (change) => {
	const record = { ...envelope, kind: 'run', version: 3, detail: { size: 7, unit: 'cm' }, ...change };
	expect(readThird(record)).toMatchObject({ isReadable: false, reason: 'envelope of run' });
});

test.each([2 ** 48 + 1, 2 ** 53 - 1])('a run that claims %d events cannot be read', (logEvents) => {
	const detail = { ...freshRunDetail(noStoredInput), logEvents };
	const read = readAnyItem({ ...envelope, kind: 'run', version: versionOf(runKind.migrations), detail });
	expect(read).toMatchObject({ isReadable: false, reason: 'detail of run' });
});

const identity = { name: 'a.vec', sizeBytes: 9, lastModifiedMs: 1, sampleHash: 'ab', sha256: null };
const source = { name: 'a.txt', sizeBytes: 9, sha256: '' };
const training = {
	units: 'characters',
	...{ dimension: 50, window: 5, negatives: 5, epochs: 3, minCount: 1, characters: 900, seed: 1 },
	...{ sources: [source], lexicon: null },
};
const score = { devF1: null, testF1: 0.5 };
const wholeDetails: Record<string, Record<string, unknown>> = {
	vectors: { dimension: 50, rowCount: 3, entryCount: 9, identity, training },
	lexicon: { wordCount: 2, sources: [source] },
	setting: { value: null },
	checkpoint: { runId: null, preset: '', stage: '', epoch: 0, parameterCount: 0, entityTypes: ['PER'], ...score },
	run: { ...freshRunDetail(noStoredInput), saveFailure: { code: 'storage-full', atMs: 1 }, ...score },
};

function readWhole(kind: string, change: Record<string, unknown> = {}) {
	const { migrations } = itemKinds[kind as keyof typeof itemKinds];
	return readAnyItem({
		...envelope,
		kind,
		version: versionOf(migrations),
		detail: { ...wholeDetails[kind], ...change },
	});
}

test.each(Object.keys(wholeDetails))('a whole record of kind %s is read', (kind) => {
	expect(readWhole(kind)).toMatchObject({ isReadable: true, record: { detail: wholeDetails[kind] } });
});

test.each<[string, Record<string, unknown>]>([
	['vectors', { dimension: -1 }],
	['vectors', { identity: null }],
	['vectors', { identity: { ...identity, sampleHash: 3 } }],
	['vectors', { identity: { ...identity, sha256: 3 } }],
	['vectors', { training: { ...training, units: 'syllables' } }],
	['vectors', { training: { ...training, lexicon: 3 } }],
	['vectors', { training: { ...training, sources: [{ ...source, name: 3 }] } }],
	['lexicon', { wordCount: '2' }],
	['lexicon', { sources: [{ ...source, sizeBytes: -1 }] }],
	['lexicon', { sources: 'a.txt' }],
	['checkpoint', { runId: 3 }],
	['checkpoint', { entityTypes: [3] }],
	['checkpoint', { devF1: '0.5' }],
	['run', { state: 'asleep' }],
	['run', { saveFailure: { code: 3, atMs: 1 } }],
	['run', { saveFailure: { code: 'storage-full', atMs: null } }],
	['run', { writer: 3 }],
	['run', { parentCheckpointId: 3 }],
	['run', { results: [] }],
	['run', { resumable: { stage: 'full', epoch: 1, savedAtMs: 1e300, logEvents: 0 } }],
])('a record of kind %s with %j cannot be read', (kind, change) => {
	expect(readWhole(kind, change)).toMatchObject({ isReadable: false, reason: `detail of ${kind}` });
});
