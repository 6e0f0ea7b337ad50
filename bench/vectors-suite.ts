// The suite `vectors`: how fast vector files are read, plain and packed, beside the simplest reader (split every line,
// Number for the rows that are wanted) over the same unpacked bytes; the most memory on a stream of 256 MB, with --full
// of 2 GB; with --full also a .vec.gz of 700,000 rows of 50 numbers.

import { openBytes } from '../src/data/byte-stream';
import { scanVectors } from '../src/data/vector-file';
import { type BenchRow, median } from './bench-row';
import type { BenchSession } from './bench-session';
import { chunksOf, generatedFile, generatedText, isWanted, packed } from './vector-files';

/** Packed forms that take long are measured on less. */
const rowsOf = { text: 60_000, gz: 60_000, bz2: 20_000, zst: 20_000 };
const rounds = 3;

export async function vectorsSuite(session: BenchSession): Promise<void> {
	session.section(
		'Vector files (N: entries; MB/s: unpacked text by processor time of all threads; one word in fifty kept)',
	);
	for (const form of ['text', 'gz', 'bz2', 'zst'] as const) {
		if (session.isOver()) return;
		const text = generatedFile(rowsOf[form]);
		const file = form === 'text' ? text : packed(text, form);
		if (file === null) session.note(`${form}: no such packer on this machine`);
		else await compareReaders(session, `.vec${form === 'text' ? '' : `.${form}`}`, file, text.length);
	}
	await readLongStream(session, session.options.isFull ? 2e9 : 256e6);
	if (session.options.isFull) await readLargePacked(session);
}

/** Both readers in turn, so that what else the machine does hits both alike. */
async function compareReaders(session: BenchSession, name: string, file: Uint8Array, textBytes: number): Promise<void> {
	const ours = new Stopwatch();
	const simple = new Stopwatch();
	let entries = 0;
	for (let round = 0; round < rounds; round++) {
		entries = await ours.run(() => readOurs(chunksOf(file)));
		await simple.run(() => readSimply(chunksOf(file)));
	}
	session.add([
		ours.row(`${name}, ours`, entries, textBytes),
		simple.row(`${name}, split and Number`, entries, textBytes),
	]);
	session.note(
		`${name}: ours takes ${(ours.medianCpuMs() / simple.medianCpuMs()).toFixed(2)} of the simple reader's processor time`,
	);
}

async function readOurs(source: AsyncIterable<Uint8Array>): Promise<number> {
	const { vectors } = await scanVectors(source, { file: 'bench.vec', wants: isWanted, keepsFileWords: true });
	return vectors.entryCount;
}

async function readSimply(source: AsyncIterable<Uint8Array>): Promise<number> {
	const decoder = new TextDecoder();
	const rows = new Map<string, Float32Array>();
	let entries = 0;
	let rest = '';
	for await (const chunk of openBytes(source, { file: 'bench.vec' })) {
		const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) {
			const [word, ...numbers] = line.split(' ');
			entries++;
			if (isWanted(word)) rows.set(word, Float32Array.from(numbers, Number));
		}
	}
	return entries;
}

async function readLongStream(session: BenchSession, sizeBytes: number): Promise<void> {
	const before = process.memoryUsage().rss;
	let peak = before;
	async function* watched() {
		let chunks = 0;
		for await (const chunk of generatedText(sizeBytes)) {
			if (chunks++ % 8 === 0) peak = Math.max(peak, process.memoryUsage().rss);
			yield chunk;
		}
	}
	const watch = new Stopwatch();
	const entries = await watch.run(() => readOurs(watched()));
	const name = `generated stream of ${sizeBytes / 1e6} MB`;
	session.add([{ ...watch.row(name, entries, sizeBytes), bytesPeak: peak }]);
	session.note(`resident memory: ${(before / 1e6).toFixed(0)} MB before, at most ${(peak / 1e6).toFixed(0)} MB`);
}

async function readLargePacked(session: BenchSession): Promise<void> {
	const text = generatedFile(700_000);
	const file = packed(text, 'gz') as Uint8Array;
	const watch = new Stopwatch();
	const entries = await watch.run(() => readOurs(chunksOf(file)));
	session.add([watch.row('.vec.gz of 700,000 x 50, ours', entries, text.length)]);
}

class Stopwatch {
	private readonly wallMs: number[] = [];
	private readonly cpuMs: number[] = [];

	async run(act: () => Promise<number>): Promise<number> {
		const [startedAt, startedCpu] = [performance.now(), process.cpuUsage()];
		const entries = await act();
		this.wallMs.push(performance.now() - startedAt);
		const { user, system } = process.cpuUsage(startedCpu);
		this.cpuMs.push((user + system) / 1000);
		return entries;
	}

	medianCpuMs(): number {
		return median(this.cpuMs);
	}

	row(name: string, entries: number, textBytes: number): BenchRow {
		return {
			case: name,
			backend: 'host',
			adapter: 'JavaScript, 1 thread',
			kernels: 'reader',
			n: entries,
			batch: 1,
			msMedian: median(this.wallMs),
			hostMsMedian: this.medianCpuMs(),
			dispatches: null,
			submits: null,
			bytesPeak: null,
			megabytesPerSecond: textBytes / 1000 / this.medianCpuMs(),
		};
	}
}
