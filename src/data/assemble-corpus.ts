// One corpus from the readings of its files: each part goes to its split, and all tags become those of one scheme.

import { UserError } from '../util/errors';
import type { Corpus, Sentence } from './corpus';
import type { CorpusReading } from './formats/reading';
import { convertTags } from './formats/writing';
import type { TagScheme } from './tag-scheme';

/**
 * Parts whose split nobody has said are train. The scheme is that of the first file with tags (BIO where there are none);
 * tags of other schemes are converted, which keeps their mentions. Throws `corpus-unit-mix` for characters beside words.
 */
export function assembleCorpus(name: string, readings: readonly CorpusReading[]): Corpus {
	const scheme = readings.find((reading) => reading.scheme !== null)?.scheme ?? 'BIO';
	const unit = readings[0]?.unit ?? 'character';
	const splits: Corpus['splits'] = { train: [], dev: [], test: [] };
	for (const reading of readings) {
		if (reading.unit !== unit) throw unitMix(readings[0], reading);
		for (const part of reading.parts)
			for (const sentence of inScheme(part.sentences, reading.scheme, scheme))
				splits[part.split ?? 'train'].push(sentence);
	}
	return { name, unit, scheme, splits };
}

function* inScheme(sentences: readonly Sentence[], from: TagScheme | null, to: TagScheme): Generator<Sentence> {
	for (const sentence of sentences) {
		const isAsItIs = sentence.tags === null || from === null || from === to;
		yield isAsItIs ? sentence : { ...sentence, tags: convertTags(sentence.tags ?? [], from, to) };
	}
}

function unitMix(first: CorpusReading, other: CorpusReading): UserError {
	return new UserError({
		code: 'corpus-unit-mix',
		location: { file: other.file },
		expected: `the same unit as in ${first.file}: ${first.unit}s`,
		found: `${other.unit}s`,
		remedy: 'Choose the same unit for all files: characters for Chinese, words for languages written with spaces.',
	});
}
