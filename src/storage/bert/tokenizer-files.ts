// What a BERT folder says about its tokenizer: the pieces of `vocab.txt` or of `tokenizer.json`, and how text is cut
// before WordPiece. Another kind of tokenizer is refused by name, with the reason.

import { type PieceVocabulary, parsePieces, pieceVocabulary, specialPieces } from '../../data/bert/piece-vocabulary';
import type { TokenizerOptions } from '../../data/bert/tokenize';
import type { BertConfig } from '../../experiment/bert-config';
import { type Refuse, refuser } from '../refuse';

/** Texts of the files that are there. */
export interface TokenizerTexts {
	vocabulary: string | null;
	tokenizer: string | null;
	tokenizerConfig: string | null;
}

export const tokenizerNames = {
	vocabulary: 'vocab.txt',
	tokenizer: 'tokenizer.json',
	tokenizerConfig: 'tokenizer_config.json',
} as const satisfies Record<keyof TokenizerTexts, string>;

export interface BertTokenizer {
	/** By row of the model's table; an empty text where the files name none. */
	pieces: string[];
	vocabulary: PieceVocabulary;
	options: TokenizerOptions;
}

/** Why tokenizers of these kinds are another computation. */
const otherModels = new Map([
	['BPE', 'its pieces are merged bytes'],
	['Unigram', 'its pieces are SentencePiece'],
	['WordLevel', 'its pieces are whole words'],
]);

const remedy = 'Use vocab.txt, tokenizer.json and tokenizer_config.json of the same model as the weights.';
const maxPieces = 10_000_000;

/**
 * Throws a UserError: `bert-tokenizer-none` without any file, `bert-tokenizer-kind` for another kind of tokenizer,
 * `bert-tokenizer-broken` for what is none, `bert-tokenizer-other` where the files contradict each other,
 * `bert-vocabulary-special` and `bert-vocabulary-rows` for pieces that do not fit the model.
 */
export function readTokenizer(texts: TokenizerTexts, config: BertConfig, folder: string): BertTokenizer {
	const at = (name: keyof TokenizerTexts) => refuser(fileIn(folder, tokenizerNames[name]), remedy);
	const settings = texts.tokenizerConfig === null ? {} : readObject(texts.tokenizerConfig, at('tokenizerConfig'));
	refuseClass(settings, at('tokenizerConfig'));
	const parsed = texts.tokenizer === null ? null : readTokenizerJson(texts.tokenizer, at('tokenizer'));
	const listed = texts.vocabulary === null ? null : piecesOfText(texts.vocabulary, config.pieces);
	if (listed && parsed) refuseOther(listed, parsed.pieces, at('tokenizer'));
	// tokenizer.json also lists pieces that were added behind those of vocab.txt.
	const source = (parsed?.pieces.length ?? 0) > (listed?.length ?? 0) ? 'tokenizer' : 'vocabulary';
	const pieces = source === 'tokenizer' ? parsed?.pieces : listed;
	const refuse = refuser(folder, remedy);
	if (!pieces) return refuse('bert-tokenizer-none', 'vocab.txt or tokenizer.json', 'neither');
	const vocabulary = pieceVocabulary(pieces);
	refuseWithoutSpecial(vocabulary, at(source));
	refuseRows(pieces.length, config, at(source));
	return { pieces, vocabulary, options: optionsOf(settings, parsed?.normalizer ?? {}, at('tokenizerConfig')) };
}

export function fileIn(folder: string, name: string): string {
	return folder === '' ? name : `${folder.replace(/[/\\]$/, '')}/${name}`;
}

type Keys = Readonly<Record<string, unknown>>;

function asKeys(value: unknown): Keys | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Keys) : null;
}

function readObject(text: string, refuse: Refuse): Keys {
	let value: unknown = null;
	try {
		value = JSON.parse(text);
	} catch {
		// said below
	}
	return asKeys(value) ?? refuse('bert-tokenizer-broken', 'a JSON object', 'something else');
}

/** Every line of `vocab.txt`, repeated pieces included; but for empty ones at the end, beyond the `count` of the table. */
function piecesOfText(text: string, count: number): string[] {
	const { rows, size } = parsePieces(text);
	const pieces = new Array<string>(size).fill('');
	for (const [piece, row] of rows) pieces[row] = piece;
	while (pieces.length > count && pieces[pieces.length - 1] === '') pieces.pop();
	return pieces;
}

interface TokenizerJson {
	pieces: string[];
	normalizer: Keys;
}

function readTokenizerJson(text: string, refuse: Refuse): TokenizerJson {
	const keys = readObject(text, refuse);
	const model = asKeys(keys.model) ?? refuse('bert-tokenizer-broken', 'a model in tokenizer.json', 'none');
	const type = typeof model.type === 'string' ? model.type : kindByContent(model);
	if (type !== 'WordPiece') {
		const reason = otherModels.get(type);
		refuse('bert-tokenizer-kind', 'a WordPiece model', `"${type.slice(0, 40)}"${reason ? `: ${reason}` : ''}`);
	}
	refuseWordPiece(model, refuse);
	const normalizer = partOf(keys, 'normalizer', 'BertNormalizer', refuse);
	if (normalizer.clean_text === false) refuse('bert-tokenizer-kind', 'clean_text true', 'false');
	partOf(keys, 'pre_tokenizer', 'BertPreTokenizer', refuse);
	return { pieces: piecesOfJson(model.vocab, keys.added_tokens, refuse), normalizer };
}

