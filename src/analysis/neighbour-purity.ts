// Neighbour purity: how often the nearest neighbours of a token have its entity type.

import type { LabelledRows, MeasureByType } from './labelled-rows';
import { meanOrNull } from './labelled-rows';

/**
 * k-nearest-neighbour purity: the mean share of a token's k nearest neighbours that have its own type, over tokens of a type;
 * neighbours outside all mentions count as of another type. 0 to 1; by chance, the share of the type among all tokens.
 * (The leave-one-out form of k-nearest-neighbour classification; Fix and Hodges 1951.) `neighbourIds` [N, k], the row itself left out.
 * `isCounted`: only over these rows, with neighbours among all.
 */
export function neighbourPurity(
	{ count, types, typeCount }: Pick<LabelledRows, 'count' | 'types' | 'typeCount'>,
	neighbourIds: Int32Array,
	isCounted: (row: number) => boolean = () => true,
): MeasureByType {
	const size = neighbourIds.length / count;
	const sums = new Float64Array(typeCount);
	const counts = new Int32Array(typeCount);
	for (let row = 0; row < count; row++) {
		const type = types[row];
		if (type < 0 || !isCounted(row)) continue;
		let agreeing = 0;
		for (let k = row * size; k < (row + 1) * size; k++) if (types[neighbourIds[k]] === type) agreeing++;
		sums[type] += agreeing / size;
		counts[type]++;
	}
	const total = (numbers: Float64Array | Int32Array) =>
		(numbers as Float64Array).reduce((sum, value) => sum + value, 0);
	return {
		overall: meanOrNull(total(sums), total(counts)),
		byType: Array.from(sums, (sum, type) => meanOrNull(sum, counts[type])),
	};
}
