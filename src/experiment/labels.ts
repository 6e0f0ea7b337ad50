// The tag set of an experiment: ids as the published program gives them, and the semantic class of a tag.

export const padTag = '<pad>';
export const unknownTag = '<unk>';

/** Tags in id order: `<pad>` is 0, `<unk>` is 1, then tags by falling frequency in train, ties by first appearance. */
export interface LabelSet {
	readonly tags: readonly string[];
}

/** The class that the contrastive loss pulls together: the part of a tag after its last '-', or the whole tag. */
export function semanticClass(tag: string): string {
	return tag.slice(tag.lastIndexOf('-') + 1);
}

/** Classes in order of first appearance over the tags from id 2 on, and per tag the index of its class (-1 for ids 0, 1). */
export function semanticClasses(labels: LabelSet): { names: string[]; ofTag: Int32Array; outside: number } {
	const names: string[] = [];
	const ofTag = Int32Array.from(labels.tags, (tag, id) => {
		if (id < 2) return -1;
		const name = semanticClass(tag);
		if (!names.includes(name)) names.push(name);
		return names.indexOf(name);
	});
	return { names, ofTag, outside: names.indexOf('O') };
}
