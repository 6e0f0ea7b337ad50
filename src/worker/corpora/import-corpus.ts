// Commands that read files of corpora: a preview that stores nothing, and the import, which takes what the preview has read.

import { assembleCorpus } from '../../data/assemble-corpus';
import { openSource } from '../../data/byte-stream';
import type { Sentence } from '../../data/corpus';
import { applyChanges } from '../../data/corpus-changes';
import { decodeAnyText } from '../../data/decode-text';
import { answersToErrors, changesOf } from '../../data/formats/changes';
import { limits } from '../../data/formats/limits';
import { groupFiles } from '../../data/formats/paired-files';
import { readCorpusFiles } from '../../data/formats/read-corpus';
import type { CorpusReading, ReadingPart } from '../../data/formats/reading';
import { recogniseTable } from '../../data/formats/recognise';
import { readChanges } from '../../data/read-changes';
import { spansOf } from '../../data/spans';
import type { TagScheme } from '../../data/tag-scheme';
import {
	changesPart,
	corpusPart,
	describeCorpus,
	encodeCorpus,
	encodeJson,
} from '../../storage/workspace/corpus-record';
import { UserError } from '../../util/errors';
import {
	type CorpusSource,
	defaultClipLength,
	type FilePreview,
	type PreviewedPart,
	type RawLines,
} from '../../wire/imports';
import { toWireError } from '../../wire/wire-error';
import { fingerprint } from '../runs/fingerprint';
import type { Handlers } from '../serve';
import type { Task } from '../tasks';
import type { WorkerContext } from '../worker-context';
import { recogniseSource, unpackAll, unpackArchive } from './archives';
import { countSplits, plainRow } from './corpus-handlers';
import { KeptReadings, type OpenedSource, type ReadFiles } from './kept-readings';

const shownSentences = 20;
/** Lines of each kind of change that the preview lists. */
const shownLines = 1000;
/** Lines of a file that the preview shows as they stand, and how many of them before the one asked for. */
const shownRawLines = 60;
const linesBefore = 10;
const longestRawLine = 300;

type ImportCommand = 'preview-corpus' | 'import-corpus' | 'forget-readings' | 'recognise-file' | 'unpack-archive';

export function importCorpusHandlers(context: WorkerContext): Pick<Handlers, ImportCommand> {
	const kept = new KeptReadings();
	return {
		'forget-readings': async ({ readingIds }) => {
			kept.forget(readingIds);
			return { areForgotten: true };
		},
		'recognise-file': ({ file }) => recogniseSource(file),
		'unpack-archive': ({ task, file }) =>
			context.tasks.run(task, async (running) => ({ files: await unpackArchive(file, running) })),
		'preview-corpus': ({ task, files }) =>
			context.tasks.run(task, async (running) => {
				const previews: FilePreview[] = [];
				const plain = await unpackAll(files, running);
				for (const group of groupFiles(plain, nameOf)) previews.push(await previewGroup(group, kept, running));
				return { files: previews };
			}),
		'import-corpus': ({ task, files, name, changes = [], id = context.newId() }) =>
			context.tasks.run(task, async (running) => {
				const readings: CorpusReading[] = [];
				const plain = await unpackAll(files, running);
				for (const group of groupFiles(plain, nameOf)) {
					const read = kept.find(group) ?? (await readGroup(await openGroup(group, running)));
					readings.push(...read.readings);
				}
				const corpus = assembleCorpus(name, readings);
				const checked = readChanges(changes, corpus);
				const sources = [];
				for (const file of files) {
					const sha256 = await fingerprint(file.content);
					sources.push({ name: file.name, sizeBytes: file.content.size, sha256 });
				}
				const parts: Record<string, Uint8Array> = { [corpusPart]: encodeCorpus(corpus) };
				if (checked.length > 0) parts[changesPart] = encodeJson(checked);
				const detail = describeCorpus(corpus, sources, checked.length);
				if (checked.length > 0) detail.sentencesNow = countSplits(applyChanges(corpus, checked));
				return (await context.workspace()).create({
					kind: 'corpus',
					id,
					name,
					detail,
					parts,
					nowMs: context.nowMs(),
				});
			}),
	};
}

const nameOf = ({ name }: CorpusSource) => name;

/** What it has read is kept for the import. */
async function previewGroup(group: readonly CorpusSource[], kept: KeptReadings, task: Task): Promise<FilePreview> {
	const [{ name, choices, aroundLine }] = group;
	let opened: OpenedSource[] = [];
	try {
		let read = kept.find(group);
		if (!read) {
			opened = await openGroup(group, task);
			read = await readGroup(opened);
			kept.keep(group, read);
		}
		return describeReading(read.readings[0], read.opened[0], aroundLine);
	} catch (error) {
		if (!(error instanceof UserError) || task.signal.aborted) throw error;
		const answers = (answersToErrors[error.code] ?? []).filter((choice) => choices?.[choice] === undefined);
		const raw = opened.length === 0 ? null : linesOf(opened[0], error.location.line ?? aroundLine);
		return { isRead: false, file: name, error: toWireError(error), answers, raw };
	}
}

