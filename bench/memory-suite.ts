// The suites `memory` and `tables`: most bytes held at several sizes, whether memory stands still over many mixed
// steps, and what the length of the embedding tables costs.

import { openForms } from './bench-devices';
import { type BenchRow, median } from './bench-row';
import type { BenchSession } from './bench-session';
import { generatedCase, mixCase, type StepCase } from './step-cases';
import { measureSteps } from './step-times';

export async function memorySuite(session: BenchSession): Promise<void> {
	session.section('Memory');
	const sizes: [number, number][] = [
		[10, 50],
		[10, 100],
		[10, 200],
		[10, 300],
		[40, 180],
	];
	for (const name of session.options.backends) {
		for (const [batchSize, n] of sizes) {
			if (session.isOver()) return;
			const bench = generatedCase(batchSize === 40 ? 'contrastive' : 'crf', batchSize, n);
			await measureAlone(session, name, bench, 2);
		}
		await mixedSteps(session, name);
	}
}

/** Tables of 8,000 and of 200,000 rows in turn; the time a step takes should hardly differ. */
export async function tablesSuite(session: BenchSession): Promise<void> {
	session.section('Long embedding tables');
	const cases = [8000, 200_000].map((rows) => {
		const bench = generatedCase('crf', 10, 100, { lattice: rows, bigram: rows });
		return { ...bench, name: `finetuning, N=100, two tables of ${rows} rows` };
	});
	for (const name of session.options.backends) {
		if (session.isOver()) return;
		const rows: BenchRow[] = [];
		for (let round = 0; round < 2; round++)
			for (const bench of cases) rows.push(...(await alone(session, name, bench, 8)));
		const timesOf = (name: string) =>
			rows
				.filter((row) => row.case === name)
				.map((row) => (row.backend === 'webgpu' ? row.msMedian : (row.hostMsMedian ?? 0)));
		session.add(rows.slice(rows.length / 2));
		if (rows.length === 0) continue;
		const ratio = median(timesOf(cases[1].name)) / median(timesOf(cases[0].name));
		session.note(
			`${name}: a step with 200,000 rows takes ${ratio.toFixed(2)} times as long as with 8,000 (four runs in turn)`,
		);
	}
}

async function measureAlone(
	session: BenchSession,
	name: Parameters<typeof openForms>[0],
	bench: StepCase,
	steps: number,
) {
	session.add(await alone(session, name, bench, steps));
}

/** One form after another, each on a device of its own: peaks must not add up. */
async function alone(
	session: BenchSession,
	name: Parameters<typeof openForms>[0],
	bench: StepCase,
	steps: number,
): Promise<BenchRow[]> {
	const rows: BenchRow[] = [];
	const forms = await openForms(name);
	try {
		for (const form of forms) {
			if (form.isSlow && !session.options.isFull && (bench.n > 100 || bench.batchSize > 10)) continue;
			rows.push(
				...(await measureSteps([form], bench, { steps: form.isSlow ? Math.min(3, steps) : steps, seconds: 20 })),
			);
		}
	} finally {
		for (const { device } of forms) device.dispose();
	}
	return rows;
}

/** Bytes after each size was seen once, and after 500 more steps: they must be equal. */
async function mixedSteps(session: BenchSession, name: Parameters<typeof openForms>[0]): Promise<void> {
	const corpus = await session.corpus('Resume');
	const forms = await openForms(name);
	try {
		for (const form of forms) {
			if ((form.isSlow && !session.options.isFull) || session.isOver()) continue;
			const bench = corpus
				? mixCase(corpus, 'crf', 4, 50)
				: { ...generatedCase('crf', 4, 40), name: 'finetuning, generated' };
			const once = { steps: bench.batches.length, seconds: Number.POSITIVE_INFINITY };
			const [seen] = await measureSteps([form], bench, once);
			const bytesSeen = form.device.memory().bytes;
			const [last] = await measureSteps([form], bench, { steps: 500, seconds: Number.POSITIVE_INFINITY });
			const bytesAfter = form.device.memory().bytes;
			session.add([{ ...last, case: `${bench.name}, 500 steps` }]);
			session.note(
				`${form.adapter}, ${form.kernels}: ${bytesSeen} bytes live after each of ${bench.batches.length} batches once, ` +
					`${bytesAfter} after 500 more steps; peak ${seen.bytesPeak} and ${last.bytesPeak}`,
			);
		}
	} finally {
		for (const { device } of forms) device.dispose();
	}
}
