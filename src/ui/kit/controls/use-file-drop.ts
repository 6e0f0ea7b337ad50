// Files dropped on a part of the page: what to put on its element, and whether files hang over it now.

import { type DragEvent, useState } from 'react';

export function useFileDrop(take: (files: FileList) => void) {
	const [isDropping, setDropping] = useState(false);
	const dropProps = {
		onDragOver: (event: DragEvent) => {
			event.preventDefault();
			setDropping(true);
		},
		onDragLeave: () => setDropping(false),
		onDrop: (event: DragEvent) => {
			event.preventDefault();
			setDropping(false);
			take(event.dataTransfer.files);
		},
	};
	return { isDropping, dropProps };
}
