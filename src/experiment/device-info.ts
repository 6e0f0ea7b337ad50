// What a device says of itself, for events, results and the page.

/** `cpu` is the reference device (plain TensorFlow.js), slow and obvious. */
export type DeviceName = 'wasm' | 'cpu' | 'webgpu';
export const deviceNames: readonly DeviceName[] = ['webgpu', 'wasm', 'cpu'];

/** How webgpu computes: own programs, steps recorded ('fused'); or TensorFlow.js, operation by operation, as a check. */
export type KernelsName = 'fused' | 'composed';
export const kernelsNames: readonly KernelsName[] = ['fused', 'composed'];

export interface DeviceInfo {
	name: DeviceName;
	/** For people: "WASM SIMD, relaxed fma, 1 thread" or "WebGPU, NVIDIA ampere". */
	label: string;
	/** True when a GPU interface is emulated on the processor. */
	isSoftware: boolean;
	/** The GPU adapter's own words, empty where unknown. */
	adapter?: { vendor: string; architecture: string; device: string; description: string };
	/** Which build ran, where the last bits depend on it: "plain", "relaxed-fma"; on webgpu "fused", "composed". */
	build?: string;
	threads: number;
}
