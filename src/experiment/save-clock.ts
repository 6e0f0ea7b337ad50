// When the state of a run is to be saved: by time, so that a closed page, a killed process or a lost device costs at most
// half a minute of work, be it training or evaluation. Used by the page's worker and the headless command alike.

/** `step`: after a step; `evaluation-start`: an epoch's steps are done; `evaluation`: between its batches. */
export type SavePoint = 'step' | 'evaluation-start' | 'evaluation';

/** Together with the longest step or save this stays below half a minute. */
const saveIntervalMs = 20_000;
/** Epochs of a tiny corpus take milliseconds: no more saves than one in this time. */
export const minSaveIntervalMs = 2000;

export class SaveClock {
	private lastMs: number;

	/** Milliseconds from any fixed time. */
	constructor(private readonly nowMs: () => number) {
		this.lastMs = nowMs();
	}

	/** How long an evaluation takes is not known before, so the steps before it are saved where it begins. */
	isDue(at: SavePoint): boolean {
		return this.sinceMs >= (at === 'evaluation-start' ? minSaveIntervalMs : saveIntervalMs);
	}

	/** Milliseconds since the last save, or since the beginning. */
	get sinceMs(): number {
		return this.nowMs() - this.lastMs;
	}

	/** To be called when a save begins: what is trained while it is written counts as unsaved. */
	saved(): void {
		this.lastMs = this.nowMs();
	}
}
