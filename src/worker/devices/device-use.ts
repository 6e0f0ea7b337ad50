// Who computes where in the worker: one thing at a time on the run's device, and tagging on a small device of its own, so
// that it needs not wait for a run, nor a run for it.

import type { DeviceInfo } from '../../experiment/device-info';
import type { Device } from '../../kernels/operations';
import { createDevice } from '../../kernels/select';
import { invariant, UserError } from '../../util/errors';
import type { Commands } from '../../wire/messages';

type OpenDevice = Commands['open-device'];

export class RunDevice {
	private device: Device | null = null;
	private isTaken = false;

	get isBusy(): boolean {
		return this.isTaken;
	}

	/** Opens a device in place of the one before. Throws UserError `device-busy`, and what `createDevice` throws. */
	async open(asked: OpenDevice['request']): Promise<OpenDevice['reply']> {
		this.requireFree();
		this.device?.dispose();
		this.device = null;
		const { device, gpu, findings } = await createDevice({ request: asked.backend, threads: asked.threads });
		this.device = device;
		return { info: device.info, gpu, findings };
	}

	/** Runs one thing at a time; what comes meanwhile is refused with UserError `device-busy`. */
	async alone<Result>(work: (device: Device) => Promise<Result>): Promise<Result> {
		this.requireFree();
		this.isTaken = true;
		try {
			invariant(this.device, 'no device is open');
			return await work(this.device);
		} finally {
			this.isTaken = false;
		}
	}

	/** Of the open device; null without one. */
	get info(): DeviceInfo | null {
		return this.device?.info ?? null;
	}

	/** Bytes that the open device holds, at most so far where it tells that; 0 without one. */
	get memoryBytes(): number {
		const memory = this.device?.memory();
		return memory ? (memory.peakBytes ?? memory.bytes) : 0;
	}

	requireFree(): void {
		if (!this.isTaken) return;
		throw new UserError({
			code: 'device-busy',
			expected: 'a free compute device',
			found: 'a run in progress',
			remedy: 'Stop the run, or wait until it ends.',
		});
	}
}

export class TaggingDevice {
	/** Null where there is no wasm: then the run's device tags when it is free. */
	private own: Promise<Device | null> | null = null;
	private last: Promise<unknown> = Promise.resolve();

	constructor(private readonly runDevice: RunDevice) {}

	/** Works one after the other: a tagging takes the device's parameters over. */
	run<Result>(work: (device: Device) => Promise<Result>): Promise<Result> {
		const next = this.last.then(async () => {
			const own = await (this.own ??= openTaggingDevice());
			return own ? work(own) : this.runDevice.alone(work);
		});
		this.last = next.catch(() => {});
		return next;
	}
}

async function openTaggingDevice(): Promise<Device | null> {
	try {
		return (await createDevice({ request: 'wasm' })).device;
	} catch (error) {
		if (error instanceof UserError) return null;
		throw error;
	}
}
