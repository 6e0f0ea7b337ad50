// List of the forms of vector files: how each is called, saved, and named by `nerco vectors inspect`. Plain data; what
// reads and writes them is in vector-registry.ts.

interface ListedForm {
	title: string;
	extension: string;
	/** As `nerco vectors inspect` says it. */
	form: string;
}

/** In the order in which they are offered. */
export const vectorFormats = {
	'word2vec-text': { title: 'word2vec (text)', extension: '.vec', form: 'text' },
	'word2vec-binary': { title: 'word2vec (binary)', extension: '.bin', form: 'word2vec-binary' },
} as const satisfies Readonly<Record<string, ListedForm>>;

export type VectorFormat = keyof typeof vectorFormats;
export type VectorForm = (typeof vectorFormats)[VectorFormat]['form'];

export const vectorFormatNames = Object.keys(vectorFormats) as VectorFormat[];

export const isVectorFormat = (name: string): name is VectorFormat => Object.hasOwn(vectorFormats, name);

/** By the end of a file's name, packed or not; text where that says nothing. */
export function vectorFormatOfName(name: string): VectorFormat {
	const plain = name.replace(/\.gz$/, '');
	return vectorFormatNames.find((format) => plain.endsWith(vectorFormats[format].extension)) ?? 'word2vec-text';
}
