// Snapshots as files for other programs: coordinates and measures as CSV or JSON, vectors and labels for the Embedding Projector.
// Keys of the JSON and columns keep their names: there a snapshot is still a `frame`.

import type { MeasureByType } from '../../analysis/labelled-rows';
import type { StoredPoints } from '../../storage/workspace/space-record';
import { type Cell, csvText, recordRows, tabText } from '../../util/csv';
import type { SnapshotData, SpaceSnapshot } from '../../wire/space';

export interface ExportedFile {
	name: string;
	text: string;
}

/** One row per point, under its column names. */
function pointTable(points: StoredPoints, { map, predicted, confidence }: SnapshotData): Record<string, Cell>[] {
	const sentenceOf = (point: number) => points.sentences[points.sentence[point]];
	return Array.from({ length: points.count }, (_, point) => {
		const sentence = sentenceOf(point);
		return {
			x: map[2 * point],
			y: map[2 * point + 1],
			token: sentence.characters[points.character[point]],
			tag: points.tags[points.gold[point]],
			type: points.entityTypes[points.type[point]] ?? 'O',
			predicted: predicted ? points.tags[predicted[point]] : null,
			confidence: confidence ? Number(confidence[point].toFixed(3)) : null,
			split: sentence.ref.split,
			sentence: sentence.ref.index,
			character: sentence.start + points.character[point],
			text: sentence.characters.join(''),
		};
	});
}

export function exportPoints(points: StoredPoints, data: SnapshotData, format: 'csv' | 'json'): ExportedFile[] {
	const rows = pointTable(points, data);
	const { stage, epoch } = data.snapshot;
	const name = `points-${stage}-${epoch}.${format}`;
	if (format === 'csv') return [{ name, text: csvText(recordRows(rows)) }];
	const { snapshot: frame, method } = data;
	return [{ name, text: `${JSON.stringify({ frame, method, points: rows }, null, '\t')}\n` }];
}

/** Of all snapshots; in CSV one row per snapshot and type, `*` for all types together. */
export function exportMeasures(
	entityTypes: readonly string[],
	snapshots: readonly SpaceSnapshot[],
	format: 'csv' | 'json',
): ExportedFile[] {
	if (format === 'json') {
		return [{ name: 'measures.json', text: `${JSON.stringify({ entityTypes, frames: snapshots }, null, '\t')}\n` }];
	}
	const rows = snapshots.flatMap((snapshot) =>
		['*', ...entityTypes].map((type, index) => ({ ...keyColumns(snapshot), type, ...measuresOf(snapshot, index - 1) })),
	);
	return [{ name: 'measures.csv', text: csvText(recordRows(rows)) }];
}

function keyColumns({ stage, epoch, step, isStageBest }: SpaceSnapshot): Record<string, Cell> {
	return { stage, epoch, step, best: isStageBest ? 1 : 0 };
}

/** `type` -1: of all. */
function measuresOf({ measures }: SpaceSnapshot, type: number): Record<string, Cell> {
	const read = ({ overall, byType }: MeasureByType) => (type < 0 ? overall : byType[type]);
	const overall = (value: number | null | undefined) => (type < 0 ? (value ?? null) : null);
	return {
		purity: read(measures.purity),
		silhouette: read(measures.silhouette),
		alignment: read(measures.alignment),
		uniformity: overall(measures.uniformity.value),
		within: read(measures.distances.within),
		between: read(measures.distances.between),
		segmentation_index: read(measures.segmentation),
		trustworthiness: overall(measures.map?.trustworthiness),
		continuity: overall(measures.map?.continuity),
	};
}

/** `vectors` [n, dimension]. The projector wants tabs, no header in the vectors, one in the labels. */
export function exportProjector(
	points: StoredPoints,
	data: SnapshotData,
	{ vectors, dimension }: { vectors: Float32Array; dimension: number },
): ExportedFile[] {
	const numbers = Array.from({ length: points.count }, (_, point) =>
		Array.from(vectors.subarray(point * dimension, (point + 1) * dimension), (value) => Number(value.toPrecision(5))),
	);
	const labels = pointTable(points, data).map(({ x: _, y: __, ...rest }) => rest);
	return [
		{ name: 'vectors.tsv', text: tabText(numbers) },
		{ name: 'metadata.tsv', text: tabText(recordRows(labels)) },
	];
}
