// One run through the operations of a standard transformer, on small seeded inputs of odd and of even sizes, for comparing devices
// with each other. Rows behind the last sentence hold junk where a device may have such rows. For tests.

import { activations } from '../experiment/bert-config';
import { siteKey } from '../util/counter-random';
import { RandomStream } from '../util/random';
import type { ConformanceResult } from './conformance';
import type { Device, Matrix } from './operations';
import { layOutParameters } from './parameters';
import { transformerOf } from './transformer-operations';

interface Size {
	/** H */
	width: number;
	heads: number;
	/** Rows of each sentence. */
	lengths: readonly number[];
}

const sizes: readonly Size[] = [
	{ width: 15, heads: 3, lengths: [4, 1, 7] },
	{ width: 16, heads: 2, lengths: [6, 3] },
];
const tableRows = 9;
const junk = 3.5;

/** `begin` opens a step. Leaves the device without one, its parameters replaced. */
export async function runTransformerConformance(
	device: Device,
	begin: () => void,
	seed = 5,
): Promise<ConformanceResult[]> {
	const results: ConformanceResult[] = [];
	for (const size of sizes) {
		const run = new TransformerRun(device, size, new RandomStream(seed));
		begin();
		await run.activations();
		await run.norms();
		await run.attention(false);
		await run.attention(true);
		await run.table();
		device.endStep();
		results.push(...run.results.map(({ name, values }) => ({ name: `${size.width}/${name}`, values })));
	}
	return results;
}

class TransformerRun {
	readonly results: ConformanceResult[] = [];
	private readonly layout;
	/** Rows of all sentences, and those behind them on devices that fill up. */
	private readonly realRows: number;
	private readonly rows: number;

	constructor(
		private readonly device: Device,
		private readonly size: Size,
		private readonly random: RandomStream,
	) {
		const { width, lengths } = size;
		this.realRows = lengths.reduce((sum, length) => sum + length, 0);
		this.rows = this.realRows + (device.rowLayout === 'padded' ? 3 : 0);
		this.layout = layOutParameters([
			{ name: 'norm.gain', shape: [width] },
			{ name: 'norm.bias', shape: [width] },
			{ name: 'table', shape: [tableRows, width] },
		]);
		const values = new Float32Array(this.layout.size);
		for (const { offset, size: count } of this.layout.entries) values.set(this.draw(count), offset);
		device.openParameters(this.layout);
		device.writeParameters(values);
	}

	async activations(): Promise<void> {
		const [input, gradient] = [this.matrix(4), this.gradient()];
		for (const kind of activations) {
			await this.note(`${kind}/output`, this.operations.activation(input, kind));
			await this.note(`${kind}/input gradient`, this.operations.activationBackward(input, kind, gradient));
		}
	}

	async norms(): Promise<void> {
		const [gain, bias] = this.layout.entries;
		for (const residual of [null, this.matrix()])
			for (const epsilon of [1e-12, 0.3]) {
				const name = `norm ${epsilon}${residual ? ' with residual' : ''}`;
				const call = { input: this.matrix(), residual, gain, bias, epsilon };
				const { output, saved } = this.operations.layerNorm(call);
				await this.note(`${name}/output`, output);
				const wanted = { inputs: true, parameters: true };
				const given = this.operations.layerNormBackward(call, saved, this.gradient(), wanted);
				if (given) await this.note(`${name}/input gradient`, given);
				await this.noteGradients(name);
			}
	}

	async attention(drops: boolean): Promise<void> {
		const { heads, lengths } = this.size;
		const dropout = Array.from({ length: heads }, (_, head) => {
			const rowKeys = this.device.uploadIndices(this.ids(1000));
			return { rate: 0.3, key: siteKey(2, 7, head), rowKeys };
		});
		const call = {
			...{ query: this.matrix(), key: this.matrix(), value: this.matrix(), heads },
			starts: Int32Array.from([0, ...lengths.map((_, end) => sumOf(lengths.slice(0, end + 1)))]),
			dropout: drops ? dropout : null,
		};
		const { output, saved } = this.operations.selfAttention(call);
		const name = `attention${drops ? ' with dropout' : ''}`;
		await this.note(`${name}/output`, output);
		const gradients = this.operations.selfAttentionBackward(call, saved, this.gradient());
		for (const part of ['query', 'key', 'value'] as const) await this.note(`${name}/${part}`, gradients[part]);
	}

	async table(): Promise<void> {
		const ids = this.device.uploadIndices(this.ids(tableRows));
		this.operations.tableRowsBackward(this.layout.entries[2], ids, this.gradient());
		await this.noteGradients('table');
	}

	private get operations() {
		return transformerOf(this.device);
	}

	private draw(count: number): Float32Array {
		return Float32Array.from({ length: count }, () => 2 * this.random.uniform() - 1);
	}

	private matrix(scale = 1): Matrix {
		return this.filled(this.realRows, scale, junk);
	}

	/** Behind the last sentence no row has a gradient. */
	private gradient(): Matrix {
		return this.filled(this.realRows, 1, 0);
	}

	private filled(realRows: number, scale: number, rest: number): Matrix {
		const { width } = this.size;
		const values = new Float32Array(this.rows * width).fill(rest);
		values.set(this.draw(realRows * width).map((value) => scale * value));
		return this.device.upload(values, this.rows, width);
	}

	/** Row 0 and repeated rows among them; -1 behind the last sentence. */
	private ids(end: number): Int32Array {
		return Int32Array.from({ length: this.rows }, (_, row) =>
			row >= this.realRows ? -1 : row === 1 ? 0 : this.random.below(end),
		);
	}

	/** The sentences' rows. */
	private async note(name: string, matrix: Matrix): Promise<void> {
		const values = await this.device.read(matrix);
		this.results.push({ name, values: values.subarray(0, this.realRows * matrix.columns) });
	}

	private async noteGradients(name: string): Promise<void> {
		this.results.push({ name: `${name}/gradients`, values: await this.device.readGradients() });
		this.device.zeroGradients();
	}
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