/** Lines around one of a text file, or its first; null for what is no text. */
function linesOf({ file, bytes, choices }: OpenedSource, line = 1): RawLines | null {
	if (recogniseTable(bytes)) return null;
	try {
		const lines = decodeAnyText(bytes, file, choices?.encoding).text.split(/\r\n|\n|\r/);
		const first = Math.max(0, Math.min(line - 1 - linesBefore, lines.length - shownRawLines));
		return { from: first + 1, lines: lines.slice(first, first + shownRawLines).map(cutLine) };
	} catch (error) {
		if (error instanceof UserError) return null;
		throw error;
	}
}

function cutLine(line: string): string {
	return line.length > longestRawLine ? `${line.slice(0, longestRawLine)}…` : line;
}

async function readGroup(opened: OpenedSource[]): Promise<ReadFiles> {
	return { opened, readings: await readCorpusFiles(opened, opened[0].choices) };
}

async function openGroup(group: readonly CorpusSource[], task: Task): Promise<OpenedSource[]> {
	const opened: OpenedSource[] = [];
	for (const { name, content, choices } of group) {
		const { layers, bytes } = await readPlainBytes(name, content, task);
		const packed = layers.map(({ container, entry }) => (entry ? `${container} ${entry}` : container));
		opened.push({ file: name, bytes, choices, packed });
	}
	return opened;
}

/** A Parquet file, which may begin as any bytes do, and plain text come as they are; packed ones unpacked. */
async function readPlainBytes(file: string, content: Blob, { report, signal }: Task) {
	const plainLimits = { plainBytes: limits.fileBytes, ratio: 1000, freeBytes: 16 * 2 ** 20 };
	let done = 0;
	const onProgress = (bytes: number) => {
		done = bytes;
	};
	const source = await openSource(content.stream(), { file, limits: plainLimits, signal, onProgress });
	const chunks: Uint8Array<ArrayBuffer>[] = [];
	let size = 0;
	for await (const chunk of source.bytes) {
		chunks.push(Uint8Array.from(chunk));
		size += chunk.length;
		if (size > limits.fileBytes) break; // readCorpus refuses it, with the limit
		await report({ done, total: content.size, unit: 'bytes', counts: {} });
	}
	return { layers: source.layers, bytes: new Uint8Array(await new Blob(chunks).arrayBuffer()) };
}

function describeReading(reading: CorpusReading, opened: OpenedSource, aroundLine?: number): FilePreview {
	const { packed, choices } = opened;
	const { file, format, encoding, scheme, fileScheme, unit, columns, parts } = reading;
	const raw = linesOf(opened, aroundLine);
	const first = parts.flatMap((part) => sentencesFrom(part.sentences, raw?.from ?? 1)).slice(0, shownSentences);
	return {
		isRead: true,
		file,
		format,
		encoding,
		scheme,
		fileScheme,
		unit,
		columns,
		packed,
		parts: parts.map((part) => countPart(part, scheme)),
		first: first.map((sentence) => plainRow(sentence, scheme)),
		changes: changesOf(reading, { ...choices }).map((change) => ({
			...change,
			lines: change.lines.slice(0, shownLines),
		})),
		raw,
	};
}

/** The first sentences that begin at a line or after it; from the beginning where sentences have no lines. */
function sentencesFrom(sentences: readonly Sentence[], line: number): Sentence[] {
	const from = sentences.findIndex((sentence) => sentence.line >= line);
	return sentences.slice(Math.max(0, from), Math.max(0, from) + shownSentences);
}

function countPart({ split, sentences }: ReadingPart, scheme: TagScheme | null): PreviewedPart {
	const byType = new Map<string, number>();
	const typesOf = ({ tags }: Sentence) => (tags && scheme ? spansOf(tags, scheme) : []);
	for (const { type } of sentences.flatMap(typesOf)) byType.set(type, (byType.get(type) ?? 0) + 1);
	return {
		split,
		sentences: sentences.length,
		characters: sentences.reduce((sum, { characters }) => sum + characters.length, 0),
		mentions: [...byType.values()].reduce((sum, count) => sum + count, 0),
		mentionsByType: Object.fromEntries(byType),
		longest: sentences.reduce((longest, { characters }) => Math.max(longest, characters.length), 0),
		longSentences: sentences.filter(({ characters }) => characters.length > defaultClipLength).length,
	};
}
