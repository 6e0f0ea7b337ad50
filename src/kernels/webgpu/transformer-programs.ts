// Activations of a standard transformer, and its attention within sentences in one pass: no matrix of queries by keys is ever in
// memory. A thread has one row of one head in its registers and walks through the rows of its sentence, which its
// neighbours read at the same time; probabilities are computed again on the way back from the greatest score and the sum that the
// forward pass kept (Rabe and Staats 2021; Dao et al. 2022). Letters: n rows, h heads, d numbers of a head.

import type { Activation } from '../../experiment/bert-config';
import type { ProgramText } from './program';
import { mixer } from './row-programs';

/** Beyond this every activation is its limit; within, no power or exponential overflows. */
const bound = '88.0';

/** erf with an error below 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26). */
const functions = `
fn normalShare(x : f32) -> f32 {
	let size = abs(x) * 0.7071067811865476;
	let t = 1.0 / (1.0 + 0.3275911 * size);
	let series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
	let rest = 0.5 * series * exp(-size * size);
	return select(1.0 - rest, rest, x < 0.0);
}
fn sigmoid(x : f32) -> f32 { return 1.0 / (1.0 + exp(-x)); }
fn tangent(x : f32) -> f32 {
	let inner = clamp(0.7978845608028654 * (x + 0.044715 * x * x * x), -15.0, 15.0);
	return 1.0 - 2.0 / (exp(2.0 * inner) + 1.0);
}`;

const formulas: Readonly<Record<Activation, { value: string; slope: string }>> = {
	relu: { value: 'max(x, 0.0)', slope: 'select(0.0, 1.0, x > 0.0)' },
	silu: { value: 'x * sigmoid(x)', slope: 'sigmoid(x) * (1.0 + x * (1.0 - sigmoid(x)))' },
	gelu: {
		value: 'x * normalShare(x)',
		slope: 'normalShare(x) + x * 0.3989422804014327 * exp(-0.5 * x * x)',
	},
	gelu_new: {
		value: '0.5 * x * (1.0 + tangent(x))',
		slope:
			'0.5 * (1.0 + tangent(x)) + 0.5 * x * (1.0 - tangent(x) * tangent(x)) * 0.7978845608028654 * (1.0 + 0.134145 * x * x)',
	},
};

export const activationProgram = (kind: Activation): ProgramText => ({
	name: `activation ${kind}`,
	words: ['out', 'source'],
	threads: 'elements',
	declarations: functions,
	body: `
	let given = arena[u.source + index];
	let x = clamp(given, -${bound}, ${bound});
	arena[u.out + index] = select(${formulas[kind].value}, max(given, 0.0), abs(given) > ${bound});`,
});

/** out = gradient * slope at the source. */
export const activationGradientProgram = (kind: Activation): ProgramText => ({
	name: `activationGradient ${kind}`,
	words: ['out', 'source', 'gradient'],
	threads: 'elements',
	replaces: 'gradient',
	declarations: functions,
	body: `
	let given = arena[u.source + index];
	let x = clamp(given, -${bound}, ${bound});
	let slope = select(${formulas[kind].slope}, select(0.0, 1.0, given > 0.0), abs(given) > ${bound});
	arena[u.out + index] = arena[u.gradient + index] * slope;`,
});

export interface AttentionVariant {
	/** d */
	headSize: number;
	drops: boolean;
}

