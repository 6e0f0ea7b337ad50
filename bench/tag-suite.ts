// The suite `tag`: sentences a second, batched by length as `nerco tag` does, and one sentence at a time beside it.

import { readText } from '../src/cli/read-inputs';
import { readConll } from '../src/data/conll';
import type { EmbeddingTable, PreparedData } from '../src/data/prepared';
import { presetConfig } from '../src/experiment/presets';
import { initialParameters } from '../src/model/initial-parameters';
import { layOutNetwork, networkShape } from '../src/model/shape';
import { sharedPath } from '../src/testing/shared-data';
import type { TrainedModel } from '../src/training/encode-text';
import { modelOfRun } from '../src/training/prepared-model';
import { tagText } from '../src/training/tag-text';
import { RandomStream } from '../src/util/random';
import { type BenchDevice, openForms } from './bench-devices';
import { type BenchRow, median } from './bench-row';
import type { BenchSession } from './bench-session';
import { threadMs } from './processor-time';
import type { BenchCorpus } from './step-cases';

type Texts = readonly (readonly string[])[];

export async function tagSuite(session: BenchSession): Promise<void> {
	session.section('Tagging');
	const corpus = await session.corpus('Weibo');
	const { model, texts, source } = corpus ? await weiboText(corpus) : generatedText();
	for (const name of session.options.backends) {
		const isSlow = name === 'webgpu' && session.options.isGpuSlow;
		const forms = await openForms(name, isSlow && !session.options.isFull ? ['fused'] : undefined);
		try {
			for (const form of forms) {
				if (session.isOver()) return;
				const some = form.isSlow && !session.options.isFull ? texts.slice(0, 10) : texts;
				const together = await timeTagging(
					form,
					`tagging ${source}, batched by length`,
					(device) => tagText(device, model, some),
					some,
				);
				const single = some.slice(0, Math.min(form.isSlow ? 3 : 60, some.length));
				const apart = await timeTagging(
					form,
					`tagging ${source}, one at a time`,
					(device) => tagApart(device, model, single),
					single,
				);
				session.add([together, { ...apart, batch: 1 }]);
			}
		} finally {
			for (const { device } of forms) device.dispose();
		}
	}
}

async function tagApart(device: BenchDevice['device'], model: TrainedModel, texts: Texts): Promise<void> {
	for (const text of texts) await tagText(device, model, [text]);
}

async function timeTagging(
	form: BenchDevice,
	name: string,
	tag: (device: BenchDevice['device']) => Promise<unknown>,
	texts: Texts,
): Promise<BenchRow> {
	const wall: number[] = [];
	const host: number[] = [];
	const before = form.readMeter();
	for (let round = 0; round < 3; round++) {
		const [startedAt, startedThread] = [performance.now(), threadMs()];
		await tag(form.device);
		wall.push(performance.now() - startedAt);
		host.push(threadMs() - startedThread);
		if (form.isSlow) break;
	}
	const meter = form.readMeter();
	const isGpu = form.device.info.name === 'webgpu';
	const each = (count: 'dispatches' | 'submits') =>
		isGpu && meter && before ? Math.round((meter[count] - before[count]) / wall.length) : null;
	return {
		case: name,
		backend: form.device.info.name,
		adapter: form.adapter,
		kernels: form.kernels,
		n: Math.max(...texts.map((text) => text.length)),
		batch: texts.length,
		msMedian: median(wall),
		hostMsMedian: median(host),
		dispatches: each('dispatches'),
		submits: each('submits'),
		bytesPeak: meter?.bytesPeak ?? null,
		sentencesPerSecond: (1000 * texts.length) / median(wall),
	};
}

async function weiboText({ config, data }: BenchCorpus) {
	const path = sharedPath('data/weibo/weiboNER_2nd_conll.test') as string;
	const { text } = await readText(path);
	const { sentences } = readConll(text, { file: path, quirks: config.quirks });
	const shape = networkShape(config, data);
	const tables = { lattice: data.lattice.values, bigram: data.bigram.values };
	const parameters = initialParameters(shape, layOutNetwork(shape), tables, config.seed);
	const model = modelOfRun({ config, data, lexiconWords: data.lexiconWords }, parameters);
	return { model, texts: sentences.map(({ characters }) => characters), source: 'Weibo test' };
}

/** Random text of as many characters as Weibo's sentences have; no lexicon. */
function generatedText() {
	const config = presetConfig('weibo');
	const stream = new RandomStream(11);
	const characters = Array.from({ length: 3000 }, (_, index) => String.fromCodePoint(0x4e00 + index));
	const texts = Array.from({ length: 270 }, () =>
		Array.from({ length: 10 + stream.below(120) }, () => characters[stream.below(characters.length)]),
	);
	const dimension = config.model.embeddingSize;
	const table = (rowCount: number) => Float32Array.from({ length: rowCount * dimension }, () => stream.uniform() - 0.5);
	const sizes = { lattice: characters.length + 2, bigram: 100 };
	const shape = {
		...networkShape(config, emptyData),
		latticeRows: sizes.lattice,
		latticeSize: dimension,
		bigramRows: sizes.bigram,
		bigramSize: dimension,
		tagCount: 19,
		maxDistance: 180,
	};
	const labels = {
		tags: ['<pad>', '<unk>', 'O', ...Array.from({ length: 16 }, (_, id) => `${id % 2 ? 'I' : 'B'}-T${id >> 1}`)],
	};
	const tables = { lattice: table(sizes.lattice), bigram: table(sizes.bigram) };
	const model: TrainedModel = {
		shape,
		labels,
		latticeRows: new Map(characters.map((character, index) => [character, index + 2])),
		bigramRows: new Map(),
		lexiconWords: null,
		normalizesEmbeddings: false,
		parameters: initialParameters(shape, layOutNetwork(shape), tables, config.seed),
		bert: null,
	};
	return { model, texts, source: 'generated text' };
}

const emptyTable: EmbeddingTable = {
	vocabulary: { words: [], hasOwnEntry: new Uint8Array(0) },
	rowOfId: new Int32Array(0),
	rowCount: 2,
	dimension: 50,
	values: new Float32Array(100),
	foundCount: 0,
	randomCount: 0,
};
const emptyData: PreparedData = {
	labels: { tags: [] },
	lattice: emptyTable,
	bigram: emptyTable,
	bert: null,
	lexiconWords: [],
	splits: { train: [], dev: [], test: [] },
	maxCharacters: 180,
};
