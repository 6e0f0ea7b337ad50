// Thousands of damaged files, each from a seed: cut off, bytes changed, numbers of the headers changed, pieces doubled or
// moved. Whatever comes, a reader gives its kind of answer or a UserError; it does not hang, and it takes no memory beyond
// what a file of that size can need.

import { beforeEach, describe, expect, test } from 'vitest';
import { tinyCheckpoint, tinyState } from '../testing/tiny-files';
import { addTinyCorpus, freshIndexedDB, openTiny, tinyCorpus } from '../testing/tiny-workspace';
import { UserError } from '../util/errors';
import { joinBytes } from '../util/join-bytes';
import { RandomStream } from '../util/random';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint';
import { PickleGlobal, readPickle } from './pickle';
import { decodeResumeState, encodeResumeState } from './resume-state';
import { readSafetensors, writeSafetensors } from './safetensors';
import { readFloats, storeNumbers } from './stored-tensor';
import { readTorchStateDict, writeTorchStateDict } from './torch-state-dict';
import { decodeCorpus, decodeJson, encodeCorpus } from './workspace/corpus-record';
import { readAnyItem } from './workspace/item-kinds';
import { decodeLog, encodeLog, joinLogs } from './workspace/run-log';
import { eventsOf } from './workspace/run-log-columns';
import { decodeVectors, encodeVectors } from './workspace/vectors-record';
import { exportWorkspace, importWorkspace } from './workspace/workspace-file';
import { readZip, writeZip } from './zip-archive';
import { ZipBlob } from './zip-blob';

type Bytes = Uint8Array<ArrayBuffer>;
const copies = 550;
/** What a reader may allocate for a file of a few kilobytes. */
const maxBytes = 96 * 2 ** 20;

const mutations: readonly ((bytes: Bytes, random: RandomStream) => Bytes)[] = [
	(bytes, random) => bytes.slice(0, random.below(bytes.length)),
	(bytes, random) => change(bytes, random, 1 + random.below(4), () => random.below(256)),
	(bytes, random) => change(bytes, random, 1 + random.below(3), () => 255),
	(bytes, random) => changeDigits(bytes, random),
	(bytes, random) => {
		const from = random.below(bytes.length);
		return joinBytes([bytes.subarray(0, from), bytes.subarray(random.below(bytes.length))]);
	},
	(bytes, random) => {
		const wide = bytes.slice();
		const at = random.below(Math.max(1, wide.length - 8));
		wide.fill(random.below(2) === 0 ? 0xff : 0x7f, at, at + 1 + random.below(8));
		return wide;
	},
];

function change(bytes: Bytes, random: RandomStream, count: number, value: () => number): Bytes {
	const changed = bytes.slice();
	for (let index = 0; index < count; index++) changed[random.below(changed.length)] = value();
	return changed;
}

/** Numbers of JSON headers: sizes, offsets, versions, counts. */
function changeDigits(bytes: Bytes, random: RandomStream): Bytes {
	const changed = bytes.slice();
	const digits = [...changed.keys()].filter((at) => changed[at] >= 0x30 && changed[at] <= 0x39);
	if (digits.length === 0) return changed;
	for (let count = 1 + random.below(3); count > 0; count--) {
		changed[digits[random.below(digits.length)]] = 0x30 + random.below(10);
	}
	return changed;
}

/** Reads mutated copies; returns how many were refused. */
async function readMutated(original: Bytes, read: (bytes: Bytes) => unknown): Promise<number> {
	await read(original);
	const random = new RandomStream(20);
	let refused = 0;
	for (let copy = 0; copy < copies; copy++) {
		const bytes = mutations[copy % mutations.length](original, random);
		const before = process.memoryUsage().arrayBuffers;
		try {
			await read(bytes);
		} catch (error) {
			if (!(error instanceof UserError)) throw new Error(`copy ${copy}: ${String(error)}`, { cause: error });
			expect(error.remedy).not.toBe('');
			refused++;
		}
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(maxBytes);
	}
	return refused;
}

const tensors = new Map([
	[
		'a',
		storeNumbers(
			Float32Array.from({ length: 12 }, (_, index) => index),
			[3, 4],
		),
	],
	['b.c', storeNumbers(Int32Array.of(1, 2, 3), [3])],
]);
const steps = Array.from({ length: 20 }, (_, index) => ({
	kind: 'step' as const,
	stage: 'full',
	epoch: 1,
	step: index + 1,
	loss: index / 7,
	learningRate: 0.1,
	characters: 5,
	seconds: 0.1,
}));
const vectors = {
	version: 1 as const,
	identity: { name: 'v.vec', sizeBytes: 9, lastModifiedMs: 5, sampleHash: 'a', sha256: null },
	dimension: 2,
	entryCount: 2,
	words: ['北', '京'],
	values: Float32Array.of(1, 2, 3, 4),
	fileWords: new TextEncoder().encode('北\n京\n上\n'),
	served: ['characters:1'],
	notes: [],
};
const text = new TextEncoder();
const zipped = () =>
	writeZip([
		['a', text.encode('{"a": 12}')],
		['b', new Uint8Array(500)],
	]);
