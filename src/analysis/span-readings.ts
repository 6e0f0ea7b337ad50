// From tags to mentions, under the three rules that results are compared by. They agree on well-formed tags and
// differ in what they make of ill-formed ones:
//   published  fastNLP 0.5.0's SpanFPreRecMetric, as the published program scores (reference/metrics); lower-cased types
//   strict     IOB2 to the letter: an I that no B or I of its type precedes belongs to no mention
//   seqeval    seqeval's default mode, the rule of CoNLL-2000's conlleval: any change of type starts a mention

import type { ScoringRule } from '../experiment/events';

/** A mention that a rule found: [start, end) in characters. */
export interface Mention {
	type: string;
	start: number;
	end: number;
}

/** Tag scheme by the letters it uses; the published rule treats each a little differently. */
export type TagEncoding = 'bio' | 'bmes' | 'bmeso' | 'bioes';

/** Mentions of one sentence's tags, ordered by start; no two start at the same character. */
export function readMentions(tags: readonly string[], rule: ScoringRule, encoding: TagEncoding = 'bio'): Mention[] {
	switch (rule) {
		case 'published':
			return readPublished(tags, encoding);
		case 'strict':
			return readStrict(tags);
		case 'seqeval':
			return readSeqeval(tags);
		default:
			throw rule satisfies never;
	}
}

const isOneOf = (letter: string, letters: string) => letter !== '' && letters.includes(letter);

interface PublishedLetters {
	opening: string;
	/** Letters that lengthen the last mention when the previous tag has one of `before` and the type is the same. */
	extending: string;
	before: string;
	/** Empty where even O is not special: there it opens a mention of type ''. */
	outside: string;
}

const publishedLetters: Readonly<Record<TagEncoding, PublishedLetters>> = {
	bio: { opening: 'b', extending: 'i', before: 'bi', outside: 'o' },
	bmes: { opening: 'bs', extending: 'me', before: 'bm', outside: '' },
	bmeso: { opening: 'bs', extending: 'me', before: 'bm', outside: 'o' },
	bioes: { opening: 'bs', extending: 'ie', before: 'bi', outside: 'o' },
};

/** Every tag but O opens or extends, so `<pad>` is a mention of type `ad>`: prefix and type are cut by place. */
function readPublished(tags: readonly string[], encoding: TagEncoding): Mention[] {
	const letters = publishedLetters[encoding];
	const mentions: Mention[] = [];
	let previous = '';
	for (const [index, tag] of tags.entries()) {
		const [prefix = '', , ...rest] = tag.toLowerCase();
		const type = rest.join('');
		const last = mentions.at(-1);
		const isExtension = isOneOf(prefix, letters.extending) && isOneOf(previous, letters.before) && last?.type === type;
		if (isExtension) last.end = index + 1;
		else if (!isOneOf(prefix, letters.outside)) mentions.push({ type, start: index, end: index + 1 });
		previous = prefix;
	}
	return mentions;
}

function readStrict(tags: readonly string[]): Mention[] {
	const mentions: Mention[] = [];
	let open: Mention | null = null;
	for (const [index, tag] of tags.entries()) {
		const type = tag.slice(2);
		if (tag.startsWith('B-')) mentions.push((open = { type, start: index, end: index + 1 }));
		else if (tag.startsWith('I-') && open?.type === type) open.end = index + 1;
		else open = null;
	}
	return mentions;
}

interface SeqevalTag {
	letter: string;
	type: string;
}

/** A mention is emitted where one ends, from where one last began: a start without an end before it loses the older one. */
function readSeqeval(tags: readonly string[]): Mention[] {
	const mentions: Mention[] = [];
	let previous: SeqevalTag = { letter: 'O', type: '_' };
	let start = 0;
	for (let index = 0; index <= tags.length; index++) {
		const next = seqevalTag(tags[index] ?? 'O');
		if (endsBetween(previous, next)) mentions.push({ type: previous.type, start, end: index });
		if (startsBetween(previous, next)) start = index;
		previous = next;
	}
	return mentions;
}

/** `B-GPE-NOM` has type `GPE-NOM`, `<pad>` has `pad>`, `O` has `_`. */
function seqevalTag(tag: string): SeqevalTag {
	const rest = tag.slice(1);
	return { letter: tag.slice(0, 1), type: rest.slice(rest.indexOf('-') + 1) || '_' };
}

function endsBetween(previous: SeqevalTag, next: SeqevalTag): boolean {
	if (isOneOf(previous.letter, 'ES')) return true;
	if (isOneOf(previous.letter, 'BI') && isOneOf(next.letter, 'BSO')) return true;
	return !isOneOf(previous.letter, 'O.') && previous.type !== next.type;
}

function startsBetween(previous: SeqevalTag, next: SeqevalTag): boolean {
	if (isOneOf(next.letter, 'BS')) return true;
	if (isOneOf(previous.letter, 'ESO') && isOneOf(next.letter, 'EI')) return true;
	return !isOneOf(next.letter, 'O.') && previous.type !== next.type;
}
