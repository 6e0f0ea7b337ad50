// What the address of the page may ask for: `?backend=webgpu|wasm|cpu` (else chosen), `?theme=light|dark` (else the system's),
// `?threads=2` (of wasm, 1 to 16; else 1).

import { deviceNames } from '../experiment/device-info';
import type { BackendRequest } from '../worker/protocol';

export type ThemeRequest = 'system' | 'light' | 'dark';

export interface PageQuery {
	backend: BackendRequest;
	theme: ThemeRequest;
	threads: number;
}

const mostThreads = 16;

/** Unknown values mean the default. */
export function readPageQuery(search: string): PageQuery {
	const parameters = new URLSearchParams(search);
	const backend = deviceNames.find((name) => name === parameters.get('backend'));
	const theme = parameters.get('theme');
	const threads = Number(parameters.get('threads'));
	return {
		backend: backend ?? 'auto',
		theme: theme === 'light' || theme === 'dark' ? theme : 'system',
		threads: Number.isInteger(threads) && threads >= 1 && threads <= mostThreads ? threads : 1,
	};
}
