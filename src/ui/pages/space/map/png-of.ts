// What a canvas shows, as a PNG file.

export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
	return new Promise((resolve, reject) => {
		canvas.toBlob(
			(blob) => (blob ? resolve(blob) : reject(new Error('invariant: the figure became no picture'))),
			'image/png',
		);
	});
}
