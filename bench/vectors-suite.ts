// The suite `vectors`: how long a vector file takes to read, all rows wanted and one row in ten wanted.

import { createReadStream } from 'node:fs';
import { type KeptVectors, readVectors } from '../src/data/vector-file';
import { sharedPath } from '../src/testing/shared-data';
import { RandomStream } from '../src/util/random';
import { type BenchRow, median } from './bench-row';
import type { BenchSession } from './bench-session';
import { threadMs } from './processor-time';

const generatedLines = 20_000;
const generatedWidth = 50;

export async function vectorsSuite(session: BenchSession): Promise<void> {
	session.section('Vector files (N: lines)');
	const path = sharedPath('embeddings/word.50d.vec.gz');
	const name = path ? 'word.50d.vec.gz' : 'generated vectors';
	const generated = path ? null : generatedFile();
	const chunks = () => (path ? createReadStream(path) : chunksOf(generated as Uint8Array));
	const wants = [
		{ what: 'every line wanted', isWanted: () => true },
		{ what: 'one word in ten wanted', isWanted: (word: string) => (word.codePointAt(0) ?? 0) % 10 === 0 },
	];
	for (const { what, isWanted } of wants) {
		const row = await timeReading(`${name}, ${what}`, () => readVectors(chunks(), { file: name, wants: isWanted }));
		session.add([row]);
	}
}

async function timeReading(name: string, read: () => Promise<KeptVectors>): Promise<BenchRow> {
	const wall: number[] = [];
	const host: number[] = [];
	let lines = 0;
	for (let round = 0; round < 3; round++) {
		const [startedAt, startedThread] = [performance.now(), threadMs()];
		lines = (await read()).words.length;
		wall.push(performance.now() - startedAt);
		host.push(threadMs() - startedThread);
	}
	return {
		case: name,
		backend: 'host',
		adapter: 'JavaScript, 1 thread',
		kernels: 'reader',
		n: lines,
		batch: 1,
		msMedian: median(wall),
		hostMsMedian: median(host),
		dispatches: null,
		submits: null,
		bytesPeak: null,
	};
}

function generatedFile(): Uint8Array {
	const stream = new RandomStream(5);
	const lines = Array.from({ length: generatedLines }, (_, index) => {
		const numbers = Array.from({ length: generatedWidth }, () => (stream.uniform() - 0.5).toFixed(5));
		return `${String.fromCodePoint(0x4e00 + (index % 20000))}${index} ${numbers.join(' ')}\n`;
	});
	return new TextEncoder().encode(lines.join(''));
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < bytes.length; start += 65536) yield bytes.subarray(start, start + 65536);
}
