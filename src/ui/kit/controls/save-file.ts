// Gives the user a file that was made in the page. Names may be made of any text of the user's.

import { safeFileName } from '../../../util/file-name';

export function saveBlob(name: string, blob: Blob): void {
	const address = URL.createObjectURL(blob);
	const link = document.createElement('a');
	link.href = address;
	link.download = safeFileName(name);
	link.click();
	// The download has begun once the click returns; the address is let go a little later.
	setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function saveText(name: string, text: string, type = 'text/plain'): void {
	saveBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
}
