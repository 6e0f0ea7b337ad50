// The suites `step` and `contrastive`: training steps on every back end, and PyTorch's on the same batches beside them.

import { type BenchBackend, closeForms, openForms } from './bench-devices';
import type { BenchRow } from './bench-row';
import type { BenchSession } from './bench-session';
import { mixCase, type StepCase, sizeCase } from './step-cases';
import { measureSteps, type StepBudget } from './step-times';
import { measureTorch } from './torch-times';

/** Work of a step by its pairs of nodes; the published form of PyTorch takes about 8 microseconds a pair. */
const pairsOf = ({ n, batchSize }: StepCase) => batchSize * n * n;
const largePairs = 10 * 200 * 200;
/** What the composed form is asked for on the null adapter. */
const composedPairs = 10 * 115 * 115;
const hugePairs = 40 * 200 * 200;

export async function stepSuite(session: BenchSession): Promise<void> {
	session.section('Finetuning steps');
	const [weibo, resume] = [await session.corpus('Weibo'), await session.corpus('Resume')];
	const cases: StepCase[] = [50, 100].map((n) => sizeCase(weibo, 'crf', 10, n));
	for (const corpus of [weibo, resume]) if (corpus) cases.push(mixCase(corpus, 'crf', 10, 6));
	cases.push(sizeCase(weibo, 'crf', 10, 180), sizeCase(weibo, 'crf', 10, 300), sizeCase(weibo, 'crf', 40, 100));
	const wanted = cases.filter(({ name }) => name.includes(session.options.only));
	await measureCases(session, wanted);
	if (session.options.backends.includes('webgpu') && session.options.isGpuSlow)
		session.later(() => emulatedSteps(session, session.options.isFull ? wanted : wanted.filter(isSmall)));
}

export async function contrastiveSuite(session: BenchSession): Promise<void> {
	session.section('Contrastive steps');
	const [weibo, resume] = [await session.corpus('Weibo'), await session.corpus('Resume')];
	const cases = [50, 100].map((n) => sizeCase(weibo, 'contrastive', 40, n));
	for (const corpus of [weibo, resume]) if (corpus) cases.push(mixCase(corpus, 'contrastive', 40, 2));
	if (!weibo) cases.push(sizeCase(null, 'contrastive', 40, 180));
	if (session.options.isFull) cases.push(sizeCase(weibo, 'contrastive', 40, 300));
	await measureCases(
		session,
		cases.filter(({ name }) => name.includes(session.options.only)),
	);
}

async function measureCases(session: BenchSession, cases: readonly StepCase[]): Promise<void> {
	const { backends, isGpuSlow, torchDevice } = session.options;
	for (const bench of cases) {
		const ours: BenchRow[] = [];
		for (const name of backends) {
			if (session.isOver()) return;
			if (name !== 'webgpu' || !isGpuSlow) ours.push(...(await measureBackend(session, name, bench)));
			if (name === 'webgpu') ours.push(...(await measureBackend(session, 'null', bench)));
		}
		const isBeside = backends.includes('wasm') || torchDevice === 'cuda';
		const torch = session.isOver() || !isBeside ? [] : besideThem(session, bench);
		noteRatios(session, ours, torch);
	}
}

/** Freshly opened devices, so that a case's peak of memory is its own. */
async function measureBackend(session: BenchSession, name: BenchBackend, bench: StepCase): Promise<BenchRow[]> {
	// The composed form has 512 MiB there, and its pool of buffers never shrinks.
	const isTooLarge = name === 'null' && pairsOf(bench) > composedPairs;
	const forms = await openForms(name, isTooLarge ? ['fused'] : undefined);
	try {
		const rows = await measureSteps(
			forms.map((form) => ({ form, bench })),
			budgetOf(name, bench),
		);
		session.add(rows);
		for (const { device, kernels } of forms)
			for (const finding of device.findings ?? []) session.note(`${bench.name}, ${kernels}: ${finding}`);
		return rows;
	} finally {
		closeForms(forms);
	}
}

/** Measured steps of a case, the same number for every program: each batch twice, once where a step takes seconds. */
function stepsOf(bench: StepCase): number {
	return (pairsOf(bench) > largePairs ? 1 : 2) * bench.batches.length;
}

