// What a chart of curves shows, apart from how it is drawn: lines over a shared axis, borders of stages, a table twin.

import { csvText } from '../../../util/csv';

export interface CurvePoint {
	x: number;
	y: number;
}

export interface Curve {
	id: string;
	/** At the line's end, in its colour; empty for none. */
	name: string;
	/** A CSS colour, as `var(--chart-1)`. */
	color: string;
	points: readonly CurvePoint[];
	stroke?: 'solid' | 'dashed' | 'faint';
	/** Left out of hover and table: the raw values under a smooth line. */
	isGround?: boolean;
	/** The last value in words. */
	lastText?: string;
	/** An open circle at this x: the best epoch. */
	markedX?: number;
}

export interface StageBorder {
	name: string;
	/** Where the stage begins on the axis. */
	x: number;
}

/** The name of a curve's value in a row: a curve may be called `x`, or `__proto__`. */
export function rowKey(id: string): string {
	return `y ${id}`;
}

/** One row for each x that any curve has, ordered; a curve without a value there is left out of the row. */
export function curveRows(curves: readonly Curve[]): Record<string, number>[] {
	const rows = new Map<number, Record<string, number>>();
	for (const { id, points } of curves) {
		for (const { x, y } of points) {
			const row = rows.get(x) ?? { x };
			row[rowKey(id)] = y;
			rows.set(x, row);
		}
	}
	return [...rows.values()].sort((left, right) => left.x - right.x);
}

/** The values that a line has in a part of the axis, with those it comes from and goes to there. */
export function valuesWithin(points: readonly CurvePoint[], [from, to]: readonly [number, number]): number[] {
	return points
		.filter(({ x }, index) => {
			const isReached = x >= from || (index + 1 < points.length && points[index + 1].x > from);
			return isReached && (x <= to || (index > 0 && points[index - 1].x < to));
		})
		.map(({ y }) => y);
}

/** The curves as CSV, one row an x. */
export function curvesCsv(curves: readonly Curve[], axis: string): string {
	const shown = curves.filter(({ isGround }) => !isGround);
	const head = [axis, ...shown.map(({ id }) => id)];
	const rows = curveRows(shown).map((row) => [row.x, ...shown.map(({ id }) => row[rowKey(id)])]);
	return csvText([head, ...rows]);
}

/** At most `limit` points: every second, third … one, the last always, and the one at `markedX`. */
export function thinned(points: readonly CurvePoint[], limit: number, markedX?: number): CurvePoint[] {
	const every = Math.ceil(points.length / limit);
	return points.filter(({ x }, index) => (points.length - 1 - index) % every === 0 || x === markedX);
}
