// What a device says of itself, for events, results and the page.

/** `cpu` is the reference device (plain TensorFlow.js), slow and obvious. */
export type DeviceName = 'wasm' | 'cpu' | 'webgpu';
export const deviceNames: readonly DeviceName[] = ['webgpu', 'wasm', 'cpu'];

export interface DeviceInfo {
	name: DeviceName;
	/** For people: "WASM SIMD, relaxed fma, 1 thread" or "WebGPU, NVIDIA ampere". */
	label: string;
	/** True when a GPU interface is emulated on the processor. */
	isSoftware: boolean;
	/** The GPU adapter's own words, empty where unknown. */
	adapter?: { vendor: string; architecture: string; device: string; description: string };
	/** Which build ran, where the last bits depend on it: "plain", "relaxed-fma". */
	build?: string;
	threads: number;
}
