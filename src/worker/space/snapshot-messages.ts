// Messages to the worker that makes snapshots.

import type { StoredPoints } from '../../storage/workspace/space-record';
import type { CapturedSnapshot } from './snapshot-maker';

export type ToSnapshotWorker =
	/** `mayUseGpu`: training leaves it alone. */
	| { kind: 'open'; points: StoredPoints; lastMap: Float32Array | null; share: number; mayUseGpu: boolean }
	| { kind: 'add'; id: number; captured: CapturedSnapshot }
	| { kind: 'drop'; id: number }
	/** Part of the time in which it may work, above 0, at most 1. */
	| { kind: 'share'; share: number };
