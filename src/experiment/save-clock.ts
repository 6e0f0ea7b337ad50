// When the state of a run is to be saved: by time, so that a closed page, a killed process or a lost device costs at most
// half a minute of work, be it training or evaluation; less often where a save takes so long that it would be more than a
// tenth of the time, and then says so. Used by the page's worker and the headless command alike.

/** `step`: after a step; `evaluation-start`: an epoch's steps are done; `evaluation`: between its batches. */
export type SavePoint = 'step' | 'evaluation-start' | 'evaluation';

/** Together with the longest step or save this stays below half a minute. */
const saveIntervalMs = 20_000;
/** Epochs of a tiny corpus take milliseconds: no more saves than one in this time. */
export const minSaveIntervalMs = 2000;
/** From the beginning of a save to that of the next, in times that the save took. */
const shareOfSaving = 10;
/** What a crash costs is told beyond this, and again when it has changed by half. */
const toldMs = 30_000;

export class SaveClock {
	private lastMs: number;
	private costMs = 0;
	private lastTold = toldMs;

	/** Milliseconds from any fixed time. */
	constructor(private readonly nowMs: () => number) {
		this.lastMs = nowMs();
	}

	/** How long an evaluation takes is not known before, so the steps before it are saved where it begins. */
	isDue(at: SavePoint): boolean {
		return this.sinceMs >= Math.max(at === 'evaluation-start' ? minSaveIntervalMs : saveIntervalMs, this.leastMs);
	}

	/** Whether the last save was so dear that another one now, where none is due, would take more than its share of the time. */
	get isTooSoon(): boolean {
		return this.leastMs > minSaveIntervalMs && this.sinceMs < this.leastMs;
	}

	/** Milliseconds since the last save, or since the beginning. */
	get sinceMs(): number {
		return this.nowMs() - this.lastMs;
	}

	/** To be called when a save begins: what is trained while it is written counts as unsaved. */
	saved(): void {
		this.lastMs = this.nowMs();
	}

	/** To be called when that save is done. */
	done(): void {
		this.costMs = this.sinceMs;
	}

	/** Minutes that a crash can cost, when that is more than half a minute and not what was told last; else null. */
	minutesToTell(): number | null {
		const lost = this.leastMs + this.costMs;
		if (lost <= toldMs || (lost < 1.5 * this.lastTold && lost > this.lastTold / 1.5)) return null;
		this.lastTold = lost;
		return Math.ceil(lost / 30_000) / 2;
	}

	private get leastMs(): number {
		return shareOfSaving * this.costMs;
	}
}

/** For the run's log and its page. */
export function lossWarning(minutes: number): { kind: 'warning'; code: string; message: string } {
	const last = minutes === 1 ? 'minute' : `${minutes} minutes`;
	const message = `The state takes long to save, so it is saved less often: a crash can lose the last ${last}.`;
	return { kind: 'warning', code: 'saved-less-often', message };
}
