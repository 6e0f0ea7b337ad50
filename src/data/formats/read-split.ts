// One split of a run from one file: CoNLL as the published program reads it where its slips are wanted, else any format.

import type { QuirkConfig } from '../../experiment/config';
import { UserError } from '../../util/errors';
import { readConll } from '../conll';
import type { Split, SplitName } from '../corpus';
import { decodeText } from '../decode-text';
import { readCorpus } from './read-corpus';
import type { ReadingChoices } from './reading';

export interface SplitOptions {
	file: string;
	quirks: Pick<QuirkConfig, 'dropHashLines' | 'stopAtMalformedLine'>;
	/** Which part of a file that holds several. */
	split: SplitName;
	choices?: ReadingChoices;
}

/** Throws what the readers throw, and `corpus-untagged` for a text without any tags. */
export async function readSplit(bytes: Uint8Array, { file, quirks, split, choices }: SplitOptions): Promise<Split> {
	if (quirks.dropHashLines || quirks.stopAtMalformedLine) return readConll(decodeText(bytes, file), { file, quirks });
	const { parts, notes, scheme } = await readCorpus(bytes, { file, choices });
	if (scheme === null) throw untagged(file);
	const own = parts.length > 1 ? parts.filter((part) => part.split === split) : [];
	const sentences = (own.length > 0 ? own : parts).flatMap((part) => part.sentences);
	return { sentences, notes };
}

function untagged(file: string): UserError {
	return new UserError({
		code: 'corpus-untagged',
		location: { file, line: 1 },
		expected: 'a labelled corpus',
		found: 'unlabelled text',
		remedy: 'Choose the labelled file: CoNLL columns, or the export of an annotation tool.',
	});
}
