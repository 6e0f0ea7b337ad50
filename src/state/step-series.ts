// Loss, learning rate and time of every step as a curve of bounded length: when it grows too long, neighbours are averaged
// two by two and each later point holds twice as many steps. The stage of a point is kept: losses of two stages are
// different things.

export interface SeriesPoint {
	/** Step over the whole run, from 1: the last one that the point holds. */
	step: number;
	/** Mean loss of its steps. */
	loss: number;
	/** Of its last step. */
	learningRate: number;
	/** Mean seconds of its steps. */
	seconds: number;
	stage: string;
}

export interface StepSeries {
	points: readonly SeriesPoint[];
	/** Steps that a full point holds. */
	stepsPerPoint: number;
	/** Steps that the last point holds so far. */
	lastCount: number;
}

/** Most points of a curve on screen. */
const seriesLimit = 400;

export const emptySeries: StepSeries = { points: [], stepsPerPoint: 1, lastCount: 0 };

/** The series with further steps, in order. Linear in the points kept. */
export function extendSeries(series: StepSeries, added: readonly SeriesPoint[], limit = seriesLimit): StepSeries {
	const points = series.points.slice();
	let { stepsPerPoint, lastCount } = series;
	for (const next of added) {
		const last = points[points.length - 1];
		if (last && last.stage === next.stage && lastCount < stepsPerPoint) {
			points[points.length - 1] = joined(last, next, 1 / (lastCount + 1));
			lastCount++;
			continue;
		}
		points.push({ ...next });
		lastCount = 1;
		if (points.length <= limit) continue;
		const merged = mergeNeighbours(points);
		points.splice(0, points.length, ...merged);
		stepsPerPoint *= 2;
	}
	return { points, stepsPerPoint, lastCount };
}

/** Two neighbours as one point; `share` is the part of its steps that the later one holds. */
function joined(left: SeriesPoint, right: SeriesPoint, share: number): SeriesPoint {
	const mean = (one: number, other: number) => one * (1 - share) + other * share;
	return { ...right, loss: mean(left.loss, right.loss), seconds: mean(left.seconds, right.seconds) };
}

/** Averages points two by two within each stage; the newest stays as it is, because it is still growing. */
function mergeNeighbours(points: readonly SeriesPoint[]): SeriesPoint[] {
	const merged: SeriesPoint[] = [];
	const settled = points.length - 1;
	for (let index = 0; index < settled; index++) {
		const [left, right] = [points[index], points[index + 1]];
		if (index + 1 < settled && left.stage === right.stage) {
			merged.push(joined(left, right, 0.5));
			index++;
		} else {
			merged.push(left);
		}
	}
	merged.push(points[settled]);
	return merged;
}
