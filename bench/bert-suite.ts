// The suite `bert`: a forward pass, and a whole training step, of BERT-base beside PyTorch and onnxruntime-web. Everything that
// is compared takes turns in one run; all outputs are compared, and what could not be measured is said.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDevice } from '../src/cli/open-device';
import type { Device } from '../src/kernels/operations';
import type { TransformerOperations } from '../src/kernels/transformer-operations';
import { createWasmDevice, type WasmDeviceOptions } from '../src/kernels/wasm/device';
import { openForms } from './bench-devices';
import { type BenchRow, median } from './bench-row';
import type { BenchSession, Ratio } from './bench-session';
import { openOnnx, type PassTime, TorchBert } from './bert-opponents';
import { openBert, type PassName, passNames } from './bert-steps';
import { sentencePieces, sentences } from './bert-workload';
import { avx2Blas, tryBlas } from './blas';
import { processMs, threadMs } from './processor-time';

interface Counts {
	dispatches: number;
	submits: number;
	bytesPeak: number;
}

/** One program or device that does passes. */
interface Contestant {
	name: string;
	backend: string;
	label: string;
	kernels: string;
	passes: readonly PassName[];
	run(pass: PassName): Promise<PassTime>;
	/** Counts since the last call; null where there are none. */
	counts?(): Counts | null;
	close(): void;
}

const rounds = 3;
/** Between outputs of two programs: of their length, relatively, and of their first numbers. */
const largestDifference = 1e-4;

export async function bertSuite(session: BenchSession): Promise<void> {
	session.section('BERT-base, [10, 57] pieces');
	const folder = mkdtempSync(join(tmpdir(), 'nerco-bench-'));
	const contestants: Contestant[] = [];
	try {
		for (const backend of session.options.backends) contestants.push(...(await openOurs(session, backend)));
		contestants.push(...(await openTheirs(session, folder)));
		noteRatios(session, await measure(session, contestants));
	} finally {
		for (const contestant of contestants) contestant.close();
		rmSync(folder, { recursive: true });
	}
}

async function openOurs(session: BenchSession, backend: string): Promise<Contestant[]> {
	if (backend === 'wasm') {
		await openDevice('wasm').then(({ device }) => device.dispose()); // turns relaxed SIMD on where it is hidden
		const forms: [string, WasmDeviceOptions][] = [
			['wasm plain', { build: 'plain' }],
			['wasm relaxed', { build: 'relaxed-fma' }],
			['wasm relaxed, 2 threads', { build: 'relaxed-fma', threads: 2 }],
		];
		const opened: Contestant[] = [];
		for (const [name, options] of forms) opened.push(ours(name, await createWasmDevice(options)));
		return opened;
	}
	if (backend === 'cpu') {
		session.note('BERT-base on cpu: skipped: the plain reference would take minutes a pass');
		return [];
	}
	return openGpu(session);
}

async function openGpu(session: BenchSession): Promise<Contestant[]> {
	session.note('BERT-base on the null adapter: skipped: it has 512 MiB, the model alone takes 407 MB');
	if (session.options.isGpuSlow) {
		session.note('BERT-base on webgpu: skipped: the adapter is emulated, minutes a pass');
		return [];
	}
	const [form] = await openForms('webgpu', ['fused']);
	const { transformer } = form.device as Device & { transformer?: TransformerOperations };
	if (!transformer) {
		session.note(`BERT-base on ${form.adapter}: skipped: the device has no operations of a transformer`);
		form.device.dispose();
		return [];
	}
	let last = form.readMeter();
	const counts = () => {
		const now = form.readMeter();
		const [from, to] = [last, now];
		last = now;
		if (!from || !to) return null;
		const { dispatches, submits, bytesPeak } = to;
		return { dispatches: dispatches - from.dispatches, submits: submits - from.submits, bytesPeak };
	};
	return [{ ...ours('webgpu', form.device), kernels: form.kernels, label: form.adapter, counts }];
}

