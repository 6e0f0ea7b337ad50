// What the suites of one bench share: the back ends, the corpora (read once), the time that is left, the rows and
// ratios so far.

import type { BenchBackend } from './bench-devices';
import { type BenchRow, type ProjectionRow, tableHead, tableLine } from './bench-row';
import { type BenchCorpus, readBenchCorpus } from './step-cases';
import type { TorchDevice } from './torch-times';

export interface BenchOptions {
	backends: readonly BenchBackend[];
	/** Whether webgpu is an emulated adapter here. */
	isGpuSlow: boolean;
	/** Also what takes long, and without a limit of time. */
	isFull: boolean;
	/** Of steps and projections, only those whose name has this in it; a projection's is `1000 exact wasm`. */
	only: string;
	/** A Python with PyTorch, or null. */
	python: string | null;
	torchDevice: TorchDevice;
	/** Of the whole bench, unless it is full. */
	limitSeconds: number;
}

/** A figure that is worth a line of its own, most with an aim. */
export interface Ratio {
	what: string;
	value: number;
	/** Null where it is stated only. */
	aim: { atLeast: number } | { atMost: number } | null;
}

export class BenchSession {
	readonly rows: BenchRow[] = [];
	/** Of the suite `projection`, which has columns of its own. */
	readonly projections: ProjectionRow[] = [];
	private readonly ratios: Ratio[] = [];
	private readonly deferred: (() => Promise<void>)[] = [];
	private readonly corpora = new Map<string, Promise<BenchCorpus | null>>();
	private hasSaidOver = false;

	constructor(readonly options: BenchOptions) {}

	/** True when no further case should begin; says so the first time. */
	isOver(): boolean {
		if (this.secondsLeft() > 0) return false;
		if (!this.hasSaidOver) this.note('The time is over; what is not listed was not measured. --full has no limit.');
		this.hasSaidOver = true;
		return true;
	}

	secondsLeft(): number {
		return this.options.isFull ? Number.POSITIVE_INFINITY : this.options.limitSeconds - performance.now() / 1000;
	}

	section(title: string): void {
		console.log(`\n${title}\n\n${tableHead()}`);
	}

	add(rows: readonly BenchRow[]): void {
		this.rows.push(...rows);
		for (const row of rows) console.log(tableLine(row));
	}

	/** A line that is no row: what was left out and why, or a finding. */
	note(text: string): void {
		console.log(`<!-- ${text} -->`);
	}

	ratio(what: string, value: number, aim: Ratio['aim']): void {
		this.ratios.push({ what, value, aim });
	}

	/** Leaves something for the end, when everything quick is done. */
	later(work: () => Promise<void>): void {
		this.deferred.push(work);
	}

	async finish(): Promise<void> {
		for (const work of this.deferred) if (!this.isOver()) await work();
		if (this.ratios.length > 0) console.log(`\nAims\n\n| figure | measured | aim | met |\n| --- | --- | --- | --- |`);
		for (const ratio of this.ratios) console.log(ratioLine(ratio));
	}

	corpus(name: BenchCorpus['name']): Promise<BenchCorpus | null> {
		let read = this.corpora.get(name);
		if (!read) {
			read = readBenchCorpus(name);
			this.corpora.set(name, read);
		}
		return read;
	}
}

function ratioLine({ what, value, aim }: Ratio): string {
	const found = `| ${what} | ${value >= 100 ? value.toFixed(0) : value.toPrecision(3)}`;
	if (aim === null) return `${found} | - | - |`;
	const isMet = 'atLeast' in aim ? value >= aim.atLeast : value <= aim.atMost;
	const words = 'atLeast' in aim ? `at least ${aim.atLeast}` : `at most ${aim.atMost}`;
	return `${found} | ${words} | ${isMet ? 'yes' : 'NO'} |`;
}
