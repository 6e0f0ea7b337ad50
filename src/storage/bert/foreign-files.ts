// Files that are taken for a model and are none: pointers of Git LFS, error pages, weights of other programs.

import { type Refuse, refuser } from '../refuse';

/** How such files begin, as Latin-1 with `?` for control characters, with what they are. */
const beginnings: readonly (readonly [pattern: RegExp, what: string, remedy: string])[] = [
	[
		/^version https:\/\/git-lfs/,
		'a pointer of Git LFS, not the file itself',
		'Download the file itself: git lfs pull, or the download button of the model page.',
	],
	[
		/^\s*<(!doctype|html|head|\?xml)/i,
		'a web page',
		'Download the file again: what was saved is the page of a server.',
	],
	[/^\x89HDF/, 'an HDF5 file of TensorFlow or Keras', 'Use the model.safetensors or pytorch_model.bin of the model.'],
	[/^GGUF/, 'a GGUF file', 'Use the model.safetensors or pytorch_model.bin of the model.'],
	[/^\?\x8b|^7z\xbc|^Rar!|^.{257}ustar/s, 'a packed file', 'Unpack it first.'],
];

/** File names of weights that other programs read. */
const otherNames: readonly (readonly [pattern: RegExp, program: string])[] = [
	[/^tf_model.*\.h5$|\.h5$/, 'TensorFlow'],
	[/\.ckpt(\.|$)/, 'TensorFlow'],
	[/\.msgpack$/, 'Flax'],
	[/\.onnx$/, 'ONNX'],
	[/\.pdparams$/, 'PaddlePaddle'],
	[/\.gguf$/, 'llama.cpp'],
	[/^(rust_model\.ot|openvino_model\.(bin|xml))$/, 'another program'],
];

const headBytes = 512;

/** Throws a UserError `bert-file-foreign` for a file that is plainly something else. */
export async function refuseForeign(blob: Blob, file: string): Promise<void> {
	const head = new Uint8Array(await blob.slice(0, headBytes).arrayBuffer());
	if (head[8] === 0x7b) return; // the JSON of safetensors, whatever its length looks like
	const text = Array.from(head, (byte) =>
		byte < 9 || (byte > 13 && byte < 32) ? '?' : String.fromCharCode(byte),
	).join('');
	const found = beginnings.find(([pattern]) => pattern.test(text));
	if (!found) return;
	const [, what, remedy] = found;
	const refuse = refuser(file, remedy);
	refuse('bert-file-foreign', 'a file of a BERT model', what);
}

/** For a folder without weights: the file that another program would read, if there is one. */
export function otherWeights(names: Iterable<string>): string | null {
	for (const name of names)
		for (const [pattern, program] of otherNames) if (pattern.test(name)) return `${name}, the weights of ${program}`;
	return null;
}

/** Throws a UserError `bert-weights-none` with what would help. */
export function refuseWithoutWeights(names: Iterable<string>, refuse: Refuse): never {
	return refuse(
		'bert-weights-none',
		'model.safetensors or pytorch_model.bin',
		otherWeights(names) ?? 'no file with weights',
	);
}
