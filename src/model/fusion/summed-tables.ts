// The fusions that are one linear layer over concatenated distance vectors: ff_two (ss, ee; ReLU), ff (all four;
// ReLU), ff_linear (all four). W [t(ss); t(ee)] + b = (A + b)[ss] + C[ee] with A, C = t times a slice of W.

import { type DistanceName, distanceNames, fusionPrefix, type PositionFusion } from './position-fusion';

function summedTables(distances: readonly DistanceName[], relu: boolean, layer: string): PositionFusion {
	const weight = `${fusionPrefix}.${layer}.weight`;
	const bias = `${fusionPrefix}.${layer}.bias`;
	return {
		distanceKind: distances.length === 2 ? 'pair' : 'triple',
		parameters: (width) => [
			{ name: weight, shape: [width, distances.length * width] },
			{ name: bias, shape: [width] },
		],
		fuse(tape, input) {
			const width = input.table.value.columns;
			const tables = distances.map((_, index) =>
				tape.linear(input.table, weight, index === 0 ? bias : null, { columns: [index * width, width] }),
			); // [D, H] each
			return tape.distanceRows(tables, distances.map(input.rows), relu); // [P, H]
		},
	};
}

export const ffTwo = summedTables(['ss', 'ee'], true, 'pos_fusion_forward.0');
export const ff = summedTables(distanceNames, true, 'pos_fusion_forward.0');
export const ffLinear = summedTables(distanceNames, false, 'pos_fusion_forward');