/** A state_dict whose pickle alone is damaged: the archive round it is whole. */
const dictEntries = readZip(writeTorchStateDict(tensors));
const pickle = Uint8Array.from(dictEntries.get('archive/data.pkl') ?? []);

const names = ['collections.OrderedDict', 'torch._utils._rebuild_tensor_v2', 'torch.FloatStorage', 'torch.IntStorage'];
const knownNames = new Map(names.map((name) => [name, new PickleGlobal(name, () => new Map())]));

const readers: readonly [name: string, original: () => Bytes, read: (bytes: Bytes) => unknown][] = [
	['a checkpoint', () => encodeCheckpoint(tinyCheckpoint()), (bytes) => decodeCheckpoint(bytes)],
	['a saved state', () => encodeResumeState(tinyState()), (bytes) => decodeResumeState(bytes)],
	[
		'safetensors',
		() => writeSafetensors(tensors, { kind: 'x 1' }),
		(bytes) => [...readSafetensors(bytes).tensors.values()].map(readFloats),
	],
	['a zip archive', zipped, (bytes) => readZip(bytes)],
	[
		'a zip archive in a Blob',
		zipped,
		async (bytes) => {
			const zip = await ZipBlob.open(new Blob([bytes]), 'a.zip', 'Choose another.');
			for (const name of ['a', 'b']) if (zip.has(name)) await zip.read(name);
		},
	],
	[
		'a state_dict of PyTorch, by its pickle',
		() => pickle,
		(bytes) =>
			readTorchStateDict(writeZip([...dictEntries, ['archive/data.pkl', bytes] as const].filter(isLastOfName))),
	],
	['a bare pickle', () => pickle, (bytes) => readPickle(bytes, 0, { globals: knownNames, loadPersistent: () => null })],
	['packed vectors', () => encodeVectors(vectors), (bytes) => decodeVectors(bytes)],
	['a log of a run', () => encodeLog(steps, 0), (bytes) => eventsOf(joinLogs([decodeLog(bytes)]))],
	['a stored corpus', () => encodeCorpus(tinyCorpus), (bytes) => decodeCorpus(bytes)],
];

/** The entry of a name that counts is the damaged one, which stands last. */
function isLastOfName(
	[name]: readonly [string, Uint8Array],
	at: number,
	all: readonly (readonly [string, Uint8Array])[],
) {
	return !all.slice(at + 1).some(([other]) => other === name);
}

describe('mutated copies end in an answer or a named error:', () => {
	test.each(readers)('%s', async (_, original, read) => {
		const refused = await readMutated(original(), read);
		expect(refused).toBeGreaterThan(copies / 10);
	});
});

describe('an exported workspace', () => {
	beforeEach(() => freshIndexedDB());

	async function exported(): Promise<Bytes> {
		const workspace = await openTiny();
		await addTinyCorpus(workspace);
		const pieces: Bytes[] = [];
		await exportWorkspace(workspace, { write: async (bytes) => void pieces.push(Uint8Array.from(bytes)), nowMs: 1 });
		await workspace.delete('corpus', 'a');
		return joinBytes(pieces);
	}

	async function takeIn(bytes: Bytes): Promise<void> {
		const workspace = await openTiny();
		const { added } = await importWorkspace(workspace, new Blob([bytes]), { file: 'w.zip' });
		// What was taken is whole: its corpus reads.
		for (const { id } of added) decodeCorpus(await workspace.readPart('corpus', id, 'corpus'));
		for (const { kind, id } of added) await workspace.delete(kind, id);
		expect(await workspace.sweep()).toBe(0);
		workspace.close();
	}

	test('mutated as a whole, or in its manifest alone, is taken whole, refused by item, or refused', async () => {
		const bytes = await exported();
		expect(await readMutated(bytes, takeIn)).toBeGreaterThan(copies / 10);
		const entries = readZip(bytes);
		const manifest = Uint8Array.from(entries.get('manifest.json') ?? []);
		const repack = (changed: Bytes) => takeIn(writeZip(new Map([...entries, ['manifest.json', changed] as const])));
		expect(await readMutated(manifest, repack)).toBeGreaterThan(copies / 10);
	});
});

test('mutated records are read or listed as unreadable, never thrown over', async () => {
	freshIndexedDB();
	const record = text.encode(JSON.stringify(await addTinyCorpus(await openTiny())));
	let unreadable = 0;
	const read = (bytes: Bytes) => {
		if (!readAnyItem(decodeJson(bytes)).isReadable) unreadable++;
	};
	await readMutated(record, read);
	expect(unreadable).toBeGreaterThan(10);
});
