// Entry of the worker that makes snapshots beside training.

import { bestMapDevice, wasmAlone } from '../../projection/map-device';
import { breathe } from '../breathe';
import { type Made, SnapshotMaker } from './snapshot-maker';
import type { ToSnapshotWorker } from './snapshot-messages';

/** Milliseconds of work between two checks for messages. */
const sliceMs = 20;

const port = self as unknown as {
	postMessage(message: Made): void;
	addEventListener(type: 'message', listener: (event: { data: ToSnapshotWorker }) => void): void;
};

let maker: SnapshotMaker | null = null;
let share = 1;
let isAtWork = false;

port.addEventListener('message', ({ data }) => {
	switch (data.kind) {
		case 'open':
			share = data.share;
			maker = new SnapshotMaker({
				points: data.points,
				lastMap: data.lastMap,
				chooseDevice: data.mayUseGpu ? bestMapDevice : wasmAlone,
				now: () => performance.now(),
				onMade: (made) => port.postMessage(made),
			});
			break;
		case 'add':
			maker?.add(data.id, data.captured);
			void workOn();
			break;
		case 'drop':
			maker?.drop(data.id);
			break;
		case 'share':
			share = data.share;
			break;
		default:
			data satisfies never;
	}
});

async function workOn(): Promise<void> {
	if (isAtWork) return;
	isAtWork = true;
	while (await maker?.work(sliceMs)) await (share < 1 ? rest((sliceMs * (1 - share)) / share) : breathe());
	isAtWork = false;
}

function rest(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
