// Opens the browser's file dialog from a button that looks like any other.

export function chooseFiles(onFiles: (files: File[]) => void, { isMultiple = true } = {}): void {
	const input = document.createElement('input');
	input.type = 'file';
	input.multiple = isMultiple;
	input.addEventListener('change', () => {
		if (input.files && input.files.length > 0) onFiles([...input.files]);
	});
	input.click();
}