/** Older files do not name the kind of their model. */
function kindByContent(model: Keys): string {
	if ('merges' in model) return 'BPE';
	return Array.isArray(model.vocab) ? 'Unigram' : 'WordPiece';
}

function refuseWordPiece(model: Keys, refuse: Refuse): void {
	const expected = { unk_token: specialPieces.unknown, continuing_subword_prefix: '##', max_input_chars_per_word: 100 };
	for (const [key, value] of Object.entries(expected)) {
		const found = model[key] ?? value;
		if (found !== value)
			refuse('bert-tokenizer-kind', `${key} ${JSON.stringify(value)}`, JSON.stringify(found).slice(0, 40));
	}
}

function partOf(keys: Keys, key: string, type: string, refuse: Refuse): Keys {
	const part = asKeys(keys[key]);
	if (part?.type === type) return part;
	const found = part ? `"${String(part.type).slice(0, 40)}"` : 'none';
	return refuse('bert-tokenizer-kind', `the ${key} ${type}`, found);
}

function piecesOfJson(vocab: unknown, added: unknown, refuse: Refuse): string[] {
	const entries = Object.entries(asKeys(vocab) ?? {});
	const more = Array.isArray(added) ? added.map((token) => [asKeys(token)?.content, asKeys(token)?.id] as const) : [];
	const pieces: string[] = [];
	for (const [piece, row] of [...entries, ...more]) {
		if (typeof piece !== 'string' || !Number.isInteger(row) || (row as number) < 0 || (row as number) >= maxPieces)
			return refuse('bert-tokenizer-broken', 'pieces with their rows', JSON.stringify([piece, row]).slice(0, 60));
		pieces[row as number] = piece;
	}
	if (pieces.length === 0) refuse('bert-tokenizer-broken', 'pieces with their rows', 'none');
	return Array.from(pieces, (piece) => piece ?? '');
}

/** `tokenizer_class` of a model that is no BERT tokenizer. */
function refuseClass(settings: Keys, refuse: Refuse): void {
	const name = settings.tokenizer_class;
	if (typeof name !== 'string' || /^(Bert|Electra|Ernie\w*)Tokenizer(Fast)?$/.test(name)) return;
	refuse('bert-tokenizer-kind', 'the tokenizer of a BERT, an ELECTRA or an ERNIE', `"${name.slice(0, 40)}"`);
}

function refuseOther(listed: readonly string[], parsed: readonly string[], refuse: Refuse): void {
	const { length } = listed;
	const row = listed.findIndex((piece, index) => piece !== parsed[index] && piece !== '' && parsed[index] !== '');
	if (row >= 0)
		refuse(
			'bert-tokenizer-other',
			`the pieces of vocab.txt ("${listed[row]}" in row ${row})`,
			`"${parsed[row] ?? ''}"`,
		);
	if (parsed.length < length) refuse('bert-tokenizer-other', `the ${length} pieces of vocab.txt`, `${parsed.length}`);
}

function refuseWithoutSpecial({ rows }: PieceVocabulary, refuse: Refuse): void {
	const { pad, unknown, first, last } = specialPieces;
	const missing = [pad, unknown, first, last].filter((piece) => !rows.has(piece));
	if (missing.length > 0)
		refuse('bert-vocabulary-special', `the pieces ${missing.join(', ')}`, `${rows.size} pieces without them`);
}

/** ERNIE's tables are longer than its vocabularies, rounded up. */
const roundedUp = 8;

function refuseRows(count: number, { pieces, family }: BertConfig, refuse: Refuse): void {
	const isPadded = family === 'ernie' && count < pieces && count > 0.99 * pieces && pieces % roundedUp === 0;
	if (count !== pieces && !isPadded)
		refuse('bert-vocabulary-rows', `${pieces} pieces, the rows of the model's table`, `${count}`);
}

/** What `tokenizer_config.json` says goes before what `tokenizer.json` says; a BERT without either lower-cases. */
function optionsOf(settings: Keys, normalizer: Keys, refuse: Refuse): TokenizerOptions {
	const choose = (key: string, other: unknown, standard: boolean): boolean => {
		const value = settings[key] ?? other ?? standard;
		if (typeof value !== 'boolean') refuse('bert-tokenizer-broken', `${key} true or false`, String(value).slice(0, 40));
		return value as boolean;
	};
	const lowerCase = choose('do_lower_case', normalizer.lowercase, true);
	return {
		lowerCase,
		stripAccents: choose('strip_accents', normalizer.strip_accents, lowerCase),
		splitsChinese: choose('tokenize_chinese_chars', normalizer.handle_chinese_chars, true),
	};
}