function ours(name: string, device: Device): Contestant {
	const { label, build, threads = 1 } = device.info;
	const pass = openBert(device);
	const processor = threads > 1 ? processMs : threadMs;
	return {
		...{ name, label, backend: device.info.name, kernels: build ?? 'fused', passes: passNames },
		run: (kind) => timed(() => pass(kind), processor),
		close: () => device.dispose(),
	};
}

async function timed(work: () => Promise<Float32Array>, processor: () => number): Promise<PassTime> {
	const [startedAt, started] = [performance.now(), processor()];
	const rows = await work();
	const [cpuMs, ms] = [processor() - started, performance.now() - startedAt];
	return { ms, cpuMs, first: Array.from(rows.subarray(0, 8)), norm: Math.hypot(...chunkNorms(rows)) };
}

/** Lengths of parts, few enough to be arguments. */
function chunkNorms(rows: Float32Array): number[] {
	const part = 4096;
	return Array.from({ length: Math.ceil(rows.length / part) }, (_, index) =>
		Math.sqrt(rows.subarray(index * part, (index + 1) * part).reduce((sum, value) => sum + value * value, 0)),
	);
}

async function openTheirs(session: BenchSession, folder: string): Promise<Contestant[]> {
	const { python, torchDevice } = session.options;
	if (python === null) {
		session.note('bert, PyTorch and onnxruntime-web: skipped: no PyTorch (Debian: python3-torch libopenblas0-pthread)');
		return [];
	}
	if (torchDevice === 'cuda') return [torchContestant('PyTorch', await TorchBert.start(python, 'cuda', null, folder))];
	const [best] = tryBlas(python);
	const avx2 = avx2Blas(python);
	session.note(
		`BLAS kernels of PyTorch: ${tryBlas(python)
			.map(({ core, gigaflops }) => `${core} ${gigaflops.toFixed(0)} GFLOP/s`)
			.join(', ')}`,
	);
	const opened: Contestant[] = [];
	const fastest = await TorchBert.start(python, 'cpu', best, folder);
	opened.push(torchContestant('PyTorch, best kernels', fastest));
	if (avx2) {
		const torch = avx2 === best ? fastest : await TorchBert.start(python, 'cpu', avx2, folder);
		if (torch !== fastest) opened.push(torchContestant('PyTorch, AVX2', torch));
	} else session.note('PyTorch, AVX2: skipped: this processor or BLAS has no such kernels');
	if (session.options.backends.includes('wasm')) opened.push(await onnxContestant(fastest, folder));
	return opened;
}

function torchContestant(name: string, torch: TorchBert): Contestant {
	return {
		...{ name, label: torch.label, backend: 'pytorch', kernels: 'padded', passes: passNames },
		run: (pass) => torch.pass(pass),
		close: () => torch.stop(),
	};
}

async function onnxContestant(torch: TorchBert, folder: string): Promise<Contestant> {
	const path = join(folder, 'bert.onnx');
	await torch.export(path);
	const { label, forward } = await openOnnx(path);
	return {
		...{ name: 'onnxruntime-web', label, backend: 'onnxruntime-web', kernels: 'all optimisations' },
		passes: ['forward'],
		run: () => timed(forward, threadMs),
		close: () => {},
	};
}

/** A pass of one program, and what was measured of it. */
interface Turn {
	pass: PassName;
	contestant: Contestant;
	times: PassTime[];
	counts: Counts | null;
}

/** Every pass of every program once to warm up, forward passes first, then all in turn, round after round. */
async function measure(session: BenchSession, contestants: readonly Contestant[]): Promise<Map<string, BenchRow>> {
	const passes = passNames.filter((pass) => caseOf(pass).includes(session.options.only));
	const turns = passes.flatMap((pass) => {
		const able = contestants.filter((each) => each.passes.includes(pass));
		for (const { name } of contestants.filter((each) => !able.includes(each)))
			session.note(`${caseOf(pass)}, ${name}: skipped: it does not train`);
		return able.map((contestant): Turn => ({ pass, contestant, times: [], counts: null }));
	});
	for (const turn of turns) await take(turn);
	for (const pass of passes)
		compareOutputs(
			session,
			turns.filter((turn) => turn.pass === pass),
		);
	for (const turn of turns) turn.times = [];
	for (let round = 0; round < rounds && !(round > 0 && session.isOver()); round++)
		for (const turn of turns) await take(turn);
	const rows = new Map(turns.map((turn) => [`${turn.pass}: ${turn.contestant.name}`, rowOf(turn)]));
	session.add([...rows.values()]);
	return rows;
}

