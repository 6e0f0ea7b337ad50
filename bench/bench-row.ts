// One measured case, as it is written to the JSON and in the printed tables.

export interface BenchRow {
	case: string;
	/** wasm, webgpu, cpu; `pytorch` for the programs of bench/torch; `host` where no device takes part. */
	backend: string;
	/** The device in its own words; software adapters are marked. */
	adapter: string;
	/** Which form of the computation ran: composed, fused; a build of the WASM module; published, fast or ragged (PyTorch). */
	kernels: string;
	/** Lattice nodes of the longest sentence, median over the batches (rows of a table, lines of a file where said). */
	n: number;
	/** Sentences of a step. */
	batch: number;
	msMedian: number;
	/** Processor time of the calling thread until the calls of a step returned; of the process for PyTorch. */
	hostMsMedian: number | null;
	/** GPU dispatches and submits of a step. */
	dispatches: number | null;
	submits: number | null;
	/** Most bytes that the device held, parameters included. */
	bytesPeak: number | null;
	/** Tagging only. */
	sentencesPerSecond?: number;
	/** Reading of files only: 10^6 plain bytes. */
	megabytesPerSecond?: number;
	/** Steps that were measured. */
	steps?: number;
	/** Share of the host's milliseconds that went into arranging the batch's rows. */
	arrangeMsMedian?: number;
}

const columns: readonly { title: string; cell(row: BenchRow): string }[] = [
	{ title: 'case', cell: (row) => row.case },
	{ title: 'device', cell: (row) => `${row.adapter}, ${row.kernels}` },
	{ title: 'N', cell: (row) => String(row.n) },
	{ title: 'B', cell: (row) => String(row.batch) },
	{ title: 'ms', cell: (row) => inWords(row.msMedian) },
	{ title: 'host ms', cell: (row) => inWords(row.hostMsMedian) },
	{ title: 'dispatches', cell: (row) => inWords(row.dispatches) },
	{ title: 'submits', cell: (row) => inWords(row.submits) },
	{ title: 'peak MB', cell: (row) => inWords(row.bytesPeak === null ? null : row.bytesPeak / 1e6) },
];

export function tableHead(): string {
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	return `${line(columns.map(({ title }) => title))}\n${line(columns.map(() => '---'))}`;
}

export function tableLine(row: BenchRow): string {
	const rates = [
		row.sentencesPerSecond === undefined ? '' : ` ${inWords(row.sentencesPerSecond)} sentences/s |`,
		row.megabytesPerSecond === undefined ? '' : ` ${inWords(row.megabytesPerSecond)} MB/s |`,
	];
	const more = rates.join('');
	return `| ${columns.map(({ cell }) => cell(row)).join(' | ')} |${more}`;
}

/** Three significant digits; a dash for what a device does not report. */
function inWords(value: number | null): string {
	if (value === null) return '-';
	return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Of at least one number. */
export function median(numbers: readonly number[]): number {
	const sorted = numbers.toSorted((left, right) => left - right);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One line of the JSON that the suite `projection` writes. */
export interface ProjectionRow {
	points: number;
	/** `exact`, `approximate`, or the name of another program. */
	method: string;
	/** `wasm`, or what the other program runs on. */
	backend: string;
	/** Processor time of one thread, neighbours included. */
	seconds: number;
	/** Divergence in nats: P over the 90 true nearest neighbours, the same for all; Q exact. */
	kl: number;
	/** Over the 30 nearest neighbours of 300 points. */
	trustworthiness: number;
	knnPreservation: number;
}
