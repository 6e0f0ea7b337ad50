// The weights of a BERT model out of its file: names with or without the model's prefix, with the old names of LayerNorm, of
// any element type, checked against the configuration and for numbers that are none.

import { type BertConfig, bertTensors, poolerTensors } from '../../experiment/bert-config';
import { invariant } from '../../util/errors';
import { type Refuse, refuser } from '../refuse';
import { sha256 } from '../sha256';
import { type ElementType, elementCount, readFloats, type StoredTensor } from '../stored-tensor';
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
	/** Those of `ignored` that no head of the family is known to have. */
	unknown: string[];
	/** One tensor of the encoder by its name without prefix. */
	read(name: string): Promise<Float32Array>;
	/** One after another, each read when it is asked for; the pooler last, where the file has it. */
	tensors(): AsyncGenerator<BertTensor>;
}

/** The marker of a file: every model of the family has it. */
const firstName = 'embeddings.word_embeddings.weight';

/** Tensors of transformers' models that hold no weights. */
const buffers = ['embeddings.position_ids', 'embeddings.token_type_ids'];

/** What stands beside the encoder in published files: the heads of pre-training and of the usual tasks. */
const heads =
	/^(cls|discriminator_predictions|generator_predictions|generator_lm_head|lm_head|classifier|qa_outputs)\.|^(?:\w+\.)?pooler\./;
/** What is computed before the head, and so belongs to a configuration. */
const encoderParts = ['embeddings.', 'embeddings_project.', 'encoder.'];

/** Why a number of such a type can be too large. */
const overflows: Readonly<Partial<Record<ElementType, string>>> = {
	F16: 'a float16 cannot be above 65504',
	F64: 'a float32 cannot be above 3.4e38',
};

const remedy = 'Use config.json, vocab.txt and the weights of one and the same model, complete as they were published.';

/**
 * Finds every tensor that the configuration asks for. Throws a UserError: `bert-weights-foreign` for the file of another kind of
 * model, `bert-weights-missing`, `bert-weights-shape` and `bert-weights-surplus` with the names; reading throws
 * `bert-weights-not-finite`.
 */
export function findBertWeights(tensors: TensorFile, config: BertConfig, file: string): BertWeights {
	const refuse = refuser(file, remedy);
	const named = presentNames(tensors, refuse);
	const prefix = prefixOf([...named.keys()], config, refuse);
	const wanted = bertTensors(config);
	refuseMissing(wanted, (name) => named.has(prefix + name), refuse);
	const pooler = poolerTensors(config);
	const hasPooler = [...pooler.keys()].every((name) => named.has(prefix + name));
	const all = hasPooler ? new Map([...wanted, ...pooler]) : wanted;
	for (const [name, shape] of all) checkShape(name, shape, named.get(prefix + name)!.tensor, refuse);
	const known = new Set([...all.keys(), ...buffers].map((name) => prefix + name));
	const ignored = [...named].filter(([name]) => !known.has(name)).map(([, { name }]) => name);
	refuseSurplus(ignored, prefix, refuse);
	const read = (name: string) => {
		invariant(all.has(name), `no tensor ${name} of BERT`);
		return readFinite(named.get(prefix + name)!, refuse);
	};
	return {
		prefix,
		hasPooler,
		ignored,
		unknown: ignored.filter((name) => !heads.test(name)),
		read,
		async *tensors() {
			for (const [name, shape] of all) yield { name, shape, values: await read(name) };
		},
	};
}

interface NamedTensor {
	/** In the file. */
	name: string;
	tensor: FiledTensor;
}

function presentNames(tensors: TensorFile, refuse: Refuse): Map<string, NamedTensor> {
	const named = new Map<string, NamedTensor>();
	for (const [name, tensor] of tensors) {
		const present = presentName(name);
		const other = named.get(present)?.name;
		if (other !== undefined) refuse('bert-weights-surplus', `one tensor ${present}`, `${other} and ${name}`);
		named.set(present, { name, tensor });
	}
	return named;
}

/** What stands before the names of the encoder. A file with several encoders says by its family's own name which is meant. */
function prefixOf(names: readonly string[], { family }: BertConfig, refuse: Refuse): string {
	const prefixes = names
		.filter((name) => name === firstName || name.endsWith(`.${firstName}`))
		.map((name) => name.slice(0, -firstName.length));
	if (prefixes.length === 1) return prefixes[0];
	const found = [`${family}.`, ''].find((prefix) => prefixes.includes(prefix));
	if (found !== undefined) return found;
	const count = prefixes.length === 0 ? `${names.length} tensors, none of that name` : `${prefixes.length} of them`;
	return refuse('bert-weights-foreign', `a tensor ${firstName}`, count);
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
	if (!isSame) refuse('bert-weights-shape', `${name} of shape [${shape}], as config.json says`, `[${found.shape}]`);
}

/** Heads are left aside; parts of the encoder that the configuration does not know are another model's. */
function refuseSurplus(ignored: readonly string[], prefix: string, refuse: Refuse): void {
	const inside = ignored.filter((name) => encoderParts.some((part) => name.startsWith(prefix + part)));
	if (inside.length === 0) return;
	const more = inside.length > 3 ? ` and ${inside.length - 3} more` : '';
	refuse('bert-weights-surplus', 'the tensors of config.json alone', `also ${inside.slice(0, 3).join(', ')}${more}`);
}

async function readFinite({ name, tensor }: NamedTensor, refuse: Refuse): Promise<Float32Array> {
	const stored = await tensor.read();
	const values = ownFloats(stored);
	for (let index = 0; index < values.length; index++) {
		const value = values[index];
		if (value - value === 0) continue;
		const reason = Number.isNaN(value) ? undefined : overflows[stored.type];
		refuse(
			'bert-weights-not-finite',
			`numbers in ${name}`,
			`${value} at element ${index}${reason ? ` (${reason})` : ''}`,
		);
	}
	return values;
}

/** What was read for this tensor alone is its own memory: a copy would hold it twice. */
function ownFloats(stored: StoredTensor): Float32Array {
	const { type, bytes } = stored;
	if (type !== 'F32' || bytes.byteOffset % 4 !== 0) return readFloats(stored);
	return new Float32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / 4);
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
