// Small functions about the snapshots of a run: which ones must stay, which are the same, the measures that the page gets.

import type { SnapshotKey } from '../../experiment/space-snapshot';
import { purityNeighbours, type SnapshotResult } from '../../projection/snapshot-work';
import type { StoredPoints } from '../../storage/workspace/space-record';
import type { SnapshotMeasures } from '../../wire/space';

/** The start and the best epochs of stages are never skipped. */
export function isLasting({
	stageIndex,
	epoch,
	isStageBest,
}: Pick<SnapshotKey, 'stageIndex' | 'epoch'> & { isStageBest: boolean }): boolean {
	return isStageBest || (stageIndex === 0 && epoch === 0);
}

export function isSameKey(left: SnapshotKey, right: SnapshotKey): boolean {
	return left.stageIndex === right.stageIndex && left.epoch === right.epoch;
}

/** Sentences and points as the analysis takes them. */
export function positionsOf({ sentences, sentence, character, goldOfCharacters, tags }: StoredPoints) {
	const lengths = sentences.map(({ offset, characters }) => ({ offset, characters: characters.length }));
	return { sentences: lengths, sentence, character, goldOfCharacters, tags };
}

/** Of a snapshot that is not measured yet. */
export function noMeasures({ count, entityTypes }: StoredPoints): SnapshotMeasures {
	const none = () => ({ overall: null, byType: entityTypes.map(() => null) });
	return {
		purity: none(),
		silhouette: { ...none(), sampled: 0 },
		alignment: none(),
		uniformity: { value: null, pairs: 0 },
		distances: { within: none(), between: none(), ratio: null },
		segmentation: none(),
		purityNeighbours: Math.min(purityNeighbours, count - 1),
		points: count,
		map: null,
	};
}

export function measuresOf({ measures, quality, divergence }: SnapshotResult, points: number): SnapshotMeasures {
	const orNull = (value: number) => (Number.isFinite(value) ? value : null);
	return {
		...measures,
		purityNeighbours: Math.min(purityNeighbours, points - 1),
		points,
		map: quality && {
			trustworthiness: orNull(quality.trustworthiness),
			continuity: orNull(quality.continuity),
			neighbours: quality.neighbours,
			sampled: quality.sampled,
			divergence,
		},
	};
}

export function areEqual(left: Float32Array, right: Float32Array): boolean {
	return left.length === right.length && left.every((value, index) => value === right[index]);
}

export function joined(rows: readonly Uint8Array[]): Uint8Array {
	const out = new Uint8Array(rows.reduce((sum, row) => sum + row.length, 0));
	let at = 0;
	for (const row of rows) {
		out.set(row, at);
		at += row.length;
	}
	return out;
}
