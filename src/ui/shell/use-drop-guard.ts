// Files dropped where no page takes them: nothing happens. Browsers show such a file by themselves, some in place of this
// page, and its run would be cut off.

import { useEffect } from 'react';

export function useDropGuard(): void {
	useEffect(() => {
		const refuse = (event: DragEvent) => {
			if (!event.dataTransfer?.types.includes('Files')) return;
			// Parts of a page have taken it by now; what listens at the window allows it after this.
			if (!event.defaultPrevented) event.dataTransfer.dropEffect = 'none';
			event.preventDefault();
		};
		document.addEventListener('dragover', refuse);
		document.addEventListener('drop', refuse);
		return () => {
			document.removeEventListener('dragover', refuse);
			document.removeEventListener('drop', refuse);
		};
	}, []);
}
