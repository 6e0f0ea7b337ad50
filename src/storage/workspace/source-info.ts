// Where imported things came from: name, size and hash of each file, as they were when they were read.

import { hasCounts, isRecord } from '../workbench-file';

export interface SourceInfo {
	/** Name of the file as the user had it. */
	name: string;
	sizeBytes: number;
	/** SHA-256 in hexadecimal; empty where the browser does not hash. */
	sha256: string;
}

export function isSourceList(value: unknown): value is SourceInfo[] {
	return Array.isArray(value) && value.every(isSource);
}

function isSource(value: unknown): value is SourceInfo {
	return (
		isRecord(value) &&
		hasCounts(value, ['sizeBytes']) &&
		typeof value.name === 'string' &&
		typeof value.sha256 === 'string'
	);
}
