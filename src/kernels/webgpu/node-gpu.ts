// WebGPU in Node, through the npm package `webgpu` (Dawn, prebuilt). Only the command, benches and tests import this.
// A real GPU is found by itself. On Linux without one, the software Vulkan driver that Chromium brings along serves;
// such an adapter says that it is software, and no one gets it unasked (select.ts).

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where distributions put Chromium's SwiftShader driver, with the Vulkan loader beside it. */
const softwareDrivers = [
	'/usr/lib/chromium/vk_swiftshader_icd.json',
	'/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
	'/opt/google/chrome/vk_swiftshader_icd.json',
];

/**
 * Makes `navigator.gpu` and the GPU constants available, once, with options of Dawn. Null when it worked, else the reason
 * why not.
 */
export async function installNodeGpu(options: string[] = []): Promise<string | null> {
	if (globalThis.navigator?.gpu) return null;
	try {
		const { create, globals } = await import('webgpu');
		const gpu = await openGpu(() => create(options));
		Object.assign(globalThis, globals);
		if (!globalThis.navigator) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
		Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
		return null;
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return `the package "webgpu" does not load here: ${reason}`;
	}
}

async function openGpu(create: () => GPU): Promise<GPU> {
	const driver = softwareDriver();
	if (process.platform !== 'linux' || driver === null) return create();
	const loader = join(dirname(driver), 'libvulkan.so.1');
	if (process.env.VK_ICD_FILENAMES === undefined && holdLibrary('libvulkan.so.1')) {
		const gpu = create();
		if ((await gpu.requestAdapter()) !== null) return gpu;
	}
	process.env.VK_ICD_FILENAMES ??= driver;
	if (!holdLibrary('libvulkan.so.1')) holdLibrary(loader);
	return create();
}

function softwareDriver(): string | null {
	return process.env.VK_ICD_FILENAMES ?? softwareDrivers.find((path) => existsSync(path)) ?? null;
}

/**
 * Loads a shared library into the process for good, so that a later search by its name finds it there. Node takes it for
 * an addon and complains that it registers nothing, which shows that it is loaded. False when there is no such library.
 */
function holdLibrary(path: string): boolean {
	const loadNow = 2;
	const neverUnload = 0x1000; // RTLD_NODELETE of glibc
	try {
		process.dlopen({ exports: {} }, path, loadNow | neverUnload);
		return true;
	} catch (error) {
		return error instanceof Error && error.message.includes('did not self-register');
	}
}
