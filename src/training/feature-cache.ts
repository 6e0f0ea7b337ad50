// What BERT gave the characters of sentences, kept while BERT does not change: it gives the same again, to the last bit, where
// nothing is dropped. Sentences that do not fit lie in the caller's store, where there is one; else they are computed anew each time.

import type { Batch } from '../data/batch';
import type { SplitName } from '../data/corpus';
import type { Network } from '../model/network';
import { invariant } from '../util/errors';

/** Where features lie that memory has no room for; it may keep less than it is given. */
export interface FeatureStore {
	put(key: string, values: Float32Array): Promise<void>;
	get(key: string): Promise<Float32Array | null>;
	clear(): void;
}

export class FeatureCache {
	/** Of a sentence's characters, by split and place. [characters * width] */
	private readonly kept = new Map<string, Float32Array>();
	private bytes = 0;

	/** At most `limit` bytes are held in memory. */
	constructor(
		private readonly limit: number,
		private readonly store: FeatureStore | null = null,
	) {}

	get heldBytes(): number {
		return this.bytes;
	}

	clear(): void {
		this.kept.clear();
		this.bytes = 0;
		this.store?.clear();
	}

	/** The batch with its features, computed where they are not held. */
	async filled(network: Network, split: SplitName, batch: Batch): Promise<Batch> {
		const held = await this.heldFor(split, batch);
		if (held) return { ...batch, features: held };
		const features = await network.features(batch);
		await this.keep(split, batch, features);
		return { ...batch, features };
	}

	/** Null unless every sentence of the batch is held. [C * width] */
	private async heldFor(split: SplitName, batch: Batch): Promise<Float32Array | null> {
		const parts: Float32Array[] = [];
		for (const index of batch.sentenceIndex) {
			const key = keyOf(split, index);
			const part = this.kept.get(key) ?? (await this.store?.get(key));
			if (!part) return null;
			parts.push(part);
		}
		const width = (parts[0]?.length ?? 0) / batch.characterCount[0];
		const features = new Float32Array(batch.characterRow.length * width);
		for (const [sentence, part] of parts.entries()) features.set(part, batch.characterOffset[sentence] * width);
		return features;
	}

	private async keep(split: SplitName, batch: Batch, features: Float32Array): Promise<void> {
		const width = features.length / batch.characterRow.length;
		invariant(Number.isInteger(width), `${features.length} features for ${batch.characterRow.length} characters`);
		for (const [sentence, index] of batch.sentenceIndex.entries()) {
			const start = batch.characterOffset[sentence] * width;
			const part = features.slice(start, start + batch.characterCount[sentence] * width);
			const key = keyOf(split, index);
			if (this.kept.has(key)) continue;
			if (this.bytes + part.byteLength > this.limit) {
				await this.store?.put(key, part);
				continue;
			}
			this.kept.set(key, part);
			this.bytes += part.byteLength;
		}
	}
}

function keyOf(split: SplitName, index: number): string {
	return `${split} ${index}`;
}
