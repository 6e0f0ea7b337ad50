// The suites `memory` and `tables`: most bytes held at several sizes, how they and the time grow with N, whether memory
// stays constant over many mixed steps, and what the length of the embedding tables costs.

import { padNodes } from '../src/data/batch-buckets';
import { type BenchBackend, type BenchDevice, closeForms, openForms } from './bench-devices';
import type { BenchRow } from './bench-row';
import type { BenchSession } from './bench-session';
import { generatedCase, mixCase, type StepCase } from './step-cases';
import { measureSteps } from './step-times';

const growthSizes = [100, 180, 300];

/** Scores and probabilities of the attention and the gradients of both: [B, heads, N, N] each. */
const squareTensors = 4;

export async function memorySuite(session: BenchSession): Promise<void> {
	session.section('Memory and growth with N (generated batches)');
	for (const name of countingBackends(session)) {
		await growth(session, name);
		for (const objective of ['crf', 'contrastive'] as const) {
			if (session.isOver()) return;
			const [row] = await alone(session, name, generatedCase(objective, 40, 180));
			session.add([row]);
			if (objective === 'crf')
				session.ratio(`${row.backend}: peak MB of a finetuning step, B=40, N=180, H=200`, (row.bytesPeak ?? 0) / 1e6, {
					atMost: 400,
				});
		}
		await mixedSteps(session, name);
	}
}

/** webgpu is counted on the null adapter, where size costs nothing; bytes are the same on all. */
function countingBackends({ options }: BenchSession): BenchBackend[] {
	return options.backends.map((name) => (name === 'webgpu' ? 'null' : name));
}

async function growth(session: BenchSession, name: BenchBackend): Promise<void> {
	const rows: BenchRow[] = [];
	const cases = growthSizes.map((n) => generatedCase('crf', 10, n));
	for (const bench of cases) {
		if (session.isOver()) return;
		rows.push(...(await alone(session, name, bench)));
	}
	session.add(rows);
	const { heads } = cases[0].shape.model;
	const what = `${rows[0].backend}, ${rows[0].kernels}`;
	const sizes = rows.map(({ n }) => (name === 'wasm' ? n : padNodes(n)));
	const square = quadraticShare(
		sizes,
		rows.map((row) => row.bytesPeak ?? 0),
	);
	session.ratio(`${what}: bytes that grow as N^2, in tensors [B, heads, N, N] (B=10)`, square / (4 * 10 * heads), {
		atMost: squareTensors + 1 / heads,
	});
	if (name !== 'wasm') return;
	const timeOf = (row: BenchRow) => row.hostMsMedian ?? row.msMedian;
	const power = Math.log(timeOf(rows[2]) / timeOf(rows[0])) / Math.log(rows[2].n / rows[0].n);
	session.ratio(`${what}: from N=100 to N=300 time grows as N to the power`, power, { atMost: 2 });
}

/** The factor of x^2 in the parabola through three points. */
function quadraticShare([x0, x1, x2]: readonly number[], [y0, y1, y2]: readonly number[]): number {
	return ((y2 - y1) / (x2 - x1) - (y1 - y0) / (x1 - x0)) / (x2 - x0);
}

/** On a device of its own: peaks must not add up. */
async function alone(session: BenchSession, name: BenchBackend, bench: StepCase): Promise<BenchRow[]> {
	const forms = await openForms(name, ['fused']);
	try {
		const runs = forms.map((form) => ({ form, bench }));
		const seconds = session.options.isFull ? 60 : 10;
		return await measureSteps(runs, { steps: name === 'wasm' ? 8 : 2, seconds, warmUp: name === 'null' ? 4 : 2 });
	} finally {
		closeForms(forms);
	}
}

/** Bytes after each size was seen once, and after 500 more steps: they must be equal. */
async function mixedSteps(session: BenchSession, name: BenchBackend): Promise<void> {
	const corpus = await session.corpus('Resume');
	const bench = corpus
		? mixCase(corpus, 'crf', 4, 50)
		: { ...generatedCase('crf', 4, 40), name: 'finetuning, generated' };
	if (session.isOver() || name === 'cpu') return;
	const forms = await openForms(name, ['fused']);
	try {
		for (const form of forms) await countMixedSteps(session, form, bench);
	} finally {
		closeForms(forms);
	}
}

async function countMixedSteps(session: BenchSession, form: BenchDevice, bench: StepCase): Promise<void> {
	const run = { form, bench };
	const bytesHeld = () => form.readMeter()?.bytes ?? form.device.memory().bytes;
	await measureSteps([run], { steps: bench.batches.length, seconds: Number.POSITIVE_INFINITY });
	const [seen, seenLive] = [bytesHeld(), form.device.memory().bytes];
	const [last] = await measureSteps([run], { steps: 500, seconds: Number.POSITIVE_INFINITY });
	const [held, live] = [bytesHeld(), form.device.memory().bytes];
	session.add([{ ...last, case: `${bench.name}, 500 steps` }]);
	session.note(
		`${last.kernels}: allocated bytes ${seen}, then ${held}; the device's own count ${seenLive}, then ${live}`,
	);
	session.ratio(
		`${last.backend}, ${last.kernels}: bytes after 500 mixed steps over those after each batch once`,
		Math.max(held / seen, live / seenLive),
		{ atMost: 1 },
	);
}

/** Tables of 8,000 and of 200,000 rows, step by step in turn; the time a step takes should hardly differ. */
export async function tablesSuite(session: BenchSession): Promise<void> {
	session.section('Long embedding tables');
	const { backends, isGpuSlow } = session.options;
	for (const name of backends) {
		if (name === 'webgpu' && isGpuSlow) session.later(() => compareTables(session, name, 50, 3));
		else await compareTables(session, name, 100, 24);
	}
}

async function compareTables(session: BenchSession, name: BenchBackend, n: number, steps: number): Promise<void> {
	if (session.isOver()) return;
	const runs: { form: BenchDevice; bench: StepCase }[] = [];
	try {
		for (const rows of [8000, 200_000]) {
			const bench = generatedCase('crf', 10, n, { lattice: rows, bigram: rows });
			const [form] = await openForms(name, ['fused']);
			runs.push({ form, bench: { ...bench, name: `finetuning, N=${n}, two tables of ${rows} rows` } });
		}
		const rows = await measureSteps(runs, { steps, seconds: 120 });
		session.add(rows);
		const timeOf = (row: BenchRow) => (row.backend === 'webgpu' ? row.msMedian : (row.hostMsMedian ?? 0));
		session.ratio(`${name}: a step with tables of 200,000 rows over 8,000`, timeOf(rows[1]) / timeOf(rows[0]), {
			atMost: 1.3,
		});
	} finally {
		closeForms(runs.map(({ form }) => form));
	}
}
