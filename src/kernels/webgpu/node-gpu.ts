// WebGPU in Node, through the npm package `webgpu` (Dawn, prebuilt). Only the command, benches and tests import this.
// A real GPU is found by itself; a software one through Vulkan's variable VK_ICD_FILENAMES.

/** Makes `navigator.gpu` and the GPU constants available, once. Null when it worked, else the reason why not. */
export async function installNodeGpu(): Promise<string | null> {
	if (globalThis.navigator?.gpu) return null;
	try {
		const { create, globals } = await import('webgpu');
		const gpu: GPU = create([]);
		Object.assign(globalThis, globals);
		if (!globalThis.navigator) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
		Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
		return null;
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return `the package "webgpu" does not load here: ${reason}`;
	}
}
