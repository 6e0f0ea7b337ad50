import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { errorCodeOfAsync } from '../../testing/error-code';
import { readVectors } from '../vector-file';
import { compareFiles, type FileIdentity, hashSamples, sampleRanges } from './file-identity';
import { type PackedVectors, planReading, providePacked, selectRows, wantedKey } from './packed-vectors';

const text = '的 1 2\n天气 3 4\n好 5 6\n𠮷 7 8\n天气 9 9\nNew York 0 1\n';
const content = gzipSync(text);
const identity: FileIdentity = {
	name: 'a.vec.gz',
	sizeBytes: content.length,
	lastModifiedMs: 5,
	sampleHash: 's',
	sha256: null,
};

/** Counts how often the file was opened. */
function openCounted(bytes: Uint8Array) {
	const count = { opened: 0 };
	async function* chunks() {
		for (let start = 0; start < bytes.length; start += 7) yield bytes.subarray(start, start + 7);
	}
	const open = () => {
		count.opened++;
		return chunks();
	};
	return { open, count };
}

const wanting = (...words: string[]) => ({ key: words.join(), wants: (word: string) => words.includes(word) });
const provide = (
	record: PackedVectors | null,
	wanted: ReturnType<typeof wanting>,
	open: () => AsyncGenerator<Uint8Array>,
) => providePacked({ record, identity, wanted, open });

test('what was read once is not read again, nor is a word that the file lacks', async () => {
	const { open, count } = openCounted(content);
	const first = await provide(null, wanting('天气', '海'), open);
	expect(first).toMatchObject({ hasRead: true, record: { words: ['天气'], entryCount: 6, dimension: 2 } });
	expect([...first.record.values]).toEqual([9, 9]);
	expect(first.record.identity.sha256).toBe(createHash('sha256').update(content).digest('hex'));
	const again = await provide(first.record, wanting('天气', '海'), open);
	expect(again).toEqual({ record: first.record, hasRead: false });
	const fewer = await provide(first.record, wanting('海', '天气', '山'), open);
	expect(fewer.hasRead).toBe(false);
	expect(count.opened).toBe(1);
});

test('another corpus reads only the rows that are not there yet, and the file keeps its order', async () => {
	const { open } = openCounted(content);
	const { record } = await provide(null, wanting('天气', '𠮷'), open);
	const other = wanting('的', '天气', 'New York');
	expect(planReading(record, other)).toEqual(new Set(['的', 'New York']));
	const more = await provide(record, other, open);
	expect(more.record.words).toEqual(['的', '天气', '𠮷', 'New York']);
	expect([...more.record.values]).toEqual([1, 2, 9, 9, 7, 8, 0, 1]);
	const { notes: _, ...alone } = await readVectors(open(), { file: 'a.vec.gz', wants: other.wants });
	expect(selectRows(more.record, other.wants)).toMatchObject(alone);
});

test('a file that changed in the meantime is not mixed with what it was', async () => {
	const { record } = await provide(null, wanting('的'), openCounted(content).open);
	const changed = gzipSync(text.replace('7 8', '7 7'));
	const call = {
		record,
		identity: { ...identity, sizeBytes: changed.length },
		wanted: wanting('好'),
		open: openCounted(changed).open,
	};
	expect(await errorCodeOfAsync(() => providePacked(call))).toBe('vectors-file-changed');
});

test('the key of a corpus depends on its text and on what is asked', () => {
	const of = (text: string) => [[{ characters: [...text], tags: null, line: 1 }]];
	expect(wantedKey('characters', of('天气'))).toBe(wantedKey('characters', of('天气')));
	const keys = [wantedKey('characters', of('天气')), wantedKey('words', of('天气')), wantedKey('words', of('天气好'))];
	expect(new Set(keys).size).toBe(3);
});

test('samples span the file, and a change within one of them shows', async () => {
	expect(sampleRanges(0)).toEqual([]);
	expect(sampleRanges(1000)).toEqual([{ start: 0, end: 1000 }]);
	const ranges = sampleRanges(3_000_000_000);
	expect(ranges[0]).toEqual({ start: 0, end: 4096 });
	expect(ranges.at(-1)).toEqual({ start: 3_000_000_000 - 4096, end: 3_000_000_000 });
	const bytes = new Uint8Array(200_000);
	const hash = () => hashSamples(bytes.length, async (start, end) => bytes.subarray(start, end));
	const before = await hash();
	bytes[199_999] = 1;
	expect(await hash()).not.toBe(before);
});

test('a moved file is likely the same, one of another size is not', () => {
	expect(compareFiles(identity, identity)).toBe('same');
	expect(compareFiles(identity, { ...identity, name: 'b.vec.gz' })).toBe('likely');
	expect(compareFiles(identity, { ...identity, sizeBytes: 1 })).toBe('other');
});
