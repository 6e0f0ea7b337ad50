// The suites `step` and `contrastive`: training steps on every back end, and PyTorch's on the same batches beside them.

import type { DeviceName } from '../src/experiment/device-info';
import { openForms } from './bench-devices';
import type { BenchRow } from './bench-row';
import type { BenchSession } from './bench-session';
import { mixCase, type StepCase, sizeCase } from './step-cases';
import { measureSteps } from './step-times';
import { measureTorch } from './torch-times';

/** Work of a step by its pairs of nodes; the published form of PyTorch takes about 8 microseconds a pair. */
const pairsOf = ({ n, batchSize }: StepCase) => batchSize * n * n;
const slowPairs = 10 * 130 * 130;
const largePairs = 10 * 200 * 200;
const hugePairs = 40 * 200 * 200;

export async function stepSuite(session: BenchSession): Promise<void> {
	session.section('Finetuning steps');
	const [weibo, resume] = [await session.corpus('Weibo'), await session.corpus('Resume')];
	const cases: StepCase[] = [50, 100].map((n) => sizeCase(weibo, 'crf', 10, n));
	for (const corpus of [weibo, resume]) if (corpus) cases.push(mixCase(corpus, 'crf', 10, 6));
	cases.push(sizeCase(weibo, 'crf', 10, 180), sizeCase(weibo, 'crf', 10, 300), sizeCase(weibo, 'crf', 40, 100));
	await measureCases(session, cases);
	noteGrowth(session);
}

export async function contrastiveSuite(session: BenchSession): Promise<void> {
	session.section('Contrastive steps');
	const weibo = await session.corpus('Weibo');
	const cases = [50, 100].map((n) => sizeCase(weibo, 'contrastive', 40, n));
	if (weibo) cases.push(mixCase(weibo, 'contrastive', 40, 2));
	else cases.push(sizeCase(null, 'contrastive', 40, 180));
	if (session.options.isFull) cases.push(sizeCase(weibo, 'contrastive', 40, 300));
	await measureCases(session, cases);
}

async function measureCases(session: BenchSession, cases: readonly StepCase[]): Promise<void> {
	for (const bench of cases) {
		const ours: BenchRow[] = [];
		for (const name of session.options.backends) {
			if (session.isOver()) return;
			ours.push(...(await measureBackend(session, name, bench)));
		}
		const torch = session.isOver() ? [] : besideThem(session, bench);
		noteRatios(session, ours, torch);
	}
}

/** Freshly opened devices, so that a case's peak of memory is its own. */
export async function measureBackend(session: BenchSession, name: DeviceName, bench: StepCase): Promise<BenchRow[]> {
	const forms = await openForms(name);
	try {
		const isSlow = forms.some((form) => form.isSlow);
		if (isSlow && !session.options.isFull && !isSmall(bench)) return [];
		const budget = isSlow ? { steps: 5, seconds: 60 } : { steps: bench.batches.length * 4, seconds: 15 };
		const rows = await measureSteps(forms, bench, budget);
		session.add(rows);
		return rows;
	} finally {
		for (const { device } of forms) device.dispose();
	}
}

/** What an emulated device is asked for without --full: B = 10 with N of 50 and 100, finetuning. */
function isSmall({ objective, batchSize, n }: StepCase): boolean {
	return objective === 'crf' && batchSize === 10 && n < 115;
}

function besideThem(session: BenchSession, bench: StepCase): BenchRow[] {
	const { python, isFull } = session.options;
	if (python === null) {
		session.note(`${bench.name}: skipped: no PyTorch`);
		return [];
	}
	const pairs = pairsOf(bench);
	const count = bench.batches.length;
	const rounds = pairs > largePairs ? 1 : pairs > slowPairs ? 3 : 2 * count;
	const published = pairs > hugePairs && !isFull ? 0 : rounds;
	const fast = pairs > largePairs ? 2 : 2 * count;
	const rows = measureTorch(python, bench, { published, fast }, (text) => session.note(text));
	session.add(rows);
	return rows;
}

/** By processor time where one thread computes, since other programs may run; by the clock on a GPU. */
function noteRatios(session: BenchSession, ours: readonly BenchRow[], torch: readonly BenchRow[]): void {
	const composed = ours.find((row) => row.backend === 'webgpu' && row.kernels === 'composed');
	for (const row of ours) {
		for (const other of row.backend === 'wasm' ? torch : []) {
			const ratio = (other.hostMsMedian ?? 0) / (row.hostMsMedian ?? 1);
			session.note(`${row.case}: wasm needs 1/${ratio.toFixed(1)} of the processor time of PyTorch, ${other.kernels}`);
		}
		if (composed && row.backend === 'webgpu' && row !== composed) {
			const times = (name: 'msMedian' | 'hostMsMedian' | 'dispatches') =>
				((composed[name] ?? 0) / (row[name] ?? 1)).toFixed(1);
			session.note(
				`${row.case}: ${row.kernels} against composed: 1/${times('msMedian')} of the time, ` +
					`1/${times('dispatches')} of the dispatches, 1/${times('hostMsMedian')} of the host time`,
			);
		}
	}
}

/** How the time grows from N = 100 to N = 300 on each device, as a power of N; 2 is the bound. */
function noteGrowth(session: BenchSession): void {
	const sized = session.rows.filter(({ case: name, batch }) => name.startsWith('finetuning') && batch === 10);
	for (const large of sized.filter(({ n }) => n >= 280)) {
		const small = sized.find(
			(row) => row.case.includes('N~100') && row.adapter === large.adapter && row.kernels === large.kernels,
		);
		if (!small || small.hostMsMedian === null || large.hostMsMedian === null) continue;
		const timeOf = (row: BenchRow) => (row.backend === 'webgpu' ? row.msMedian : (row.hostMsMedian ?? row.msMedian));
		const power = Math.log(timeOf(large) / timeOf(small)) / Math.log(large.n / small.n);
		session.note(
			`${large.adapter}, ${large.kernels}: from N=${small.n} to N=${large.n} time grows as N^${power.toFixed(2)}`,
		);
	}
}
