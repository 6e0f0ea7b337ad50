// What a network with BERT asks of its input: the files of a model, and sentences that its positions can hold.

import type { EncoderName } from '../../experiment/config';
import { UserError } from '../../util/errors';
import { type Sentence, splitNames } from '../corpus';
import type { RunSentences } from '../run-sentences';
import { type PreparedBert, pieceEncoder } from './bert-text';

/** The BERT of a network with this encoder, null for one without. Throws a UserError `bert-missing`. */
export function requireBert<Given>(encoder: EncoderName, given: Given | null, file?: string): Given | null {
	if (encoder === 'flat') return null;
	if (given) return given;
	throw new UserError({
		code: 'bert-missing',
		location: { file },
		expected: 'the files of a BERT model (config.json, vocab.txt and the weights)',
		found: 'none',
		remedy: 'Give the folder of a BERT model (--bert in the command), or set Encoder to flat (model.encoder).',
	});
}

/** Throws a UserError `sentence-over-positions` for the first sentence of more pieces than the model's positions. */
export function requirePositions(splits: RunSentences['splits'], bert: PreparedBert, refuses: boolean): void {
	if (!refuses) return;
	for (const name of splitNames) requireShort(splits[name], bert, `the ${name} split`);
}

export function requireShort(
	sentences: readonly Pick<Sentence, 'characters' | 'line'>[],
	bert: PreparedBert,
	where: string,
): void {
	const piecesOf = pieceEncoder(bert);
	const capacity = bert.config.positions - 2;
	for (const [index, { characters, line }] of sentences.entries()) {
		const { length } = piecesOf(characters).rows;
		if (length <= capacity) continue;
		throw new UserError({
			code: 'sentence-over-positions',
			location: { line: line > 0 ? line : undefined },
			expected: `sentences of at most ${capacity} pieces, which is what this BERT has positions for`,
			found: `${length} pieces in sentence ${index + 1} of ${where}`,
			remedy:
				'Clip long sentences (data.clipLength), split this one, or read long sentences in overlapping windows (quirks.refuseLongSentences=false).',
		});
	}
}