function budgetOf(name: BenchBackend, bench: StepCase): StepBudget {
	if (name === 'cpu') return { steps: 3, seconds: 30 };
	return name === 'null' ? { steps: 24, seconds: 6 } : { steps: stepsOf(bench), seconds: 15 };
}

/** What an emulated device is asked for without --full: B = 10 with N of 50 and 100, finetuning. */
function isSmall({ name, batchSize, n }: StepCase): boolean {
	return batchSize === 10 && n < 115 && !name.includes('mix');
}

/** Five steps of each form in turn; fewer of large cases where the time is short. */
async function emulatedSteps(session: BenchSession, cases: readonly StepCase[]): Promise<void> {
	session.section('Steps on an emulated GPU');
	for (const [index, bench] of cases.entries()) {
		if (session.isOver()) return;
		const forms = await openForms('webgpu');
		try {
			const share = session.secondsLeft() / (cases.length - index);
			const budget = { steps: 5, seconds: Math.max(30, share - 90) };
			const rows = await measureSteps(
				forms.map((form) => ({ form, bench })),
				budget,
			);
			session.add(rows);
			if (rows[0].steps !== 5) session.note(`${bench.name}: ${rows[0].steps} steps of each form in the time given`);
			noteRatios(session, rows, []);
		} finally {
			closeForms(forms);
		}
	}
}

function besideThem(session: BenchSession, bench: StepCase): BenchRow[] {
	const { python, torchDevice: device, isFull } = session.options;
	if (python === null) {
		session.note(`${bench.name}: skipped: no PyTorch`);
		return [];
	}
	const steps = stepsOf(bench);
	const published = pairsOf(bench) > hugePairs && !isFull ? 0 : steps;
	const rows = measureTorch(bench, {
		...{ python, device, steps: { published, fast: steps, ragged: steps } },
		note: (text) => session.note(text),
	});
	session.add(rows);
	return rows;
}

function noteRatios(session: BenchSession, ours: readonly BenchRow[], torch: readonly BenchRow[]): void {
	const beside = session.options.torchDevice === 'cuda' ? 'webgpu' : 'wasm';
	for (const row of ours) {
		if (row.backend === beside) for (const other of torch) torchRatio(session, row, other);
		if (row.backend !== 'webgpu' || row.kernels === 'composed') continue;
		const composed = ours.find((other) => other.adapter === row.adapter && other.kernels === 'composed');
		if (composed) formRatios(session, row, composed);
		const most = row.case.startsWith('contrastive') ? 140 : 120;
		session.ratio(`${row.case}: dispatches of a fused step`, row.dispatches ?? 0, { atMost: most });
	}
}

/** On processors by processor time, where both compute on one thread and other programs may run; on GPUs by the clock. */
function torchRatio(session: BenchSession, row: BenchRow, other: BenchRow): void {
	const isGpu = row.backend === 'webgpu';
	if (isGpu && (row.kernels !== 'fused' || row.adapter.includes('null'))) return;
	const aimOfPublished = isGpu ? 3 : row.case.startsWith('contrastive') ? 20 : 10;
	const timeOf = ({ msMedian, hostMsMedian }: BenchRow) => (isGpu ? msMedian : (hostMsMedian ?? msMedian));
	session.ratio(
		`${row.case}, B=${row.batch}: PyTorch, ${other.kernels} form, over ${row.backend}`,
		timeOf(other) / timeOf(row),
		{ atLeast: other.kernels === 'published' ? aimOfPublished : 1 },
	);
}

function formRatios(session: BenchSession, fused: BenchRow, composed: BenchRow): void {
	const add = (what: string, value: number, atLeast: number) =>
		session.ratio(`${fused.case}, B=${fused.batch}: composed over fused, ${what}`, value, { atLeast });
	add('dispatches', (composed.dispatches ?? 0) / (fused.dispatches ?? 1), 3);
	const hostMs = ({ hostMsMedian, arrangeMsMedian }: BenchRow) => (hostMsMedian ?? 0) - (arrangeMsMedian ?? 0);
	if (fused.adapter.includes('null'))
		add('host ms (arranging the batch left out)', hostMs(composed) / hostMs(fused), 10);
	else add('time', composed.msMedian / fused.msMedian, 2);
}
