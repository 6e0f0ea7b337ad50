import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));

test('the committed module is what its source compiles to', { timeout: 240_000 }, async () => {
	const folder = await mkdtemp(join(tmpdir(), 'projection-'));
	try {
		await promisify(execFile)(process.execPath, [join(here, 'build.mjs'), folder]);
		const file = 'map-kernels.wasm';
		const [built, committed] = await Promise.all([readFile(join(folder, file)), readFile(join(here, file))]);
		expect(built.equals(committed), 'run npm run build:wasm').toBe(true);
	} finally {
		await rm(folder, { recursive: true });
	}
});