/** What every program of attention begins with. Rows are read four numbers at a time where d allows. */
function attentionProgram(
	{ headSize, drops }: AttentionVariant,
	{ name, words, writes, body }: Pick<ProgramText, 'name' | 'words' | 'writes' | 'body'>,
): ProgramText {
	const isVector = headSize % 4 === 0;
	return {
		name: `${name}${isVector ? '' : ' of single numbers'}${drops ? ' drops' : ''}`,
		words: [...words, 'stats', 'spans', 'rows', 'heads', 'scaleFloat', 'draws', 'threshold', 'keptFloat'],
		writes,
		threads: 'elements',
		constants: { PARTS: isVector ? headSize / 4 : headSize, LANES: isVector ? 4 : 1 },
		isVector,
		declarations: `
alias Part = ${isVector ? 'vec4<f32>' : 'f32'};
fn product(left : Part, right : Part) -> f32 { return ${isVector ? 'dot(left, right)' : 'left * right'}; }
${drops ? mixer : ''}`,
		body: `
	let row = index % u.rows;
	let head = index / u.rows;
	let width = u.heads * PARTS;
	let own = row * width + head * PARTS;
	let first = inputs[u.spans + 2 * row];
	let end = inputs[u.spans + 2 * row + 1];
	let headStart = head * PARTS;
	${body}`,
	};
}

const load = (list: string, matrix: string, at: string) =>
	`for (var c = 0; c < PARTS; c = c + 1) { ${list}[c] = arena[u.${matrix} / LANES + ${at} + c]; }`;

const zeroList = (list: string) => `var ${list} = array<Part, PARTS>();`;

const store = (matrix: string, list: string) =>
	`for (var c = 0; c < PARTS; c = c + 1) { arena[u.${matrix} / LANES + own + c] = ${list}[c]; }`;

/** The sum of products of a list and a row of a matrix. */
const dot = (name: string, list: string, matrix: string, at: string) => `var ${name} = 0.0;
		for (var c = 0; c < PARTS; c = c + 1) { ${name} = ${name} + product(${list}[c], arena[u.${matrix} / LANES + ${at} + c]); }`;

/** What the probability of key `key` for a query row is multiplied by: 0 or 1 / (1 - rate). `draws` has for each head its key and
 *  where its row keys are. */
const keptOf = (drops: boolean, query: string, key: string) =>
	drops
		? `let rowKey = inputs[inputs[u.draws + 2 * head + 1] + ${query}];
		let rowBits = mix32(u32(inputs[u.draws + 2 * head]) ^ u32(rowKey));
		let bits = mix32(rowBits + u32(${key} - first) * 0x9e3779b9u);
		let kept = select(1.0 / u.keptFloat, 0.0, bits < u32(u.threshold));`
		: 'let kept = 1.0;';

/** Four numbers for each row and head: greatest score, 1 / sum, and on the way back gradient . output. */
const statsAt = (row: string, part: number, isVector: boolean) =>
	isVector
		? `arena[u.stats / 4 + ${row} * u.heads + head][${part}]`
		: `arena[u.stats + 4 * (${row} * u.heads + head) + ${part}]`;

/** out_i = sum over j of kept_ij softmax_j(scale q_i . k_j) v_j; 0 for a row of no sentence. */
export function selfAttentionProgram(variant: AttentionVariant): ProgramText {
	const isVector = variant.headSize % 4 === 0;
	const stats = isVector
		? 'arena[u.stats / 4 + row * u.heads + head] = vec4<f32>(highest, share, 0.0, 0.0);'
		: [`${statsAt('row', 0, false)} = highest;`, `${statsAt('row', 1, false)} = share;`].join('\n\t');
	return attentionProgram(variant, {
		name: 'selfAttention',
		words: ['out', 'query', 'key', 'value'],
		writes: ['out', 'stats'],
		body: `
	${zeroList('query')}
	${zeroList('total')}
	${load('query', 'query', 'own')}
	var highest = -1e30;
	var sum = 0.0;
	for (var j = first; j < end; j = j + 1) {
		let other = j * width + headStart;
		${dot('score', 'query', 'key', 'other')}
		score = score * u.scaleFloat;
		let higher = max(highest, score);
		let shrink = exp(highest - higher);
		let weight = exp(score - higher);
		highest = higher;
		sum = sum * shrink + weight;
		${keptOf(variant.drops, 'row', 'j')}
		for (var c = 0; c < PARTS; c = c + 1) {
			total[c] = total[c] * shrink + (weight * kept) * arena[u.value / LANES + other + c];
		}
	}
	let share = select(0.0, 1.0 / max(sum, 1e-30), end > first);
	for (var c = 0; c < PARTS; c = c + 1) { total[c] = total[c] * share; }
	${store('out', 'total')}
	${stats}`,
	});
}

