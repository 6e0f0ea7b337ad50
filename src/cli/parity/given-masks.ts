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

/** A pass whose dropouts drop what their site's mask says. */
export class MaskedTape extends Tape {
	constructor(
		device: Device,
		layout: ParameterLayout,
		batch: Batch,
		private readonly draw: TapeOptions & { random: { seed: number; step: number } },
		private readonly masks: ReadonlyMap<number, readonly MaskRow[]>,
	) {
		super(device, layout, batch, draw);
	}

	override draws(rate: number, site: number, rowKeys: Indices): Dropout | null {
		const mask = this.masks.get(site);
		invariant(mask && mask.length === rowKeys.length, `a mask of ${rowKeys.length} rows for dropout site ${site}`);
		const key = siteKey(this.draw.random.seed, this.draw.random.step, site);
		return { rate, key, rowKeys: this.device.uploadIndices(keysThatDraw(mask, key, rate)) };
	}
}

/** The first row key of each row that will do: among some hundreds as a rule, among millions where a row drops a third of its
 *  elements. */
function keysThatDraw(mask: readonly MaskRow[], key: number, rate: number): Int32Array {
	const threshold = dropThreshold(rate);
	return Int32Array.from(mask, (row) => {
		let rowKey = 0;
		while (!draws(row, rowBits(key, rowKey), threshold)) invariant(++rowKey < 0x7fffffff, 'no row key draws the mask');
		return rowKey;
	});
}

function draws(row: MaskRow, bits: number, threshold: number): boolean {
	for (let column = 0; column < row.length; column++)
		if (elementBits(bits, column) < threshold !== row[column]) return false;
	return true;
}
