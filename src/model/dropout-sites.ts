// Numbers of dropout sites: where a training step draws random bits (util/counter-random.ts, `siteKey`). A number is
// never used twice and never changes: checkpoints resume with the same draws.

export const dropoutSites = {
	/** Word dropout in the lattice table's look-up; keyed by node, so that characters and words share it. */
	latticeWord: 1,
	bigramWord: 2,
	characterInput: 3,
	wordInput: 4,
	encoderOutput: 5,
} as const;

/** Dropouts inside encoder layer number `layer` (from 0). */
export function layerSites(layer: number): { inner: number; outer: number } {
	return { inner: 16 + 2 * layer, outer: 17 + 2 * layer };
}

/** Of BERT, beyond those of any number of lattice layers. */
export const bertSites = {
	embedding: 1_000_000,
	pieces: 1_000_001,
	layer: (layer: number) => {
		const first = 1_000_010 + 1000 * layer;
		return { attention: first, output: first + 1, probabilities: (head: number) => first + 10 + head };
	},
} as const;
