// Counts what a device takes and does, from outside: GPU buffers, dispatches and submits by watching the WebGPU calls
// of each GPUDevice, WebAssembly memories by watching their making. Installed before any device is opened.

import { offerNodeGpu } from '../src/cli/open-device';

export interface Meter {
	dispatches: number;
	submits: number;
	bytes: number;
	/** Most bytes at once. */
	bytesPeak: number;
}

const gpuMeters: Meter[] = [];
const meterOfDevice = new WeakMap<object, Meter>();
const meterOfChild = new WeakMap<object, Meter>();
const wasmMemories: WebAssembly.Memory[] = [];

// biome-ignore lint/suspicious/noExplicitAny: methods of any class are wrapped alike
type Method = (this: any, ...values: any[]) => any;

/** Lets all devices opened from now on be watched. Without WebGPU only WebAssembly is. */
export async function watchDevices(): Promise<void> {
	const Memory = WebAssembly.Memory;
	WebAssembly.Memory = class extends Memory {
		constructor(descriptor: WebAssembly.MemoryDescriptor) {
			super(descriptor);
			wasmMemories.push(this);
		}
	};
	await offerNodeGpu();
	if (!globalThis.navigator?.gpu) return;
	after(GPUAdapter, 'requestDevice', (promise: Promise<GPUDevice>) => promise.then(watchGpu));
	after(GPUDevice, 'createCommandEncoder', passMeterOn);
	after(GPUCommandEncoder, 'beginComputePass', passMeterOn);
	after(GPUDevice, 'createBuffer', (buffer: GPUBuffer, device: GPUDevice) => {
		const meter = meterOfDevice.get(device);
		if (!meter) return buffer;
		meter.bytes += buffer.size;
		meter.bytesPeak = Math.max(meter.bytesPeak, meter.bytes);
		meterOfChild.set(buffer, meter);
		return buffer;
	});
	after(GPUBuffer, 'destroy', (result: unknown, buffer: GPUBuffer) => {
		const meter = meterOfChild.get(buffer);
		if (meter) meter.bytes -= buffer.size;
		meterOfChild.delete(buffer);
		return result;
	});
	const countDispatch = (result: unknown, pass: object) => {
		const meter = meterOfChild.get(pass);
		if (meter) meter.dispatches++;
		return result;
	};
	after(GPUComputePassEncoder, 'dispatchWorkgroups', countDispatch);
	after(GPUComputePassEncoder, 'dispatchWorkgroupsIndirect', countDispatch);
	after(GPUQueue, 'submit', (result: unknown, queue: object) => {
		const meter = meterOfChild.get(queue);
		if (meter) meter.submits++;
		return result;
	});
}

/** The meter of whatever `open` opens: its GPU device, or its WebAssembly memory; null when it has neither. */
export async function metered<Opened>(open: () => Promise<Opened>): Promise<{ opened: Opened; read(): Meter | null }> {
	const [gpusBefore, memoriesBefore] = [gpuMeters.length, wasmMemories.length];
	const opened = await open();
	const gpu = gpuMeters[gpusBefore];
	const memory = wasmMemories[memoriesBefore];
	const read = () => {
		if (gpu) return { ...gpu };
		if (!memory) return null;
		const bytes = memory.buffer.byteLength; // never shrinks, so this is the peak too
		return { dispatches: 0, submits: 0, bytes, bytesPeak: bytes };
	};
	return { opened, read };
}

function watchGpu(device: GPUDevice): GPUDevice {
	const meter = { dispatches: 0, submits: 0, bytes: 0, bytesPeak: 0 };
	gpuMeters.push(meter);
	meterOfDevice.set(device, meter);
	meterOfChild.set(device, meter);
	meterOfChild.set(device.queue, meter);
	return device;
}

function passMeterOn(child: object, parent: object): object {
	const meter = meterOfChild.get(parent);
	if (meter) meterOfChild.set(child, meter);
	return child;
}

/** Has every call of a method followed by `then`, which returns the call's result instead. */
function after<Result>(
	owner: { prototype: object },
	name: string,
	then: (result: Result, self: never) => unknown,
): void {
	const prototype = owner.prototype as Record<string, Method>;
	const original = prototype[name];
	prototype[name] = function (...values) {
		return then(original.apply(this, values), this as never);
	};
}
