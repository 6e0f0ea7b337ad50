// Corpora of two files: brat's annotations (.ann) belong to the text (.txt) of the same name.

const isText = (name: string) => /\.txt$/i.test(name);
const isAnnotation = (name: string) => /\.ann$/i.test(name);
const stemOf = (name: string) => name.replace(/\.(txt|ann)$/i, '');

/** Each file by itself, but a text together with its annotations, in the order of the files. */
export function groupFiles<File>(files: readonly File[], nameOf: (file: File) => string): File[][] {
	return files.flatMap((file) => {
		const name = nameOf(file);
		const stem = stemOf(name);
		const besides = files.filter((other) => other !== file && stemOf(nameOf(other)) === stem);
		if (isAnnotation(name)) return besides.some((other) => isText(nameOf(other))) ? [] : [[file]];
		return [isText(name) ? [file, ...besides.filter((other) => isAnnotation(nameOf(other)))] : [file]];
	});
}
