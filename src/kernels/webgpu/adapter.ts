// Which GPU adapter there is, asked before TensorFlow.js is loaded: without an adapter its start would throw.

export interface AdapterFinding {
	vendor: string;
	architecture: string;
	device: string;
	description: string;
	/** True when the adapter is emulated on the processor. */
	isSoftware: boolean;
}

/** Words by which the known software adapters name themselves (SwiftShader, Mesa lavapipe, Windows' WARP). */
const softwareNames = /swiftshader|llvmpipe|lavapipe|software|basic render|warp/i;

/** The adapter that WebGPU would give us, or null and why there is none. */
export async function probeAdapter(): Promise<{ adapter: AdapterFinding } | { adapter: null; reason: string }> {
	const gpu = globalThis.navigator?.gpu;
	if (!gpu) return { adapter: null, reason: 'this environment has no WebGPU' };
	const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
	if (!adapter) return { adapter: null, reason: 'WebGPU found no graphics adapter' };
	const { vendor, architecture, device, description } = adapter.info;
	return { adapter: { vendor, architecture, device, description, isSoftware: isSoftwareAdapter(adapter.info) } };
}

/** Whether an adapter computes on the processor. */
export function isSoftwareAdapter(info: GPUAdapterInfo): boolean {
	const { vendor, architecture, device, description, isFallbackAdapter } = info;
	return isFallbackAdapter === true || softwareNames.test([vendor, architecture, device, description].join(' '));
}

/** "nvidia ampere", or what else is known. */
export function describeAdapter({ vendor, architecture, device, description }: AdapterFinding): string {
	return [vendor, architecture].filter(Boolean).join(' ') || description || device || 'unknown adapter';
}
