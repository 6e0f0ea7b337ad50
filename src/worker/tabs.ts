// Several open tabs on one workspace: who may write a run (Web Locks), and how each hears what another changed (a
// broadcast channel). Where the browser has neither, every tab is on its own, and revisions alone guard the records.

import type { ItemChange } from '../storage/workspace/workspace';
import { UserError } from '../util/errors';

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

/** What pages of one browser tell each other, by a broadcast channel of its own; without one every page is on its own. */
export class PageChannel<Message> {
	private readonly channel: BroadcastChannel | null;

	constructor(name: string) {
		this.channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name);
	}

	listen(hear: (message: Message) => void): void {
		if (this.channel) this.channel.onmessage = (event) => hear(event.data as Message);
	}

	tell(message: Message): void {
		this.channel?.postMessage(message);
	}

	close(): void {
		this.channel?.close();
	}
}

/** Tells the other tabs of changes and hears of theirs. */
export class ChangeChannel {
	private readonly channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(channelName);

	constructor(onChange: (change: ItemChange) => void) {
		if (this.channel) this.channel.onmessage = (event) => onChange(event.data as ItemChange);
	}

	tell(change: ItemChange): void {
		this.channel?.postMessage(change);
	}

	close(): void {
		this.channel?.close();
	}
}
