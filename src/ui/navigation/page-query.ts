// What the address of the page may ask for, before its hash: `?backend=webgpu|wasm|cpu` (else chosen), `?threads=2` (of
// wasm, 1 to 16; else 1), and for this visit `?theme=light|dark` and `?lang=en|zh` (else as the user left them).

import { deviceNames } from '../../experiment/device-info';
import { type Language, languages, type Theme, themes } from '../../state/preferences';
import type { BackendRequest } from '../../wire/devices';

export interface PageQuery {
	backend: BackendRequest;
	threads: number;
	theme: Theme | null;
	language: Language | null;
}

const maxThreads = 16;

/** Unknown values mean none. */
export function readPageQuery(search: string): PageQuery {
	const parameters = new URLSearchParams(search);
	const oneOf = <Name extends string>(names: readonly Name[], key: string): Name | null =>
		names.find((name) => name === parameters.get(key)) ?? null;
	const threads = Number(parameters.get('threads'));
	return {
		backend: oneOf(deviceNames, 'backend') ?? 'auto',
		threads: Number.isInteger(threads) && threads >= 1 && threads <= maxThreads ? threads : 1,
		theme: oneOf(themes, 'theme'),
		language: oneOf(languages, 'lang'),
	};
}
