// The text of a sentence as a key: two sentences have one key exactly when they read the same, to the letter or after
// folding what the eye does not tell apart.

/** Stands between units so that words do not run into one another; no word holds a control character. */
const separator = '\u001f';

/** Equal for sentences with the same characters (or words) only. */
export function textKey(characters: readonly string[]): string {
	return characters.join(separator);
}

const unseen = /[\s\u200b-\u200f\u2060\ufeff]+/gu;

/** Full and half width, letter case, compatibility forms (Unicode NFKC) and all white space folded away. */
export function foldedText(text: string): string {
	return text.normalize('NFKC').replace(unseen, '').toLowerCase();
}
