// Runs bench/torch/time_steps.py on a case's own batches, where a Python with PyTorch is at hand.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LatticeSentence, nodeCount } from '../src/data/lattice';
import { semanticClasses } from '../src/experiment/labels';
import { layOutNetwork, widthOf } from '../src/model/shape';
import type { BenchRow } from './bench-row';
import { tryBlas } from './blas';
import { longest, type StepCase } from './step-cases';

export interface TorchSteps {
	/** Measured steps of each form; 0 leaves a form out. */
	published: number;
	fast: number;
	ragged: number;
}

/** A form stops after the step in which this is over. */
const secondsPerForm = 40;

/** GFLOP/s below which PyTorch has no good BLAS, and a comparison with it is not fair. */
const slowProducts = 15;

const folder = join(dirname(fileURLToPath(import.meta.url)), 'torch');

/** The first Python that has PyTorch; null when none has. */
export function findTorch(): string | null {
	const candidates = [process.env.NERCO_PYTHON, 'python3', '/usr/bin/python3'].filter((path) => path !== undefined);
	return candidates.find((path) => spawnSync(path, ['-c', 'import torch']).status === 0) ?? null;
}

export type TorchDevice = 'cpu' | 'cuda';

export interface TorchCall {
	/** A Python with PyTorch. */
	python: string;
	device: TorchDevice;
	steps: TorchSteps;
	/** Gets what could not be measured. */
	note(text: string): void;
}

/** Rows of all forms, on the processor with one thread and the fastest kernels of its BLAS, or on a CUDA device. */
export function measureTorch(bench: StepCase, { python, device, steps, note }: TorchCall): BenchRow[] {
	const temporary = mkdtempSync(join(tmpdir(), 'nerco-bench-'));
	try {
		const jobs = join(temporary, 'jobs.json');
		writeFileSync(jobs, JSON.stringify([torchJob(bench, steps)]));
		const blas = device === 'cpu' ? tryBlas(python)[0] : undefined;
		const ran = spawnSync(python, ['-B', join(folder, 'time_steps.py'), jobs, '--device', device], {
			env: { ...process.env, ...blas?.environment },
			encoding: 'utf8',
		});
		const lines = ran.stdout.split('\n').filter((line) => line.startsWith('{'));
		if (ran.status !== 0) note(`PyTorch on ${bench.name} ended badly: ${ran.stderr.trim().split('\n').pop()}`);
		const [head, ...rows] = lines.map((line) => JSON.parse(line));
		if (head?.gigaflops < slowProducts) {
			const rate = `${head.gigaflops.toFixed(1)} GFLOP/s`;
			note(`PyTorch multiplies matrices at ${rate} only: it found no good BLAS (Debian: libopenblas0-pthread)`);
		}
		for (const row of rows) if (row.failed) note(`PyTorch, form ${row.form}, on ${bench.name}: no memory, or an error`);
		const adapter = `PyTorch ${head?.torch}, ${head?.adapter}${blas ? `, ${blas.core} kernels` : ''}`;
		for (const row of rows)
			if (row.steps < steps[row.form as keyof TorchSteps])
				note(`PyTorch, form ${row.form}, on ${bench.name}: ${row.steps} steps in the time given`);
		return rows.filter((row) => !row.failed).map((row) => rowOf(bench, row, adapter));
	} finally {
		rmSync(temporary, { recursive: true });
	}
}

interface TorchRow {
	form: string;
	msMedian: number;
	cpuMsMedian: number;
	steps: number;
	bytesPeak: number;
}

function rowOf({ name, n, batchSize }: StepCase, row: TorchRow, adapter: string): BenchRow {
	return {
		case: name,
		backend: 'pytorch',
		adapter,
		kernels: row.form,
		n,
		batch: batchSize,
		msMedian: row.msMedian,
		hostMsMedian: row.cpuMsMedian,
		steps: row.steps,
		dispatches: null,
		submits: null,
		bytesPeak: row.bytesPeak,
	};
}

function torchJob({ name, objective, shape, labels, temperature, batches }: StepCase, steps: TorchSteps) {
	const { model } = shape;
	const { ofTag, outside } = semanticClasses(labels);
	return {
		case: name,
		objective,
		temperature,
		steps,
		seconds: secondsPerForm,
		settings: {
			width: widthOf(model),
			heads: model.heads,
			layers: model.layers,
			max_distance: shape.maxDistance,
			embedding_dropout: model.embeddingDropout,
			feed_forward_dropout: model.feedForwardDropout,
			output_dropout: model.outputDropout,
			word_dropout: model.wordDropout,
		},
		shapes: Object.fromEntries(layOutNetwork(shape).entries.map((entry) => [entry.name, entry.shape])),
		classes: [...ofTag],
		outside,
		optimizer: { learningRate: 1e-4, momentum: 0.9, weightDecay: 0.05, clipValue: 5 },
		batches: batches.map(paddedBatch),
	};
}

/** The fields of bench/torch/lattice_batch.py: zeros behind each sentence. */
function paddedBatch(sentences: readonly LatticeSentence[]) {
	const nodes = longest(sentences);
	const characters = Math.max(...sentences.map(({ characterRows }) => characterRows.length));
	const padded = (length: number, values: (sentence: LatticeSentence) => ArrayLike<number>) =>
		sentences.map((sentence) => Object.assign(new Array<number>(length).fill(0), Array.from(values(sentence))));
	const indicesOf = ({ characterRows }: LatticeSentence) => [...characterRows.keys()];
	return {
		lattice: padded(nodes, ({ characterRows, wordRows }) => [...characterRows, ...wordRows]),
		bigrams: padded(characters, ({ bigramRows }) => bigramRows),
		seq_len: sentences.map(({ characterRows }) => characterRows.length),
		lex_num: sentences.map((sentence) => nodeCount(sentence) - sentence.characterRows.length),
		pos_s: padded(nodes, (sentence) => [...indicesOf(sentence), ...sentence.wordStart]),
		pos_e: padded(nodes, (sentence) => [...indicesOf(sentence), ...sentence.wordLast]),
		target: padded(characters, ({ tags }) => tags),
	};
}
