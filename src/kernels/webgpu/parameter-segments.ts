// How the flat parameters lie in several buffers, so that none is larger than every GPU lets a program see: 128 MiB. No parameter
// lies in two, and neither do the parameters of one layer, which a program may read together. The part that may be
// frozen has segments of its own.

import { invariant } from '../../util/errors';
import type { ParameterEntry, ParameterLayout, ParameterRange } from '../parameters';

/** What WebGPU's default limits promise of one binding. */
export const usualSegmentBytes = 128 * 2 ** 20;

/** Place of a parameter's number: given to a program in place of a number, it also says which segment the program is to see. */
export class ParameterAddress {
	constructor(
		readonly segment: number,
		/** Element of the segment. */
		readonly local: number,
		/** Element of the flat layout. */
		readonly flat: number,
	) {}
}

/** Part of a range of the layout that lies in one segment. */
export interface SegmentPart {
	segment: number;
	/** Element of the segment. */
	local: number;
	/** Element of the layout. */
	flat: number;
	length: number;
}

export class ParameterSegments {
	readonly ranges: readonly ParameterRange[];
	/** Numbers with gradients and optimiser state. */
	trainedSize: number;

	constructor(layout: ParameterLayout, maxBytes = usualSegmentBytes) {
		this.ranges = rangesOf(layout, maxBytes / 4);
		this.trainedSize = layout.frozenOffset;
	}

	/** Place of a parameter's values, `shift` from the first. */
	value(entry: ParameterEntry, shift = 0): ParameterAddress {
		const segment = this.segmentAt(entry.offset);
		return new ParameterAddress(segment, entry.offset + shift - this.ranges[segment].start, entry.offset + shift);
	}

	/** Place of a parameter's gradients, `shift` from the first. */
	gradient(entry: ParameterEntry, shift = 0): ParameterAddress {
		this.mustBeTrained(entry);
		return this.value(entry, shift);
	}

	mustBeTrained({ name, offset }: ParameterEntry): void {
		invariant(offset < this.trainedSize, `parameter ${name} is frozen`);
	}

	/** A range of the layout cut where segments begin. */
	partsOf({ start, end }: ParameterRange): SegmentPart[] {
		return this.ranges.flatMap((range, segment) => {
			const [flat, last] = [Math.max(start, range.start), Math.min(end, range.end)];
			return flat < last ? [{ segment, local: flat - range.start, flat, length: last - flat }] : [];
		});
	}

	private segmentAt(element: number): number {
		const found = this.ranges.findIndex(({ start, end }) => element >= start && element < end);
		invariant(found >= 0, `no parameter at ${element}`);
		return found;
	}
}

/** Up to the last point: the layer of "encoder.layer.0.output.dense.bias". */
const layerOf = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf('.')));

function rangesOf({ entries, size, frozenOffset }: ParameterLayout, maxElements: number): ParameterRange[] {
	const ranges: { start: number; end: number }[] = [{ start: 0, end: 0 }];
	for (let first = 0; first < entries.length; ) {
		const layer = layerOf(entries[first].name);
		let next = first + 1;
		const { offset } = entries[first];
		while (next < entries.length && layerOf(entries[next].name) === layer && entries[next].offset !== frozenOffset)
			next++;
		const end = next < entries.length ? entries[next].offset : size;
		const last = ranges[ranges.length - 1];
		const begins = offset === frozenOffset || end - last.start > maxElements;
		if (begins && last.end > last.start) ranges.push({ start: offset, end });
		else last.end = end;
		first = next;
	}
	return ranges;
}
