// Questions about the representations of a run.

import { UserError } from '../util/errors';
import type { Handlers } from './serve';
import { defaultMapSettings, type SpaceCommands } from './space-commands';
import type { WorkerContext } from './worker-context';

export function spaceHandlers(_context: WorkerContext): Pick<Handlers, keyof SpaceCommands> {
	const none = async () => {
		throw noFrames();
	};
	return {
		'space-points': none,
		'space-frames': async () => ({ frames: [], waiting: 0, settings: defaultMapSettings, note: null }),
		'space-frame': none,
		'space-neighbours': none,
		'space-sentence': none,
		'project-space': none,
		'space-suspicious': none,
		'space-measures': none,
		'space-contrast': none,
		'export-space': none,
	};
}

function noFrames(): UserError {
	return new UserError({
		code: 'space-no-frames',
		expected: 'a run whose representations were kept',
		found: 'none',
		remedy: 'Train it, or go on with it: frames are kept from its next epoch on.',
	});
}