async function take(turn: Turn): Promise<void> {
	const { pass, contestant, times } = turn;
	contestant.counts?.();
	times.push(await contestant.run(pass));
	turn.counts = contestant.counts?.() ?? null;
}

function caseOf(pass: PassName): string {
	return pass === 'step' ? 'BERT-base, step: forward, backward, update' : 'BERT-base, forward';
}

function rowOf({ pass, contestant, times, counts }: Turn): BenchRow {
	return {
		case: caseOf(pass),
		...{ backend: contestant.backend, adapter: contestant.label, kernels: contestant.kernels },
		...{ n: sentencePieces, batch: sentences, steps: times.length },
		msMedian: median(times.map(({ ms }) => ms)),
		hostMsMedian: median(times.map(({ cpuMs }) => cpuMs)),
		dispatches: counts?.dispatches ?? null,
		submits: counts?.submits ?? null,
		bytesPeak: counts?.bytesPeak ?? null,
	};
}

/** That all programs compute the same: else their times say nothing. */
function compareOutputs(session: BenchSession, turns: readonly Turn[]): void {
	const [first, ...others] = turns;
	for (const { pass, contestant, times } of others) {
		const [found, expected] = [times[0], first.times[0]];
		const off = Math.max(
			Math.abs(found.norm / expected.norm - 1),
			...found.first.map((number, index) => Math.abs(number - expected.first[index])),
		);
		const words = `${caseOf(pass)}: ${contestant.name} and ${first.contestant.name} differ by ${off.toExponential(1)}`;
		if (!(off <= largestDifference)) throw new Error(`${words}: they do not compute the same`);
		session.note(words);
	}
}

/** On processors of processor time, but what threads gain, which is of the clock; on GPUs of the clock. */
function noteRatios(session: BenchSession, rows: ReadonlyMap<string, BenchRow>): void {
	const processor = (row: BenchRow) => row.hostMsMedian ?? row.msMedian;
	const clock = (row: BenchRow) => row.msMedian;
	const add = (what: string, left: string, right: string, timeOf: (row: BenchRow) => number, aim: Ratio['aim']) => {
		const [from, to] = [rows.get(left), rows.get(right)];
		if (from && to) session.ratio(`BERT-base: ${what}`, timeOf(from) / timeOf(to), aim);
		else session.note(`BERT-base, ${what}: not measured, ${from ? right : left} is missing`);
	};
	if (session.options.torchDevice === 'cuda')
		for (const pass of passNames)
			add(`${pass}, webgpu over PyTorch on the GPU`, `${pass}: webgpu`, `${pass}: PyTorch`, clock, null);
	if (!session.options.backends.includes('wasm')) return;
	for (const form of ['wasm relaxed', 'wasm plain']) {
		const most = (atMost: number) => (form === 'wasm relaxed' ? { atMost } : null); // the plain build is stated only
		add(`forward, ${form} over onnxruntime-web`, `forward: ${form}`, 'forward: onnxruntime-web', processor, most(0.6));
		add(`step over forward, ${form}`, `step: ${form}`, `forward: ${form}`, processor, most(3.4));
		const avx2 = rows.has('step: PyTorch, AVX2') ? 'step: PyTorch, AVX2' : 'step: PyTorch, best kernels';
		add(`step, ${form} over PyTorch on AVX2`, `step: ${form}`, avx2, processor, most(2.2));
	}
	for (const pass of passNames) {
		const [one, two] = [`${pass}: wasm relaxed`, `${pass}: wasm relaxed, 2 threads`];
		add(`${pass}, one thread over two, by the clock`, one, two, clock, { atLeast: 1.5 });
	}
}
