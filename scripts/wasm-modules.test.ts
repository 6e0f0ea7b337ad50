// The committed WASM modules are what their sources compile to. Compiling them all takes minutes on a busy machine: one
// that its record vouches for is not compiled again, except the smallest, and all with NERCO_REBUILD_WASM=1.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { modules as kernels } from '../src/kernels/wasm/build.mjs';
import { modules as mapKernels } from '../src/projection/wasm/build.mjs';
import { isReproduced, isVouchedFor } from './wasm-modules.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'nerco-wasm-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const [smallest] = mapKernels;

test.each([...kernels, ...mapKernels])(
	'$file is what its sources compile to: else run `npm run build:wasm`',
	async (module) => {
		const isTrusted = module !== smallest && process.env.NERCO_REBUILD_WASM !== '1' && isVouchedFor(module);
		expect(isTrusted || (await isReproduced(module))).toBe(true);
		if (!isVouchedFor(module))
			console.warn(`${module.file} is compiled at each test until \`npm run build:wasm\` is run`);
	},
);

/** The smallest module in a folder of its own, with one of its files changed. */
function changed(name: string, file: string, change: (bytes: Buffer) => Buffer | string) {
	const folder = join(scratch, name);
	cpSync(smallest.folder, folder, { recursive: true });
	writeFileSync(join(folder, file), change(readFileSync(join(folder, file))));
	return { ...smallest, folder };
}

test('a module whose source, options or bytes changed is not vouched for', () => {
	expect(isVouchedFor(changed('same', 'module/map-kernels.ts', (bytes) => bytes))).toBe(true);
	expect(isVouchedFor(changed('source', 'module/map-kernels.ts', (bytes) => `${bytes}\n// more\n`))).toBe(false);
	expect(isVouchedFor({ ...smallest, options: [...smallest.options, '--noExportMemory'] })).toBe(false);
	expect(isVouchedFor(changed('bytes', smallest.file, (bytes) => bytes.fill(1, 20, 21)))).toBe(false);
});

test('line ends of another system change nothing', () => {
	const windows = changed('lines', 'module/map-kernels.ts', (bytes) => bytes.toString().replaceAll('\n', '\r\n'));
	expect(isVouchedFor(windows)).toBe(true);
});

test('a module that is not what its source compiles to is found by compiling', async () => {
	expect(await isReproduced(changed('other', smallest.file, (bytes) => bytes.fill(1, 20, 21)))).toBe(false);
});
