// Entry of the worker that makes one map by request: it reports its progress, shows intermediate maps, and ends with the map or an error.

import { bestMapDevice, wasmAlone } from '../../projection/map-device';
import { toWireError } from '../../wire/wire-error';
import { breathe } from '../breathe';
import type { Emit } from '../serve';
import type { FromProjectWorker, ToProjectWorker } from './project-messages';
import { projectByRequest } from './space-projection';

const port = self as unknown as {
	postMessage(message: FromProjectWorker): void;
	addEventListener(type: 'message', listener: (event: { data: ToProjectWorker }) => void): void;
};

port.addEventListener('message', ({ data: { request, mayUseGpu } }) => {
	const emit = ((_event, map) => port.postMessage({ kind: 'map', map } as FromProjectWorker)) as Emit;
	const report = async (progress: Extract<FromProjectWorker, { kind: 'progress' }>['progress']) => {
		port.postMessage({ kind: 'progress', progress });
		await breathe();
	};
	const tools = { emit, now: () => performance.now(), chooseDevice: mayUseGpu ? bestMapDevice : wasmAlone };
	projectByRequest({ report }, request, tools).then(
		(made) => port.postMessage({ kind: 'made', made }),
		(error) => port.postMessage({ kind: 'failed', error: toWireError(error) }),
	);
});
