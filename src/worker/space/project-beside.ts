// A map by request in a separate worker, so that training keeps its pace while somebody tries other settings. Where the worker does
// not start or dies, the map is made here.

import { fromWireError } from '../../wire/wire-error';
import type { Emit } from '../serve';
import type { Task } from '../tasks';
import type { FromProjectWorker, ToProjectWorker } from './project-messages';
import { type MadeMap, type MapRequest, projectByRequest } from './space-projection';

/** A worker as it is needed here. */
export interface ProjectWorkerPort {
	postMessage(message: ToProjectWorker): void;
	addEventListener(type: 'message', listener: (event: { data: FromProjectWorker }) => void): void;
	addEventListener(type: 'error', listener: (event: { preventDefault?(): void }) => void): void;
	terminate(): void;
}

export interface BesideTools {
	emit: Emit;
	now(): number;
	mayUseGpu: boolean;
	/** Null where none can be started. */
	openWorker?(): ProjectWorkerPort | null;
}

/** As `projectByRequest`. */
export function projectBeside(
	task: Pick<Task, 'report' | 'signal'>,
	request: MapRequest,
	{ emit, now, mayUseGpu, openWorker = openProjectWorker }: BesideTools,
): Promise<MadeMap> {
	const worker = openWorker();
	if (!worker) return projectByRequest(task, request, { emit, now });
	const made = new Promise<MadeMap>((resolve, reject) => {
		const stop = () => reject(new Error('stopped')); // the task says in its own words that it was cancelled
		if (task.signal.aborted) stop();
		task.signal.addEventListener('abort', stop, { once: true });
		worker.addEventListener('message', ({ data }) => {
			if (data.kind === 'progress') task.report(data.progress).catch(reject);
			else if (data.kind === 'map') emit('space-map', data.map);
			else if (data.kind === 'made') resolve(data.made);
			else reject(fromWireError(data.error));
		});
		worker.addEventListener('error', (event) => {
			event.preventDefault?.();
			projectByRequest(task, request, { emit, now }).then(resolve, reject);
		});
		worker.postMessage({ request, mayUseGpu });
	});
	return made.finally(() => worker.terminate());
}

function openProjectWorker(): ProjectWorkerPort | null {
	if (typeof Worker === 'undefined') return null;
	const worker = new Worker(new URL('./project-worker.ts', import.meta.url), { type: 'module', name: 'projection' });
	return worker as unknown as ProjectWorkerPort;
}
