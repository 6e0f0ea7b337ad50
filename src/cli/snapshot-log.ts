// `nerco train --frames`: measures of the representations in each snapshot of a run, one line per snapshot in frames.jsonl, with the
// same points, measures and maps as the page. Each snapshot is finished before training continues. Names in the file are fixed.

import { join } from 'node:path';
import { choosePoints } from '../analysis/space-points';
import type { PreparedData } from '../data/prepared';
import type { RunState } from '../experiment/run-state';
import { defaultPointChoice, isBefore, type SnapshotKey, snapshotMap } from '../experiment/space-snapshot';
import { openSnapshotWork, purityNeighbours, type SnapshotResult } from '../projection/snapshot-work';
import { exists, readFileBytes, writeFileAtomically } from '../storage/node/files';
import { captureSpace, type RunSnapshot } from '../training/capture-space';
import { UserError } from '../util/errors';

interface SnapshotLine extends SnapshotKey {
	isStageBest: boolean;
	points: number;
	purityNeighbours: number;
	entityTypes: string[];
	/** Null where the representations are not numbers or all equal; then `problem` says so. */
	measures: SnapshotResult['measures'] | null;
	map: (NonNullable<SnapshotResult['quality']> & { divergence: number | null }) | null;
	problem: string | null;
}

const fileName = 'frames.jsonl';

export class SnapshotLog {
	private readonly points;
	private earlier: Float32Array | null = null;
	private earlierValues: Float32Array | null = null;

	private constructor(
		private readonly file: string,
		private readonly data: PreparedData,
		private lines: SnapshotLine[],
	) {
		this.points = choosePoints(data.splits, data.labels, defaultPointChoice);
	}

	/** In a run's folder. For a resumed run, the lines after its position are removed; its first map starts from the principal axes. */
	static async open(folder: string, data: PreparedData, resumeFrom: RunState | undefined): Promise<SnapshotLog> {
		const file = join(folder, fileName);
		if (!resumeFrom || !(await exists(file))) return new SnapshotLog(file, data, []);
		const { stageIndex, progress } = resumeFrom.position;
		const position: SnapshotKey = { stageIndex, stage: '', epoch: progress.epoch, step: 0 };
		const text = new TextDecoder().decode(await readFileBytes(file));
		const lines = text.split('\n').filter((line) => line !== '');
		const all = lines.map((line) => JSON.parse(line) as SnapshotLine);
		return new SnapshotLog(
			file,
			data,
			all.filter((line) => isBefore(line, position)),
		);
	}

	/** Also marks the best epoch of a stage, which was measured when it ended. */
	async add(snapshot: RunSnapshot): Promise<void> {
		const { stageIndex, stage, epoch, step, isStageBest } = snapshot;
		const known = this.lines.find((line) => line.stageIndex === stageIndex && line.epoch === epoch);
		if (known) known.isStageBest ||= isStageBest;
		else this.lines.push({ stageIndex, stage, epoch, step, isStageBest, ...(await this.measure(snapshot)) });
		const text = this.lines.map((line) => `${JSON.stringify(line)}\n`).join('');
		await writeFileAtomically(this.file, text);
	}

	private async measure({ network }: RunSnapshot): Promise<Omit<SnapshotLine, keyof SnapshotKey | 'isStageBest'>> {
		const { points, data } = this;
		const { vectors, dimension } = await captureSpace(network, data, points, { hasPredictions: false });
		const count = points.characterIndex.length;
		const about = {
			points: count,
			purityNeighbours: Math.min(purityNeighbours, count - 1),
			entityTypes: points.entityTypes,
		};
		try {
			const work = await openSnapshotWork({
				values: vectors,
				count,
				dimension,
				types: Int32Array.from(points.type),
				typeCount: points.entityTypes.length,
				isBegin: points.isBegin,
				earlier: this.earlier,
				earlierValues: this.earlierValues,
				...snapshotMap,
			});
			let next = work.next();
			while (!next.done) next = work.next();
			const { measures, quality, divergence, map } = next.value;
			this.earlier = map;
			this.earlierValues = vectors;
			return { ...about, measures, map: quality && { ...quality, divergence }, problem: null };
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			return { ...about, measures: null, map: null, problem: error.message };
		}
	}
}
