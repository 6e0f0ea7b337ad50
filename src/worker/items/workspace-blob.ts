// A workspace, or some items of it, as a Blob that the browser may keep on disk while it grows.

import type { Workspace } from '../../storage/workspace/workspace';
import { exportWorkspace } from '../../storage/workspace/workspace-file';

/** Bytes gathered before they are handed to the browser as one piece of a Blob, which it may keep on disk. */
const pieceBytes = 2 ** 24;

export async function workspaceBlob(
	workspace: Workspace,
	options: Omit<Parameters<typeof exportWorkspace>[1], 'write'>,
): Promise<Blob> {
	const blobs: Blob[] = [];
	let waiting: Uint8Array<ArrayBuffer>[] = [];
	let waitingBytes = 0;
	const flush = () => {
		blobs.push(new Blob(waiting));
		waiting = [];
		waitingBytes = 0;
	};
	const write = async (bytes: Uint8Array) => {
		waiting.push(bytes as Uint8Array<ArrayBuffer>);
		waitingBytes += bytes.length;
		if (waitingBytes >= pieceBytes) flush();
	};
	await exportWorkspace(workspace, { ...options, write });
	flush();
	return new Blob(blobs, { type: 'application/zip' });
}
