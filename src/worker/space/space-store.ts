// The parts of a stored run that hold its snapshots: read for the page's requests, written by the recorder. Error codes keep the
// word `frame`, which scripts may read.

import type { SnapshotKey } from '../../experiment/space-snapshot';
import {
	decodeDynamics,
	decodeMap,
	decodePoints,
	decodeSnapshotList,
	decodeVectorRows,
	dynamicsPart,
	encodeDynamics,
	encodePoints,
	encodeSnapshotList,
	mapPart,
	pointsPart,
	type StoredDynamics,
	type StoredMap,
	type StoredPoints,
	type StoredSnapshot,
	snapshotListPart,
	snapshotsPrefix,
	vectorsPartOf,
} from '../../storage/workspace/space-record';
import type { Workspace } from '../../storage/workspace/workspace';
import { UserError } from '../../util/errors';
import type { SnapshotMeasures, SpaceSnapshot } from '../../wire/space';

const noDynamics: StoredDynamics = {
	snapshots: new Int32Array(0),
	gold: new Uint8Array(0),
	isRight: new Uint8Array(0),
};

export class SpaceStore {
	private knownPoints: Promise<StoredPoints> | null = null;
	private lastVectors: { id: number; read: Promise<{ vectors: Float32Array; dimension: number }> } | null = null;

	constructor(
		private readonly workspace: Workspace,
		readonly runId: string,
		private readonly nowMs: () => number,
	) {}

	async hasPoints(): Promise<boolean> {
		return (await this.sizes()).has(pointsPart);
	}

	/** Throws a UserError `space-no-frames`, or `storage-…`. */
	async points(): Promise<StoredPoints> {
		if (!(await this.hasPoints())) throw noSnapshots();
		this.knownPoints ??= this.read(pointsPart).then(decodePoints);
		return this.knownPoints;
	}

	/** In order of time; empty for a run without. */
	async snapshots(): Promise<StoredSnapshot[]> {
		return (await this.sizes()).has(snapshotListPart) ? decodeSnapshotList(await this.read(snapshotListPart)) : [];
	}

	/** Throws a UserError `space-frame-gone` for an unknown id. */
	async snapshot(id: number): Promise<StoredSnapshot> {
		const found = (await this.snapshots()).find((snapshot) => snapshot.id === id);
		if (!found) throw snapshotGone(id);
		return found;
	}

	/** Throws a UserError `space-frame-gone`. */
	async map(id: number): Promise<StoredMap> {
		if (!(await this.snapshot(id)).hasMap) throw snapshotGone(id);
		return decodeMap(await this.read(mapPart(id)));
	}

	/** [n, dimension], rounded to float16. Throws a UserError `space-vectors-gone`. */
	async vectors(id: number): Promise<{ vectors: Float32Array; dimension: number }> {
		const snapshot = await this.snapshot(id);
		if (!snapshot.hasVectors) throw vectorsGone(snapshot);
		if (this.lastVectors?.id !== id) {
			this.lastVectors = { id, read: this.read(vectorsPartOf(id)).then(decodeVectorRows) };
		}
		return this.lastVectors.read;
	}

	async dynamics(): Promise<StoredDynamics> {
		return (await this.sizes()).has(dynamicsPart) ? decodeDynamics(await this.read(dynamicsPart)) : noDynamics;
	}

	/** Bytes of each part about representations, by name. Throws a UserError `storage-missing` for a deleted run. */
	async sizes(): Promise<Map<string, number>> {
		const { parts } = await this.workspace.get('run', this.runId);
		const own = parts.filter(({ name }) => name.startsWith(snapshotsPrefix));
		return new Map(own.map(({ name, sizeBytes }) => [name, sizeBytes]));
	}

	/** Replaces all stored snapshots. */
	async begin(points: StoredPoints): Promise<void> {
		const earlier = Object.fromEntries([...(await this.sizes()).keys()].map((name) => [name, null]));
		await this.write({ ...earlier, [pointsPart]: encodePoints(points) });
		this.knownPoints = Promise.resolve(points);
	}

	/** Whether storage has lost the points, and the vectors and maps with them. */
	async hasLost(): Promise<boolean> {
		return this.knownPoints !== null && !(await this.hasPoints());
	}

	/** The list and the dynamics, with further parts; null removes one. */
	async keep(
		snapshots: readonly StoredSnapshot[],
		dynamics: StoredDynamics,
		parts: Readonly<Record<string, Uint8Array | null>>,
	): Promise<void> {
		this.lastVectors = null;
		await this.write({
			...parts,
			[snapshotListPart]: encodeSnapshotList(snapshots),
			[dynamicsPart]: encodeDynamics(dynamics),
		});
	}

	private read(part: string): Promise<Uint8Array> {
		return this.workspace.readPart('run', this.runId, part);
	}

	private async write(parts: Readonly<Record<string, Uint8Array | null>>): Promise<void> {
		await this.workspace.update('run', this.runId, { revision: 'any', nowMs: this.nowMs(), parts });
	}
}

/** A stored snapshot as the page gets it. */
export function describeSnapshot(snapshot: StoredSnapshot, isLatest: boolean): SpaceSnapshot {
	const { method: _, ...rest } = snapshot;
	return {
		...rest,
		isLatest,
		measures: snapshot.measures as SnapshotMeasures,
		notes: snapshot.notes as SpaceSnapshot['notes'],
	};
}

export function noSnapshots(): UserError {
	return new UserError({
		code: 'space-no-frames',
		expected: 'a run with recorded representations',
		found: 'none',
		remedy: 'Train or resume it: representations are recorded from the next epoch on.',
	});
}

function snapshotGone(id: number): UserError {
	return new UserError({
		code: 'space-frame-gone',
		expected: `the map of snapshot ${id}`,
		found: 'only its measures; the map was removed',
		remedy: 'Choose a later epoch: in long runs the oldest maps are removed to make room for new ones.',
	});
}

function vectorsGone({ stage, epoch }: SnapshotKey): UserError {
	return new UserError({
		code: 'space-vectors-gone',
		expected: `the vectors of ${stage}, epoch ${epoch}`,
		found: 'only its map and measures; the vectors were removed',
		remedy: "Choose a later epoch, a stage's best epoch or the start: their vectors are kept longest.",
	});
}
