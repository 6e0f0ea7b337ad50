// How the command waits for an output that another host may still be writing.

import type { LockOptions } from '../storage/node/output-lock';
import { printNotes } from './terminal';

export const lockOptions: LockOptions = {
	nowMs: () => Date.now(),
	onWait: (owner, seconds) =>
		printNotes(`waiting up to ${Math.ceil(seconds)} s to see whether ${owner} still writes here`),
};
