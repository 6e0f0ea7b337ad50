// Dropout with given masks, on the device's own dropout: for each row a key is found for which the generator of the draws
// drops just the elements that the mask drops. Nothing in the product knows of masks.

import type { Batch } from '../../data/batch';
import type { Device, Dropout, Indices } from '../../kernels/operations';
import type { ParameterLayout } from '../../kernels/parameters';
import { Tape, type TapeOptions } from '../../model/tape';
import { dropThreshold, elementBits, rowBits, siteKey } from '../../util/counter-random';
import { invariant } from '../../util/errors';

/** Whether each element of a row is dropped. */
export type MaskRow = readonly boolean[];

/** Masks by site of dropout. The sites of a group, such as the heads of an attention, name their rows alike. */
export type MaskGroup = ReadonlyMap<number, readonly MaskRow[]>;

/** A pass whose dropouts drop what their site's mask says. */
export class MaskedTape extends Tape {
	private readonly rowKeys = new Map<MaskGroup, Indices>();

	constructor(
		device: Device,
		layout: ParameterLayout,
		batch: Batch,
		private readonly draw: TapeOptions & { random: { seed: number; step: number } },
		private readonly groups: readonly MaskGroup[],
	) {
		super(device, layout, batch, draw);
	}

	override draws(rate: number, site: number, rowKeys: Indices): Dropout | null {
		const group = this.groups.find((one) => one.has(site));
		invariant(group?.get(site)?.length === rowKeys.length, `a mask of ${rowKeys.length} rows for dropout site ${site}`);
		const found = this.rowKeys.get(group) ?? this.device.uploadIndices(this.keysThatDraw(group, rate));
		this.rowKeys.set(group, found);
		return { rate, key: this.keyOf(site), rowKeys: found };
	}

	private keyOf(site: number): number {
		return siteKey(this.draw.random.seed, this.draw.random.step, site);
	}

	private keysThatDraw(group: MaskGroup, rate: number): Int32Array {
		const sites = Array.from(group, ([site, rows]) => ({ key: this.keyOf(site), rows }));
		const rowCount = sites[0].rows.length;
		return Int32Array.from({ length: rowCount }, (_, row) =>
			keyThatDraws(
				sites.map(({ key, rows }) => drawnRow(key, rows[row])),
				dropThreshold(rate),
			),
		);
	}
}

interface DrawnRow {
	/** Of the site. */
	key: number;
	/** Those that are dropped first: they turn a wrong key away soonest. */
	columns: readonly number[];
	droppedCount: number;
}

function drawnRow(key: number, row: MaskRow): DrawnRow {
	const columns = [...row.keys()].sort((left, right) => Number(row[right]) - Number(row[left]));
	return { key, columns, droppedCount: row.filter((isDropped) => isDropped).length };
}

/** The same for one row of several sites. Where something is dropped, only keys that drop that element are tried. */
function keyThatDraws(rows: readonly DrawnRow[], threshold: number): number {
	const rarestFirst = [...rows].sort((left, right) => right.droppedCount - left.droppedCount);
	const [{ key, columns, droppedCount }] = rarestFirst;
	for (let bits = 0; bits < (droppedCount === 0 ? 0x7fffffff : threshold); bits++) {
		const rowKey = droppedCount === 0 ? bits : unmix(unmix(bits) - Math.imul(columns[0], golden)) ^ key;
		if (rowKey >= 0 && rarestFirst.every((one) => isDrawn(one, rowKey, threshold))) return rowKey;
	}
	return invariant(false, 'no row key draws the mask') as never;
}

function isDrawn({ key, columns, droppedCount }: DrawnRow, rowKey: number, threshold: number): boolean {
	const bits = rowBits(key, rowKey);
	for (let at = 0; at < columns.length; at++)
		if (elementBits(bits, columns[at]) < threshold !== at < droppedCount) return false;
	return true;
}

/** What the columns of a row differ by (util/counter-random.ts). */
const golden = 0x9e3779b9;

/** The number that `mix32` makes this one of: its steps undone from the last to the first. */
function unmix(mixed: number): number {
	let x = mixed | 0;
	x = Math.imul(x ^ (x >>> 16), 0x43021123);
	x = Math.imul(x ^ (x >>> 15) ^ (x >>> 30), 0x1d69e2a5);
	return (x ^ (x >>> 16)) | 0;
}
