// Registry of the corpus formats: what reads and writes each of those in the list. The compiler asks for every one of
// them, and for a writer where the list has an extension.

import { brat } from './brat';
import { cluener } from './cluener';
import { conll, conll2003 } from './columns';
import { doccano } from './doccano';
import type { FormatDefinition, FormatWriter } from './format-definition';
import type { CorpusFormat, TextFormat } from './format-list';
import { huggingFace, huggingFaceJson } from './hugging-face';
import { inlineBar, inlineSlash } from './inline';
import { labelStudio, labelStudioMin } from './label-studio';
import { parquet } from './parquet';
import { plainText } from './plain-text-format';
import { spacyJsonl, spacyV2 } from './spacy';
import { w2ner } from './w2ner';

type Definition<Format> = FormatDefinition & (Format extends TextFormat ? FormatWriter : unknown);

export const formatRegistry: { readonly [Format in CorpusFormat]: Definition<Format> } = {
	conll,
	'conll-2003': conll2003,
	doccano,
	'label-studio': labelStudio,
	'label-studio-min': labelStudioMin,
	'hugging-face': huggingFace,
	'hugging-face-json': huggingFaceJson,
	'hugging-face-parquet': parquet,
	cluener,
	w2ner,
	'spacy-jsonl': spacyJsonl,
	'spacy-v2': spacyV2,
	brat,
	'inline-bar': inlineBar,
	'inline-slash': inlineSlash,
	'plain-text': plainText,
};

/** The formats of one kind, with their names. */
export function formatsOfKind<Kind extends FormatDefinition['kind']>(kind: Kind) {
	return (Object.entries(formatRegistry) as [CorpusFormat, FormatDefinition][]).flatMap(([format, definition]) =>
		definition.kind === kind ? [{ format, ...(definition as Extract<FormatDefinition, { kind: Kind }>) }] : [],
	);
}
