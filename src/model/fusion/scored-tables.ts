// The fusions that weigh the four projected distance vectors against each other: attn (one weight a distance) and
// gate (one weight a distance and channel). weights = softmax over the four of W2 relu(W1 [t(ss); t(se); t(es); t(ee)]).

import { type DistanceName, distanceNames, fusionPrefix, type PositionFusion } from './position-fusion';

interface ScoredTablesRule {
	/** Name of the scoring network in the published state_dict. */
	network: string;
	/** Inner width of that network over the model's width. */
	innerFactor: number;
	/** Weights per distance, given the model's width. */
	weightsPerDistance: (width: number) => number;
}

function scoredTables({ network, innerFactor, weightsPerDistance }: ScoredTablesRule): PositionFusion {
	const inner = `${fusionPrefix}.${network}.0`;
	const outer = `${fusionPrefix}.${network}.2`;
	const projection = `${fusionPrefix}.w_r`;
	return {
		distanceKind: 'triple',
		parameters: (width) => [
			{ name: `${projection}.weight`, shape: [width, width] },
			{ name: `${projection}.bias`, shape: [width] },
			{ name: `${inner}.weight`, shape: [innerFactor * width, 4 * width] },
			{ name: `${inner}.bias`, shape: [innerFactor * width] },
			{ name: `${outer}.weight`, shape: [4 * weightsPerDistance(width), innerFactor * width] },
			{ name: `${outer}.bias`, shape: [4 * weightsPerDistance(width)] },
		],
		fuse(tape, input) {
			const width = input.table.value.columns;
			const rows = distanceNames.map((name: DistanceName) => input.rows(name));
			const tables = distanceNames.map((_, index) =>
				tape.linear(input.table, `${inner}.weight`, index === 0 ? `${inner}.bias` : null, {
					columns: [index * width, width],
				}),
			); // [D, innerFactor * H] each
			const hidden = tape.distanceRows(tables, rows, true); // [P, innerFactor * H]
			const scores = tape.linear(hidden, `${outer}.weight`, `${outer}.bias`); // [P, 4] or [P, 4 H]
			const weights = tape.softmaxGroups(scores, 4);
			const values = tape.linear(input.table, `${projection}.weight`, `${projection}.bias`); // [D, H]
			return tape.mixRows(values, rows, weights); // [P, H]
		},
	};
}

export const attn = scoredTables({ network: 'pos_attn_score', innerFactor: 4, weightsPerDistance: () => 1 });
export const gate = scoredTables({ network: 'pos_gate_score', innerFactor: 2, weightsPerDistance: (width) => width });
