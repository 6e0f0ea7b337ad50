// What the suites of one bench share: the back ends, the corpora (read once), the time that is left, the rows so far.

import type { DeviceName } from '../src/experiment/device-info';
import { type BenchRow, tableHead, tableLine } from './bench-row';
import { type BenchCorpus, readBenchCorpus } from './step-cases';

export interface BenchOptions {
	backends: readonly DeviceName[];
	/** Also what takes long, and without a limit of time. */
	isFull: boolean;
	/** A Python with PyTorch, or null. */
	python: string | null;
	/** Of the whole bench, unless it is full. */
	limitSeconds: number;
}

export class BenchSession {
	readonly rows: BenchRow[] = [];
	private readonly corpora = new Map<string, Promise<BenchCorpus | null>>();

	constructor(readonly options: BenchOptions) {}

	/** True when no further case should begin; says so the first time. */
	isOver(): boolean {
		if (this.options.isFull || performance.now() < 1000 * this.options.limitSeconds) return false;
		this.note('The time is over; cases that are not listed were not measured. --full has no limit.');
		return true;
	}

	section(title: string): void {
		console.log(`\n${title}\n\n${tableHead()}`);
	}

	add(rows: readonly BenchRow[]): void {
		this.rows.push(...rows);
		for (const row of rows) console.log(tableLine(row));
	}

	/** A line that is no row: what was left out and why, or a ratio. */
	note(text: string): void {
		console.log(`<!-- ${text} -->`);
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
