// Several open tabs on one workspace: who may write a run (Web Locks), and how each hears what another changed (a
// broadcast channel). Where the browser has neither, every tab is on its own, and revisions alone guard the records.

import type { ItemChange } from '../storage/workspace/workspace';
import { UserError } from '../util/errors';
import { PageChannel } from '../wire/page-channel';

export type Release = () => void;

/** The part of navigator.locks that is needed; undefined where the page came neither from localhost nor by https. */
export type Locks = Pick<LockManager, 'request' | 'query'> | undefined;

const runPrefix = 'nerco-run:';
const presentName = 'nerco-present';
const channelName = 'nerco-workspace';

export class Tabs {
	constructor(private readonly locks: Locks) {}

	/** Takes a run for writing until it is released. Throws a UserError `run-open-elsewhere` when another tab has it. */
	async claimRun(runId: string): Promise<Release> {
		const release = await this.tryLock(runPrefix + runId, 'exclusive');
		if (release) return release;
		throw openElsewhere();
	}

	/** Ids of the runs that some tab has taken, this one included. */
	async claimedRuns(): Promise<string[]> {
		const { held = [] } = (await this.locks?.query()) ?? {};
		const names = held.map(({ name }) => name ?? '');
		return names.filter((name) => name.startsWith(runPrefix)).map((name) => name.slice(runPrefix.length));
	}

	/** Throws a UserError `run-open-elsewhere` when some tab trains this run. */
	async requireUnclaimed(runId: string): Promise<void> {
		if ((await this.claimedRuns()).includes(runId)) throw openElsewhere();
	}

	/** Runs the work when no other tab is open, and then counts this one as open. Where there are no locks, nobody knows
	 *  whether another tab is open, so the work is left. */
	async enter(whenAlone: () => Promise<void>): Promise<void> {
		if (!this.locks) return;
		const release = await this.tryLock(presentName, 'exclusive');
		if (release) {
			try {
				await whenAlone();
			} finally {
				release();
			}
		}
		await this.tryLock(presentName, 'shared', { waits: true });
	}

	/** Null when the lock is taken. `waits` waits for it instead. */
	private tryLock(name: string, mode: LockMode, { waits = false } = {}): Promise<Release | null> {
		const { locks } = this;
		if (!locks) return Promise.resolve(() => {});
		return new Promise((resolve, reject) => {
			const held = locks.request(name, { mode, ifAvailable: !waits }, (lock) => {
				if (!lock) return resolve(null);
				return new Promise<void>((release) => resolve(release));
			});
			held.catch(reject);
		});
	}
}

function openElsewhere(): UserError {
	return new UserError({
		code: 'run-open-elsewhere',
		expected: 'a run that is not open in another tab',
		found: 'a run that is training in another tab',
		remedy: 'Go to that tab, or stop the run there; here you can only watch it.',
	});
}

/** Tells the other tabs of changes and hears of theirs. */
export function changeChannel(onChange: (change: ItemChange) => void): PageChannel<ItemChange> {
	const channel = new PageChannel<ItemChange>(channelName);
	channel.listen(onChange);
	return channel;
}
