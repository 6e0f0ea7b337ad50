// The part of the wire about representations: the points of a run, its snapshots, what lies near a point, projections by
// request, suspicious labels, the contrastive inspector, exports. Representations are the encoder's output rows of
// characters without dropout: what stage 1 contrasts and what the CRF's output layer reads. n points, D width, T types.
// Typed arrays belong to whoever gets them.
// settings those of the address; so `isOnWay`, `frameSeconds` and `leastDistance` never change, nor do error codes.

import type { ContrastReport } from '../analysis/contrast-report';
import type { MeasureByType } from '../analysis/labelled-rows';
import type { SpaceMeasures } from '../analysis/space-measures';
import type { SuspiciousMention } from '../analysis/suspicious-labels';
import type { MentionDynamics } from '../analysis/training-dynamics';
import type { SentenceRef } from '../data/corpus';
import type { Span } from '../data/span';
import { type SnapshotKey, snapshotMap } from '../experiment/space-snapshot';
import type { ProjectionNote } from '../projection/projection-settings';
import type { SpaceSentence, StoredPoints } from '../storage/workspace/space-record';
import type { WireError } from './wire-error';

export type { MentionDynamics, SpaceSentence, SuspiciousMention };

/** The points of a run: the same tokens in all its snapshots. All mentions of the chosen sentences come first, then tokens outside. */
export interface SpacePoints extends StoredPoints {
	runId: string;
}

/** A picture of the representations at one step of a run. Snapshots are in order of time; `id` stays when others are removed. */
export interface SpaceSnapshot extends SnapshotKey {
	id: number;
	/** The best epoch of its stage: what the next stage started from, or the run's model. Known when the stage ends. */
	isStageBest: boolean;
	/** Its map is preliminary, or still moves, and nothing is measured yet. */
	isOnWay?: boolean;
	/** The last one so far. */
	isLatest: boolean;
	/** Whether the CRF had been trained or is being trained: without, there are no predictions. */
	hasPredictions: boolean;
	/** False once its map was removed; measures stay. */
	hasMap: boolean;
	/** False once its vectors were removed: no neighbours, no projection of it then. */
	hasVectors: boolean;
	measures: SnapshotMeasures;
	/** How the map differs from what was asked: few points, perplexity lowered. */
	notes: ProjectionNote[];
	/** Seconds that training waited for the representations to be captured, and that measures and map took between its steps. */
	captureSeconds: number;
	frameSeconds: number;
}

/** All in the original space but `map`. */
export interface SnapshotMeasures extends SpaceMeasures {
	/** Purity of B- and of I- tokens is within `purity`; k of it. */
	purityNeighbours: number;
	/** n */
	points: number;
	/** Of the map against the original space; null where no map could be made. */
	map: MapMeasures | null;
}

export interface MapMeasures {
	/** 0 to 1; null for fewer than four points. */
	trustworthiness: number | null;
	continuity: number | null;
	/** Neighbours and points that were compared. */
	neighbours: number;
	sampled: number;
	/** Kullback-Leibler divergence in nats; null but for t-SNE. */
	divergence: number | null;
}

export type MapMethod = 'pca' | 'tsne' | 'umap';

export interface MapSettings {
	method: MapMethod;
	/** t-SNE: effective neighbours, at least 2. */
	perplexity: number;
	/** Steps of descent: t-SNE, and UMAP's epochs. */
	iterations: number;
	/** UMAP: neighbours of a point, and least distance on the map (0 to 1). */
	neighbours: number;
	leastDistance: number;
	seed: number;
}

export const defaultMapSettings: MapSettings = {
	method: 'tsne',
	perplexity: snapshotMap.perplexity,
	iterations: snapshotMap.iterations,
	neighbours: 15,
	leastDistance: 0.1,
	seed: snapshotMap.seed,
};

export interface SnapshotData {
	snapshot: SpaceSnapshot;
	/** x and y side by side; aligned to the snapshot before. [n * 2] */
	map: Float32Array;
	/** Which method made it: `pca` while t-SNE has not finished. */
	method: MapMethod;
	/** Predicted tag ids of the points, and the probability of that tag there (0 to 1, in steps of 1/255). Null without
	 *  predictions. [n] */
	predicted: Uint8Array | null;
	confidence: Float32Array | null;
	/** 1 where the predicted tag is the annotated one; null without predictions. [n] */
	isRight: Uint8Array | null;
}

export interface Neighbour {
	/** Index of the point. */
	point: number;
	/** Euclidean, in the original space. */
	distance: number;
}

/** A sentence in a snapshot. Positions count its characters. */
export interface SentenceAtSnapshot {
	sentence: SpaceSentence;
	gold: Span[];
	/** Null without predictions. */
	predicted: Span[] | null;
	/** Probability of the predicted tag of each character; null without predictions. */
	confidence: Float32Array | null;
	/** Points of this sentence. */
	points: number[];
}

