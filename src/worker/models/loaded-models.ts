// Models that are read for tagging, the last few kept: stored checkpoints and those that come with the page.

import { type Checkpoint, decodeCheckpoint } from '../../storage/checkpoint';
import { checkpointPart, describeCheckpoint } from '../../storage/workspace/checkpoint-record';
import type { ModelCard, ModelRef } from '../../wire/models';
import type { Task } from '../tasks';
import type { WorkerContext } from '../worker-context';
import { fetchModel } from './shipped-models';

export type StoredModelRef = Exclude<ModelRef, { kind: 'run' }>;

export interface LoadedModel<Model> {
	card: ModelCard;
	model: Model;
}

/** Models kept in memory at once: as many as can be laid side by side. */
const maxKept = 4;

export class LoadedModels<Model> {
	private readonly kept = new Map<string, LoadedModel<Model>>();

	constructor(
		private readonly context: WorkerContext,
		private readonly modelOf: (checkpoint: Checkpoint) => Model,
	) {}

	/** Throws what reading a checkpoint throws. */
	async load(ref: StoredModelRef, task: Task): Promise<LoadedModel<Model>> {
		const key = ref.kind === 'shipped' ? ref.url : `checkpoint ${ref.id}`;
		let found = this.kept.get(key);
		if (!found) {
			const checkpoint = decodeCheckpoint(await this.readBytes(ref, task.report));
			found = { card: cardOf(checkpoint), model: this.modelOf(checkpoint) };
		}
		// The one used last is at the end.
		this.kept.delete(key);
		this.kept.set(key, found);
		for (const oldest of [...this.kept.keys()].slice(0, -maxKept)) this.kept.delete(oldest);
		return found;
	}

	async readBytes(ref: StoredModelRef, report: Task['report'] = async () => {}): Promise<Uint8Array> {
		if (ref.kind === 'shipped') return fetchModel(ref, report);
		return (await this.context.workspace()).readPart('checkpoint', ref.id, checkpointPart);
	}
}

function cardOf(checkpoint: Checkpoint): ModelCard {
	const { parameterCount, entityTypes } = describeCheckpoint(checkpoint, null);
	const { config, provenance, metrics, lexiconWords } = checkpoint;
	return {
		config,
		provenance,
		metrics,
		parameterCount,
		entityTypes,
		lexiconWords: lexiconWords?.length ?? null,
	};
}
