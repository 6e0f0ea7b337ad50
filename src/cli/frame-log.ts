// `nerco train --frames`: measures of the representations at each moment of a run, a line a moment in frames.jsonl, by the same
// points, measures and maps as the page's. Each moment is worked out whole before training goes on.

import { join } from 'node:path';
import { choosePoints } from '../analysis/space-points';
import type { PreparedData } from '../data/prepared';
import type { RunState } from '../experiment/run-state';
import { defaultPointChoice, frameMap, isBefore, type SpaceMoment } from '../experiment/space-moment';
import { type FrameResult, openFrameWork, purityNeighbours } from '../projection/frame-work';
import { exists, readFileBytes, writeFileAtomically } from '../storage/node/files';
import { captureSpace, type RunLook } from '../training/capture-space';
import { UserError } from '../util/errors';

interface FrameLine extends SpaceMoment {
	isStageBest: boolean;
	points: number;
	purityNeighbours: number;
	entityTypes: string[];
	/** Null where the representations are no numbers or all equal; then `problem` says so. */
	measures: FrameResult['measures'] | null;
	map: (NonNullable<FrameResult['quality']> & { divergence: number | null }) | null;
	problem: string | null;
}

const fileName = 'frames.jsonl';

export class FrameLog {
	private readonly points;
	private earlier: Float32Array | null = null;
	private earlierValues: Float32Array | null = null;

	private constructor(
		private readonly file: string,
		private readonly data: PreparedData,
		private lines: FrameLine[],
	) {
		this.points = choosePoints(data.splits, data.labels, defaultPointChoice);
	}

	/** In a run's folder. Of a run that goes on the lines after its place go; its first map begins from the main axes again. */
	static async open(folder: string, data: PreparedData, resumeFrom: RunState | undefined): Promise<FrameLog> {
		const file = join(folder, fileName);
		if (!resumeFrom || !(await exists(file))) return new FrameLog(file, data, []);
		const { stageIndex, progress } = resumeFrom.position;
		const place: SpaceMoment = { stageIndex, stage: '', epoch: progress.epoch, step: 0 };
		const text = new TextDecoder().decode(await readFileBytes(file));
		const lines = text.split('\n').filter((line) => line !== '');
		const all = lines.map((line) => JSON.parse(line) as FrameLine);
		return new FrameLog(
			file,
			data,
			all.filter((line) => isBefore(line, place)),
		);
	}

	/** Also marks the best epoch of a stage, which was measured when it ended. */
	async look(look: RunLook): Promise<void> {
		const { stageIndex, stage, epoch, step, isStageBest } = look;
		const known = this.lines.find((line) => line.stageIndex === stageIndex && line.epoch === epoch);
		if (known) known.isStageBest ||= isStageBest;
		else this.lines.push({ stageIndex, stage, epoch, step, isStageBest, ...(await this.measure(look)) });
		const text = this.lines.map((line) => `${JSON.stringify(line)}\n`).join('');
		await writeFileAtomically(this.file, text);
	}

	private async measure({ network }: RunLook): Promise<Omit<FrameLine, keyof SpaceMoment | 'isStageBest'>> {
		const { points, data } = this;
		const { vectors, dimension } = await captureSpace(network, data, points, { hasPredictions: false });
		const count = points.place.length;
		const about = {
			points: count,
			purityNeighbours: Math.min(purityNeighbours, count - 1),
			entityTypes: points.entityTypes,
		};
		try {
			const work = await openFrameWork({
				values: vectors,
				count,
				dimension,
				types: Int32Array.from(points.type),
				typeCount: points.entityTypes.length,
				isBegin: points.isBegin,
				earlier: this.earlier,
				earlierValues: this.earlierValues,
				...frameMap,
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