/** Sentences to inspect the contrastive loss on. */
export type ContrastSource =
	/** The batch that training takes next, in the active run. */
	| { kind: 'current-batch' }
	/** The `index`-th batch (from 0) of the run's sampled training sentences, in their order, in the stage's batch size. */
	| { kind: 'batch'; index: number }
	/** Sentences by index in SpacePoints.sentences: a pair, or a selection. */
	| { kind: 'sentences'; sentences: number[] };

export interface ContrastReply {
	report: ContrastReport;
	/** Sentences of the batch; `token` of the report counts in `tokens`. */
	sentences: { ref: SentenceRef | null; characters: string[]; gold: Span[] }[];
	tokens: { sentence: number; character: number; tag: string }[];
	/** Whose parameters: those of the active run, as it was saved last (its best epoch so far), or those of the stored model. */
	parameters: 'running' | 'kept';
	/** How many batches `batch` can name. */
	batches: number;
}

export interface SpaceCommands {
	/** UserError `space-no-frames` for a run without snapshots. */
	'space-points': { request: { runId: string }; reply: SpacePoints };
	/** All snapshots so far, in order of time; those that were removed still have measures. Empty for a run without. */
	'space-snapshots': {
		request: { runId: string };
		/** `waiting`: snapshots that are captured but not yet measured. `settings` of the automatic maps. */
		reply: { snapshots: SpaceSnapshot[]; waiting: number; settings: MapSettings; note: WireError | null };
	};
	/** Map and predictions of a snapshot. UserError `space-frame-gone` when it was removed. */
	'space-snapshot': { request: { runId: string; snapshot: number }; reply: SnapshotData };
	/** Nearest first, without the point itself. UserError `space-vectors-gone`. */
	'space-neighbours': {
		request: { runId: string; snapshot: number; point: number; count: number };
		reply: { neighbours: Neighbour[] };
	};
	'space-sentence': { request: { runId: string; snapshot: number; sentence: number }; reply: SentenceAtSnapshot };
	/** A map by other settings, or of some points only. Progress: `task-progress` in shares, `space-map` with maps so far.
	 *  `cancel-task` rejects with `task-cancelled`: the last map of `space-map` stays valid.
	 *  UserErrors `projection-no-points`, `projection-not-finite`, `projection-points-equal`, `projection-diverged`. */
	'project-space': {
		request: {
			task: string;
			runId: string;
			snapshot: number;
			settings: MapSettings;
			/** Only these; null: all. */
			points: Int32Array | null;
			/** A map of the same points to be turned onto, [points * 2]; null: the snapshot's own. */
			alignTo: Float32Array | null;
		};
		reply: { map: Float32Array; measures: MapMeasures; notes: ProjectionNote[] };
	};
	/** The most doubtful mentions first. */
	'space-suspicious': {
		request: { runId: string; snapshot: number; limit: number };
		reply: { mentions: SuspiciousMention[]; of: number; neighbours: number };
	};
	/** Measures over a selection of points alone (lasso): types that are not there have null. */
	'space-measures': { request: { runId: string; snapshot: number; points: Int32Array }; reply: SelectionMeasures };
	/** UserErrors `space-no-model` where no parameters are at hand, `space-no-run` for `current-batch` without that run. */
	'space-contrast': {
		request: { runId: string; source: ContrastSource; temperature: number };
		reply: ContrastReply;
	};
	/** `points`: coordinates, tags, types, texts and predictions as CSV or JSON. `measures`: of all snapshots as CSV or JSON.
	 *  `projector`: vectors.tsv and metadata.tsv for the Embedding Projector. */
	'export-space': {
		request: { runId: string; snapshot: number; what: 'points' | 'measures' | 'projector'; format: 'csv' | 'json' };
		reply: { files: { name: string; file: Blob }[] };
	};
}

export interface SelectionMeasures {
	purity: MeasureByType;
	segmentation: MeasureByType;
	points: number;
}

export interface SpaceEvents {
	/** A snapshot is ready, or one changed (map or vectors removed, became the best of its stage). */
	'space-snapshot': { runId: string; snapshot: SpaceSnapshot };
	/** A newer map of an unfinished snapshot; not stored. [n * 2] */
	'space-live-map': { runId: string; snapshot: number; map: Float32Array; method: MapMethod };
	/** A snapshot could not be made; earlier snapshots stay valid. */
	'space-problem': { runId: string; key: SnapshotKey; error: WireError };
	/** The map of a `project-space` so far, at most four a second; aligned. [points * 2] */
	'space-map': { task: string; map: Float32Array; share: number; iteration: number };
}
