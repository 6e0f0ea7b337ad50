// The vectors that BERT gives the characters of a batch: of each one's first piece.

import type { Indices } from '../kernels/operations';
import { invariant } from '../util/errors';
import { encodeBert } from './bert-encoder';
import { bertInput } from './bert-input';
import { dropoutSites } from './dropout-sites';
import { type BertShape, bertPrefix, type NetworkShape } from './shape';
import type { MatrixNode, Tape } from './tape';

/** [C, width of BERT]; given ones where the batch holds them. */
export function bertFeatures(tape: Tape, bert: BertShape): MatrixNode {
	const { batch } = tape;
	const { width } = bert.config;
	if (batch.features || bert.rows === 0) return tape.given(givenFeatures(tape, width));
	const { output } = encodeBert(tape, bert.config, bertPrefix, (facts) => bertInput(facts, bert), {
		recompute: bert.recompute,
	});
	const first = tape.indices('first pieces', (facts) => bertInput(facts, bert).firstPieces);
	return tape.gatherRows(output, first);
}

function givenFeatures(tape: Tape, width: number) {
	const rows = tape.batch.characterIds.length;
	return tape.matrix(rows, width, ({ batch }) => batch.features ?? new Float32Array(rows * width));
}

/** Representations of the characters where BERT is the whole encoder. [C, width of BERT] */
export function bertAlone(tape: Tape, { bert }: NetworkShape, characterKeys: Indices): MatrixNode {
	invariant(bert, 'a network of BERT alone without BERT');
	return tape.dropout(bertFeatures(tape, bert), bert.outputDropout, dropoutSites.encoderOutput, characterKeys);
}
