// The programs beside ours in the suite `bert`: PyTorch in a process of its own (bench/torch/time_bert.py), which does
// one pass for each line it is sent, and onnxruntime-web on the model as PyTorch exports it.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bertTensors } from '../src/experiment/bert-config';
import { bertRule, type PassName } from './bert-steps';
import { bertBase, pieceIds, sentencePieces, sentences } from './bert-workload';
import type { Blas } from './blas';
import type { TorchDevice } from './torch-times';

/** One pass of some program. */
export interface PassTime {
	ms: number;
	/** Of the processor. */
	cpuMs: number;
	/** Numbers of the output, to see that all programs compute the same. */
	first: number[];
	norm: number;
}

const program = join(dirname(fileURLToPath(import.meta.url)), 'torch', 'time_bert.py');

/** What bench/torch/time_bert.py reads. */
function torchJob() {
	return {
		shapes: Object.fromEntries(bertTensors(bertBase)),
		layers: bertBase.layers,
		heads: bertBase.heads,
		epsilon: bertBase.layerNormEpsilon,
		sentences,
		length: sentencePieces,
		pieces: bertBase.pieces,
		optimizer: bertRule,
	};
}

export class TorchBert {
	private constructor(
		private readonly child: ChildProcess,
		private readonly lines: AsyncIterator<string>,
		/** PyTorch and its device in words. */
		readonly label: string,
	) {}

	/** `folder` is for files that may go when the process ends. Throws where PyTorch cannot. */
	static async start(python: string, device: TorchDevice, blas: Blas | null, folder: string): Promise<TorchBert> {
		const job = join(folder, 'bert.json');
		writeFileSync(job, JSON.stringify(torchJob()));
		const env = { ...process.env, ...blas?.environment };
		const child = spawn(python, ['-B', program, job, '--device', device], { env, stdio: ['pipe', 'pipe', 'inherit'] });
		const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
		const head = await lines.next();
		if (head.done) throw new Error('PyTorch ended before it began; its message is above');
		const { torch, adapter } = JSON.parse(head.value);
		return new TorchBert(child, lines, `PyTorch ${torch}, ${adapter}${blas ? `, ${blas.core} kernels` : ''}`);
	}

	pass(name: PassName): Promise<PassTime> {
		return this.ask(name) as Promise<PassTime>;
	}

	/** Writes the model as ONNX. */
	async export(path: string): Promise<void> {
		await this.ask(`export ${path}`);
	}

	stop(): void {
		this.child.stdin?.end();
	}

	private async ask(command: string): Promise<unknown> {
		this.child.stdin?.write(`${command}\n`);
		for (;;) {
			const { value, done } = await this.lines.next();
			if (done) throw new Error(`PyTorch ended in '${command}'; its message is above`);
			if (value.startsWith('{')) return JSON.parse(value);
		}
	}
}

/** A forward pass of onnxruntime-web on its wasm, one thread. */
export async function openOnnx(path: string): Promise<{ label: string; forward(): Promise<Float32Array> }> {
	const { env, InferenceSession, Tensor } = await import('onnxruntime-web');
	env.wasm.numThreads = 1;
	const options = { executionProviders: ['wasm'], graphOptimizationLevel: 'all' } as const;
	const session = await InferenceSession.create(new Uint8Array(readFileSync(path)), options);
	const ids = BigInt64Array.from(pieceIds(), (id) => BigInt(id));
	return {
		label: `onnxruntime-web ${env.versions.web}, wasm, 1 thread`,
		async forward() {
			const pieces = new Tensor('int64', ids, [sentences, sentencePieces]);
			const { rows } = await session.run({ pieces });
			return rows.data as Float32Array;
		},
	};
}
