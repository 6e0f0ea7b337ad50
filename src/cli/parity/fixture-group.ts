// What one group of fixtures brings to parity: which cases a folder holds, and how one is compared.

import type { Device } from '../../kernels/operations';
import type { Comparison } from './comparison';

export interface FixtureGroup {
	/** Name of the folder. */
	name: string;
	/** False for what runs on no device (scores, lattices): compared once. */
	needsDevice: boolean;
	/** True for what needs the operations of a transformer, which a device may lack. */
	needsTransformer?: boolean;
	/** True for what is too slow for webgpu on a software adapter, or for everyday runs. */
	isSlow?: (backend: string, caseName: string) => boolean;
	/** Names of the cases in the folder; an empty name for a folder that is one case. */
	cases(folder: string): string[];
	run(folder: string, caseName: string, comparison: Comparison, device: Device | null): Promise<void>;
}
