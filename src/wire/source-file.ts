// A file of the user as page and worker pass it on.

/** A Blob crosses the wire by reference: the worker streams it, nothing is copied. */
export interface SourceFile {
	name: string;
	content: Blob;
}
