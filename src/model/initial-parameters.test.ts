import { expect, test } from 'vitest';
import { findParameter } from '../kernels/parameters';
import { tinyShape } from '../testing/tiny-network';
import { initialParameters } from './initial-parameters';
import { layOutNetwork } from './shape';

const shape = tinyShape();
const layout = layOutNetwork(shape);
const tables = {
	lattice: new Float32Array(shape.latticeRows * shape.latticeSize).fill(0.5),
	bigram: new Float32Array(shape.bigramRows * shape.bigramSize).fill(0.25),
};
const draw = (seed: number) => initialParameters(shape, layout, tables, seed);
const part = (values: Float32Array, name: string) => {
	const { offset, size } = findParameter(layout, name);
	return values.subarray(offset, offset + size);
};

test('matrices are Xavier uniform, linear biases and the fusion use the default of a linear layer', () => {
	const values = draw(1);
	const largest = (name: string) => part(values, name).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
	const within = (name: string, bound: number) => {
		expect(largest(name)).toBeLessThanOrEqual(bound);
		expect(largest(name)).toBeGreaterThan(bound * 0.7);
	};
	within('char_proj.weight', Math.sqrt(6 / (8 + 8)));
	within('encoder.layer_0.attn.u', Math.sqrt(6 / (2 + 4)));
	within('encoder.layer_0.ff.w0.bias', 1 / Math.sqrt(8));
	within('encoder.four_pos_fusion_embedding.pos_fusion_forward.0.weight', 1 / Math.sqrt(16));
});

test('LayerNorm starts at 1 and 0, transitions at 0, tables as given', () => {
	const values = draw(1);
	expect(new Set(part(values, 'encoder.layer_0.layer_postprocess.layer_norm.weight'))).toEqual(new Set([1]));
	expect(new Set(part(values, 'encoder.layer_0.layer_postprocess.layer_norm.bias'))).toEqual(new Set([0]));
	expect(new Set(part(values, 'crf.trans_m'))).toEqual(new Set([0]));
	expect([...part(values, 'bigram_embed.embedding.weight')]).toEqual([...tables.bigram]);
});

test('the same seed draws the same values, another seed others', () => {
	expect(draw(7)).toEqual(draw(7));
	expect(draw(7)).not.toEqual(draw(8));
});
