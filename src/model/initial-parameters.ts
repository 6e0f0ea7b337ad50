// Starting values, drawn as the published program draws them (reference/README, points 3, 4 and 9): Xavier uniform for
// matrices and for the two attention biases; the default of a linear layer, uniform in +-1/sqrt(inputs), for all other
// biases and for everything inside the position fusion; LayerNorm 1 and 0; CRF scores 0; embedding tables as given.

import type { ParameterEntry, ParameterLayout } from '../kernels/parameters';
import { findParameter } from '../kernels/parameters';
import { invariant } from '../util/errors';
import { forkSeed, RandomStream } from '../util/random';
import { fusionPrefix } from './fusion/position-fusion';
import { bigramTable, latticeTable, type NetworkShape } from './shape';

/** Starting values of the embedding tables, [rows, columns] each; bigram is null in a network without bigrams. */
export interface StartingTables {
	lattice: Float32Array;
	bigram: Float32Array | null;
}

/** The flat array of starting values, BERT's part left out. Each parameter draws from a stream of its own, named after it. */
export function initialParameters(
	shape: NetworkShape,
	layout: ParameterLayout,
	tables: StartingTables,
	seed: number,
): Float32Array {
	const values = new Float32Array(layout.frozenOffset);
	const view = (entry: ParameterEntry) => values.subarray(entry.offset, entry.offset + entry.size);
	for (const entry of layout.entries.filter(({ offset }) => offset < layout.frozenOffset)) {
		const stream = new RandomStream(forkSeed(seed, `parameter:${entry.name}`));
		const bound = initialBound(entry, layout);
		if (bound > 0)
			for (let i = entry.offset; i < entry.offset + entry.size; i++) values[i] = bound * (2 * stream.uniform() - 1);
		else if (entry.name.endsWith('layer_norm.weight')) view(entry).fill(1);
	}
	if (shape.model.encoder === 'bert') return values;
	fillTable(view(findParameter(layout, latticeTable)), tables.lattice, latticeTable);
	if (shape.model.bigrams) fillTable(view(findParameter(layout, bigramTable)), tables.bigram, bigramTable);
	return values;
}

function fillTable(target: Float32Array, source: Float32Array | null, name: string): void {
	invariant(
		source !== null && source.length === target.length,
		`${name} starts with ${source?.length} numbers, not ${target.length}`,
	);
	target.set(source);
}

/** Half-width of the uniform draw; 0 for what is not drawn. */
function initialBound(entry: ParameterEntry, layout: ParameterLayout): number {
	const { name } = entry;
	if (name.includes('layer_norm') || name.startsWith('crf.') || name.includes('_embed.')) return 0;
	if (name.endsWith('.bias')) {
		const weight = findParameter(layout, name.replace(/\.bias$/, '.weight'));
		return 1 / Math.sqrt(weight.columns);
	}
	if (name.startsWith(fusionPrefix)) return 1 / Math.sqrt(entry.columns);
	return Math.sqrt(6 / (entry.rows + entry.columns));
}
