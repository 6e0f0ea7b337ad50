import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorCodeOfAsync } from '../../testing/error-code';
import {
	append,
	makeFolder,
	openHashedStream,
	openToAppend,
	readFileBytes,
	sha256Of,
	writeFileAtomically,
} from './files';

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'nerco-files-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** FIPS 180-2, appendix B.1: the hash of "abc". */
const hashOfAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('files', () => {
	test('are hashed by SHA-256', () => {
		expect(sha256Of('abc')).toBe(hashOfAbc);
	});

	test('come as plain bytes, whose slices are copies, not as Buffers', async () => {
		const path = join(folder, 'plain.txt');
		writeFileSync(path, 'abc');
		const stream = await openHashedStream(path);
		const all = [await readFileBytes(path)];
		for await (const part of stream.chunks) all.push(part);
		for (const bytes of all) {
			expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
			expect([...new Uint8Array(bytes.slice(1).buffer)]).toEqual([98, 99]);
		}
	});

	test('are hashed while they are streamed', async () => {
		const path = join(folder, 'abc.txt');
		writeFileSync(path, 'abc');
		const stream = await openHashedStream(path);
		const parts: Uint8Array[] = [];
		for await (const part of stream.chunks) parts.push(part);
		expect(Buffer.concat(parts).toString()).toBe('abc');
		expect(stream.sizeBytes).toBe(3);
		expect(await stream.sha256()).toBe(hashOfAbc);
		expect(await stream.sha256()).toBe(hashOfAbc);
	});

	test('have the hash of the whole file though reading stopped early', async () => {
		const path = join(folder, 'long.bin');
		const bytes = new Uint8Array(3 << 20).map((_, index) => index % 251);
		writeFileSync(path, bytes);
		const left = await openHashedStream(path);
		for await (const part of left.chunks) if (part.length > 0) break;
		expect(await left.sha256()).toBe(sha256Of(bytes));
		const unread = await openHashedStream(path);
		expect(await unread.sha256()).toBe(sha256Of(bytes));
	});

	test('that are missing, or are folders, are named errors', async () => {
		expect(await errorCodeOfAsync(() => readFileBytes(join(folder, 'none')))).toBe('file-unreadable');
		expect(await errorCodeOfAsync(() => readFileBytes(folder))).toBe('file-unreadable');
		expect(await errorCodeOfAsync(() => openHashedStream(folder))).toBe('file-unreadable');
		await expect(readFileBytes(join(folder, 'none'))).rejects.toThrow(/none: expected .* found no such file/);
	});

	test('are replaced whole, and leave no temporary file', async () => {
		const path = join(folder, 'result.json');
		await writeFileAtomically(path, 'first, longer');
		await writeFileAtomically(path, 'second');
		expect(readFileSync(path, 'utf8')).toBe('second');
		expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
	});

	test('that cannot be written leave nothing behind', async () => {
		const path = join(folder, 'taken');
		await writeFileAtomically(join(folder, 'plain'), 'x');
		expect(await errorCodeOfAsync(() => writeFileAtomically(join(folder, 'plain', 'inner'), 'x'))).toBe(
			'file-unwritable',
		);
		expect(await errorCodeOfAsync(() => writeFileAtomically(join(path, 'inner'), 'x'))).toBe('file-unwritable');
		expect(readdirSync(folder)).not.toContain('taken');
	});

	test('that cannot be written any more are a named error too', async () => {
		const path = join(folder, 'log');
		const file = await openToAppend(path, 'new');
		await append(file, path, 'a\n');
		await file.close();
		expect(readFileSync(path, 'utf8')).toBe('a\n');
		expect(await errorCodeOfAsync(() => append(file, path, 'b\n'))).toBe('file-unwritable');
	});
});

describe('folders', () => {
	test('are made with those above them, and may be there already', async () => {
		const path = join(folder, 'a', 'b', 'c');
		await makeFolder(path);
		await makeFolder(path);
		expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['c']);
	});

	test('below a file are a named error', async () => {
		writeFileSync(join(folder, 'file'), 'x');
		expect(await errorCodeOfAsync(() => makeFolder(join(folder, 'file', 'inner')))).toBe('file-unwritable');
	});

	test.skipIf(process.platform !== 'linux')('where the system makes none are a named error', async () => {
		expect(await errorCodeOfAsync(() => makeFolder('/proc/nerco-test'))).toBe('file-unwritable');
	});
});

describe('new files', () => {
	test('take no name that is taken, and leave no temporary file', async () => {
		const path = join(folder, 'mine');
		writeFileSync(path, 'mine');
		expect(await errorCodeOfAsync(() => writeFileAtomically(path, 'other', 'new'))).toBe('file-unwritable');
		expect(readFileSync(path, 'utf8')).toBe('mine');
		await writeFileAtomically(join(folder, 'fresh'), 'new', 'new');
		expect(readFileSync(join(folder, 'fresh'), 'utf8')).toBe('new');
		expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
	});

	test('may have names as long as the system takes', async () => {
		const path = join(folder, 'n'.repeat(255));
		await writeFileAtomically(path, 'x');
		expect(readFileSync(path, 'utf8')).toBe('x');
	});
});
