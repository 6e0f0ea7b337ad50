import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { wasmBuilds } from '../../testing/wasm-builds';
import { createWasmDevice } from './device';
import { compileKernels, hasWasmSimd } from './load';

const bytes = await readFile(fileURLToPath(new URL('./kernels.wasm', import.meta.url)));

test('the probe finds SIMD where the module compiles', () => {
	expect(hasWasmSimd()).toBe(WebAssembly.validate(bytes));
});

test.each(wasmBuilds)('the build %s says so in its info', async (build) => {
	const { info } = await createWasmDevice({ build });
	expect(info).toMatchObject({ name: 'wasm', build, threads: 1, isSoftware: false });
});

test('given bytes are used instead of the file', async () => {
	await expect(createWasmDevice({ build: 'plain', bytes: Uint8Array.of(1, 2, 3) })).rejects.toThrow(
		'WebAssembly.compile',
	);
	expect((await createWasmDevice({ build: 'plain', bytes })).info.build).toBe('plain');
});

test('an engine without SIMD is refused with a remedy', async () => {
	const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
	await expect(compileKernels('plain')).rejects.toMatchObject({ code: 'wasm-no-simd' });
	validate.mockRestore();
});
