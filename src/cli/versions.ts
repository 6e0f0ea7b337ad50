// What ran: versions named in results and checkpoints, so that a figure can be traced to the code behind it.

import manifest from '../../package.json' with { type: 'json' };
import type { DeviceInfo } from '../experiment/device-info';

export const packageVersion: string = manifest.version;

/** Names and versions, all text. */
export function versionsOf(device: DeviceInfo): Record<string, string> {
	return {
		'nerco-workbench': packageVersion,
		node: process.versions.node,
		v8: process.versions.v8,
		platform: `${process.platform}-${process.arch}`,
		device: device.label,
		...(device.build ? { 'kernel-build': device.build } : {}),
	};
}
