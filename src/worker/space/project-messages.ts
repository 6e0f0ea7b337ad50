// Messages to and from the worker that makes one map.

import type { SpaceEvents } from '../../wire/space';
import type { TaskProgress } from '../../wire/tasks';
import type { WireError } from '../../wire/wire-error';
import type { MadeMap, MapRequest } from './space-projection';

export interface ToProjectWorker {
	request: MapRequest;
	/** Training leaves it alone. */
	mayUseGpu: boolean;
}

export type FromProjectWorker =
	| { kind: 'progress'; progress: TaskProgress }
	| { kind: 'map'; map: SpaceEvents['space-map'] }
	| { kind: 'made'; made: MadeMap }
	| { kind: 'failed'; error: WireError };
