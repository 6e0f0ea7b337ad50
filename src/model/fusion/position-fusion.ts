// What a position fusion is: a rule that makes one vector of the four distances between two nodes (FLAT, section 3.2).
// All act on distinct distances, never on pairs of nodes: a linear layer over concatenated table rows is a sum of
// rows of smaller tables, each a linear layer of the position table.

import type { DistanceKind } from '../../data/distances';
import type { Indices } from '../../kernels/operations';
import type { MatrixNode, Tape } from '../tape';

export type DistanceName = 'ss' | 'se' | 'es' | 'ee';
export const distanceNames: readonly DistanceName[] = ['ss', 'se', 'es', 'ee'];

export interface FusionInput {
	/** Rows of the position table for distances -reach..reach. [D, H] */
	table: MatrixNode;
	/** Row of each distinct distance in that table. [P] */
	rows(distance: DistanceName): Indices;
}

export interface ParameterSpec {
	name: string;
	shape: readonly number[];
}

export interface PositionFusion {
	/** Which distances the rule tells apart. */
	distanceKind: DistanceKind;
	/** Its parameters, named as in the published state_dict. */
	parameters(width: number): ParameterSpec[];
	/** The fused vectors, before the attention's own projection. [P, H] */
	fuse(tape: Tape, input: FusionInput): MatrixNode;
}

/** Prefix of the fusion's parameters, which all layers share. */
export const fusionPrefix = 'encoder.four_pos_fusion_embedding';
