// The weights of a BERT model out of its file: names with or without the model's prefix, with the old names of LayerNorm, of
// any element type, checked against the configuration and for numbers that are none.

import { type BertConfig, bertTensors, poolerTensors } from '../../experiment/bert-config';
import { type Refuse, refuser } from '../refuse';
import { sha256 } from '../sha256';
import { elementCount, readFloats } from '../stored-tensor';
import type { FiledTensor, TensorFile } from '../tensor-file';

export interface BertTensor {
	/** Without prefix, such as `encoder.layer.0.attention.self.query.weight`. */
	name: string;
	shape: readonly number[];
	/** Row-major, rounded to float32 from what the file holds. */
	values: Float32Array;
}

export interface BertWeights {
	/** Names under which the tensors are filed begin with it. */
	prefix: string;
	/** Of all that the encoder uses. */
	hasPooler: boolean;
	/** Tensors of the file that nobody uses, such as pre-training heads. */
	ignored: string[];
	/** One after another, each read when it is asked for; the pooler last, where the file has it. */
	tensors(): AsyncGenerator<BertTensor>;
}

/** The marker of a file: every model of the family has it. */
const firstName = 'embeddings.word_embeddings.weight';

/** Tensors of transformers' models that hold no weights. */
const buffers = ['embeddings.position_ids', 'embeddings.token_type_ids'];

const remedy = 'Use config.json, vocab.txt and the weights of one and the same model, complete as they were published.';

/**
 * Finds every tensor that the configuration asks for. Throws a UserError: `bert-weights-foreign` for the file of another kind of
 * model, `bert-weights-missing`, `bert-weights-shape` and `bert-weights-surplus` with the names; reading throws
 * `bert-weights-not-finite`.
 */
export function findBertWeights(tensors: TensorFile, config: BertConfig, file: string): BertWeights {
	const refuse = refuser(file, remedy);
	const named = new Map([...tensors].map(([name, tensor]) => [presentName(name), { name, tensor }]));
	const marker = [...named.keys()].find((name) => name === firstName || name.endsWith(`.${firstName}`));
	if (marker === undefined)
		return refuse('bert-weights-foreign', `a tensor ${firstName}`, `${tensors.size} tensors, none of that name`);
	const prefix = marker.slice(0, -firstName.length);
	const wanted = bertTensors(config);
	refuseMissing(wanted, (name) => named.has(prefix + name), refuse);
	const pooler = poolerTensors(config);
	const hasPooler = [...pooler.keys()].every((name) => named.has(prefix + name));
	const all = hasPooler ? new Map([...wanted, ...pooler]) : wanted;
	for (const [name, shape] of all) checkShape(name, shape, named.get(prefix + name)!.tensor, refuse);
	const known = new Set([...all.keys(), ...buffers].map((name) => prefix + name));
	const ignored = [...named].filter(([name]) => !known.has(name)).map(([, { name }]) => name);
	refuseSurplus(ignored, prefix, refuse);
	return {
		prefix,
		hasPooler,
		ignored,
		async *tensors() {
			for (const [name, shape] of all)
				yield { name, shape, values: await readFinite(named.get(prefix + name)!, refuse) };
		},
	};
}

/** Names as they are today: LayerNorm had gamma and beta once. */
function presentName(name: string): string {
	return name.replace(/\bgamma$/, 'weight').replace(/\bbeta$/, 'bias');
}

function refuseMissing(
	wanted: ReadonlyMap<string, readonly number[]>,
	has: (name: string) => boolean,
	refuse: Refuse,
): void {
	const missing = [...wanted.keys()].filter((name) => !has(name));
	if (missing.length === 0) return;
	const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
	refuse('bert-weights-missing', `the tensors ${missing.slice(0, 3).join(', ')}${more}`, 'none of these names');
}

function checkShape(name: string, shape: readonly number[], found: FiledTensor, refuse: Refuse): void {
	const isSame = shape.length === found.shape.length && shape.every((length, axis) => length === found.shape[axis]);
	if (!isSame) refuse('bert-weights-shape', `${name} of shape [${shape}]`, `[${found.shape}]`);
}

/** Heads of pre-training are left aside; layers that the configuration does not know are another model's. */
function refuseSurplus(ignored: readonly string[], prefix: string, refuse: Refuse): void {
	const inside = ignored.filter((name) => name.startsWith(`${prefix}encoder.layer.`));
	if (inside.length > 0)
		refuse('bert-weights-surplus', 'the layers that config.json counts', `${inside.length} tensors more: ${inside[0]}`);
}

async function readFinite(
	{ name, tensor }: { name: string; tensor: FiledTensor },
	refuse: Refuse,
): Promise<Float32Array> {
	const values = readFloats(await tensor.read());
	const odd = values.findIndex((value) => !Number.isFinite(value));
	if (odd >= 0) refuse('bert-weights-not-finite', `numbers in ${name}`, `${values[odd]} at element ${odd}`);
	return values;
}

/** What a model is known by: SHA-256 over names, shapes and float32 values of what the encoder uses, whatever file held them. */
export class BertHash {
	private readonly parts: string[] = [];

	/** The pooler, which nothing uses, does not count. */
	async add({ name, shape, values }: BertTensor): Promise<void> {
		if (name.startsWith('pooler.')) return;
		const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
		this.parts.push(`${name} [${shape}] ${elementCount(shape)} ${await sha256(bytes)}`);
	}

	/** 64 hexadecimal digits, or an empty text where the browser does not hash. */
	digest(): Promise<string> {
		return sha256(new TextEncoder().encode(this.parts.join('\n')));
	}
}
