// Features of BERT that memory has no room for, in a file of this process in the system's folder for temporary files, which
// goes with it. A disk without room keeps nothing more.

import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit';

export class FeatureFile {
	private readonly path: string;
	private readonly places = new Map<string, { position: number; length: number }>();
	private readonly forget: () => void;
	private file: FileHandle | null = null;
	private size = 0;
	private isFull = false;

	constructor(folder = tmpdir()) {
		this.path = join(folder, `.nerco-features-${process.pid}-${randomBytes(4).toString('hex')}`);
		this.forget = atExit(() => rmSync(this.path, { force: true }));
	}

	async put(key: string, values: Float32Array): Promise<void> {
		if (this.isFull || this.places.has(key)) return;
		try {
			this.file ??= await open(this.path, 'wx+');
			const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
			let written = 0;
			while (written < bytes.length)
				written += (await this.file.write(bytes, written, bytes.length - written, this.size + written)).bytesWritten;
			this.places.set(key, { position: this.size, length: values.length });
			this.size += bytes.length;
		} catch {
			this.isFull = true; // what is not kept is computed anew, with the same result
		}
	}

	/** Null where nothing is kept, or it cannot be read again. */
	async get(key: string): Promise<Float32Array | null> {
		const place = this.places.get(key);
		if (!place || !this.file) return null;
		const bytes = new Uint8Array(4 * place.length);
		const read = await this.file.read(bytes, 0, bytes.length, place.position).catch(() => null);
		return read?.bytesRead === bytes.length ? new Float32Array(bytes.buffer) : null;
	}

	/** What BERT gave before it changed. */
	clear(): void {
		this.places.clear();
		this.size = 0;
	}

	async close(): Promise<void> {
		await this.file?.close();
		await rm(this.path, { force: true });
		this.forget();
	}
}