/** Gradient of each query; notes gradient . output of its row, which the keys need. */
export function queryGradientProgram(variant: AttentionVariant): ProgramText {
	const isVector = variant.headSize % 4 === 0;
	const note = isVector
		? 'arena[u.along / 4 + row * u.heads + head] = vec4<f32>(highest, share, along, 0.0);'
		: ['highest', 'share', 'along']
				.map((value, part) => `arena[u.along + 4 * (row * u.heads + head) + ${part}] = ${value};`)
				.join('\n\t');
	return attentionProgram(variant, {
		name: 'queryGradient',
		words: ['out', 'along', 'query', 'key', 'value', 'output', 'gradient'],
		writes: ['out', 'along'],
		body: `
	${zeroList('query')}
	${zeroList('given')}
	${zeroList('total')}
	${load('query', 'query', 'own')}
	${load('given', 'gradient', 'own')}
	${dot('along', 'given', 'output', 'own')}
	let highest = ${statsAt('row', 0, isVector)};
	let share = ${statsAt('row', 1, isVector)};
	for (var j = first; j < end; j = j + 1) {
		let other = j * width + headStart;
		${dot('score', 'query', 'key', 'other')}
		${dot('towards', 'given', 'value', 'other')}
		${keptOf(variant.drops, 'row', 'j')}
		let slope = exp(score * u.scaleFloat - highest) * share * (towards * kept - along) * u.scaleFloat;
		for (var c = 0; c < PARTS; c = c + 1) { total[c] = total[c] + slope * arena[u.key / LANES + other + c]; }
	}
	${store('out', 'total')}
	${note}`,
	});
}

/** Gradient of each key. */
export function keyGradientProgram(variant: AttentionVariant): ProgramText {
	const isVector = variant.headSize % 4 === 0;
	return attentionProgram(variant, {
		name: 'keyGradient',
		words: ['out', 'query', 'key', 'value', 'gradient'],
		writes: ['out'],
		body: `
	${zeroList('key')}
	${zeroList('value')}
	${zeroList('total')}
	${load('key', 'key', 'own')}
	${load('value', 'value', 'own')}
	for (var i = first; i < end; i = i + 1) {
		let other = i * width + headStart;
		${dot('score', 'key', 'query', 'other')}
		${dot('towards', 'value', 'gradient', 'other')}
		${keptOf(variant.drops, 'i', 'row')}
		let probability = exp(score * u.scaleFloat - ${statsAt('i', 0, isVector)}) * ${statsAt('i', 1, isVector)};
		let slope = probability * (towards * kept - ${statsAt('i', 2, isVector)}) * u.scaleFloat;
		for (var c = 0; c < PARTS; c = c + 1) { total[c] = total[c] + slope * arena[u.query / LANES + other + c]; }
	}
	${store('out', 'total')}`,
	});
}

/** Gradient of each value. */
export function valueGradientProgram(variant: AttentionVariant): ProgramText {
	const isVector = variant.headSize % 4 === 0;
	return attentionProgram(variant, {
		name: 'valueGradient',
		words: ['out', 'query', 'key', 'gradient'],
		writes: ['out'],
		body: `
	${zeroList('key')}
	${zeroList('total')}
	${load('key', 'key', 'own')}
	for (var i = first; i < end; i = i + 1) {
		let other = i * width + headStart;
		${dot('score', 'key', 'query', 'other')}
		${keptOf(variant.drops, 'i', 'row')}
		let weight = exp(score * u.scaleFloat - ${statsAt('i', 0, isVector)}) * ${statsAt('i', 1, isVector)} * kept;
		for (var c = 0; c < PARTS; c = c + 1) { total[c] = total[c] + weight * arena[u.gradient / LANES + other + c]; }
	}
	${store('out', 'total')}`,
	});
}
