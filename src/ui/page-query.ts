// What the address of the page may ask for, before its hash: `?backend=webgpu|wasm|cpu` (else chosen), and for this visit
// `?theme=light|dark` and `?lang=en|zh` (else as the user left them).

import { deviceNames } from '../experiment/device-info';
import { type Language, languages, type Theme, themes } from '../state/preferences';
import type { BackendRequest } from '../worker/protocol';

export interface PageQuery {
	backend: BackendRequest;
	theme: Theme | null;
	language: Language | null;
}

/** Unknown values mean none. */
export function readPageQuery(search: string): PageQuery {
	const parameters = new URLSearchParams(search);
	const oneOf = <Name extends string>(names: readonly Name[], key: string): Name | null =>
		names.find((name) => name === parameters.get(key)) ?? null;
	return {
		backend: oneOf(deviceNames, 'backend') ?? 'auto',
		theme: oneOf(themes, 'theme'),
		language: oneOf(languages, 'lang'),
	};
}
