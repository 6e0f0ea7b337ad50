// A workspace as after a year of use: one corpus of many sentences and many finished runs with their logs, as
// one file that the page imports. Everything in it is generated, the same at every call.

import type { Corpus, Sentence } from '../src/data/corpus';
import type { Evaluation, SpanScores, TrainingEvent } from '../src/experiment/events';
import { presetConfig } from '../src/experiment/presets';
import { corpusPart, describeCorpus, encodeCorpus } from '../src/storage/workspace/corpus-record';
import { encodeLog } from '../src/storage/workspace/run-log';
import { freshRunDetail, logPrefix, noStoredInput } from '../src/storage/workspace/run-record';
import { memoryStores, Workspace } from '../src/storage/workspace/workspace';
import { exportWorkspace } from '../src/storage/workspace/workspace-file';
import { elementBits, mix32 } from '../src/util/counter-random';
import { UserError } from '../src/util/errors';

export interface CrowdedOptions {
	sentences: number;
	runs: number;
}

const corpusId = 'crowded-corpus';
const firstMs = 1_700_000_000_000;
const stepsPerEpoch = 20;

export async function crowdedWorkspace({ sentences, runs }: CrowdedOptions): Promise<Uint8Array> {
	let lastKey = 0;
	const inMemory = new UserError({ code: 'storage-unavailable', expected: 'storage', found: 'none', remedy: '' });
	const workspace = new Workspace(memoryStores(inMemory), { newId: () => `key-${++lastKey}` });
	const corpus = generatedCorpus(sentences);
	await workspace.create({
		kind: 'corpus',
		id: corpusId,
		name: 'Crowded corpus',
		detail: describeCorpus(corpus, [], 0),
		parts: { [corpusPart]: encodeCorpus(corpus) },
		nowMs: firstMs,
	});
	for (let run = 0; run < runs; run++) await addRun(workspace, run);
	const pieces: Uint8Array[] = [];
	await exportWorkspace(workspace, { write: async (bytes) => void pieces.push(bytes.slice()), nowMs: firstMs });
	return Buffer.concat(pieces);
}

const surnames = '李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗';
const givenNames = '伟芳娜敏静磊军洋勇艳杰娟涛明超霞平刚桂英';
const cities = ['北京', '上海', '广州', '武汉', '南京', '成都', '杭州', '西安'];
const organisations = ['长江集团', '东方银行', '华夏大学', '新城医院', '光明日报', '和平剧院'];

function pick<Item>(items: ArrayLike<Item>, sentence: number, slot: number): Item {
	return items[elementBits(mix32(sentence), slot) % items.length];
}

function generatedSentence(index: number): Sentence {
	const pieces: [text: string, type: string | null][] = [
		[pick(surnames, index, 0) + pick(givenNames, index, 1) + pick(givenNames, index, 2), 'PER'],
		['昨天从', null],
		[pick(cities, index, 3), 'GPE'],
		['回来，说起', null],
		[pick(organisations, index, 4), 'ORG'],
		[`的第${index}号项目，大家都很高兴。`, null],
	];
	const characters = pieces.flatMap(([text]) => [...text]);
	const tags = pieces.flatMap(([text, type]) =>
		[...text].map((_, position) => (type === null ? 'O' : `${position === 0 ? 'B' : 'I'}-${type}`)),
	);
	return { characters, tags, line: 0 };
}

function generatedCorpus(count: number): Corpus {
	const all = Array.from({ length: count }, (_, index) => generatedSentence(index));
	const [dev, test] = [Math.floor(count * 0.8), Math.floor(count * 0.9)];
	const splits = { train: all.slice(0, dev), dev: all.slice(dev, test), test: all.slice(test) };
	return { name: 'Crowded corpus', unit: 'character', scheme: 'BIO', splits };
}

function scoresOf(f1: number): SpanScores {
	const micro = { precision: f1, recall: f1, f1 };
	const perType = Object.fromEntries(['PER', 'GPE', 'ORG'].map((type) => [type, { ...micro, support: 100 }]));
	return { micro, macro: micro, perType, support: 300 };
}

function evaluationOf(f1: number): Evaluation {
	return { loss: 1 - f1, scores: { published: scoresOf(f1), strict: scoresOf(f1), seqeval: scoresOf(f1) } };
}

async function addRun(workspace: Workspace, index: number): Promise<void> {
	const events = eventsOfRun(index);
	const last = events.at(-1);
	const stages = last?.kind === 'finished' ? last.stages : [];
	const f1 = bestF1(index);
	await workspace.create({
		kind: 'run',
		id: `crowded-run-${index}`,
		name: `Run ${index + 1}`,
		detail: {
			...freshRunDetail({ ...noStoredInput, corpusId }),
			config: { ...presetConfig('sample'), seed: 1 + (index % 5) },
			state: 'completed',
			deviceName: 'WASM SIMD',
			stages,
			epochCount: events.filter(({ kind }) => kind === 'epoch-finished').length,
			devF1: f1,
			testF1: f1 - 0.01,
			seconds: 300,
			logEvents: events.length,
		},
		parts: { [`${logPrefix}0000000000`]: encodeLog(events, 0) },
		nowMs: firstMs + index * 3_600_000,
	});
}

function bestF1(run: number): number {
	return 0.7 + (elementBits(mix32(run), 7) % 1000) / 5000;
}

function eventsOfRun(run: number): TrainingEvent[] {
	const config = presetConfig('sample');
	const stages = config.stages.map(({ name, epochs }) => ({ name, epochs: Math.min(epochs, 20) }));
	const events: TrainingEvent[] = [];
	stages.forEach(({ name: stage, epochs }, index) => {
		events.push({ kind: 'stage-started', stage, index, epochs, stepsPerEpoch });
		for (let epoch = 1; epoch <= epochs; epoch++) {
			for (let at = 1; at <= stepsPerEpoch; at++) {
				const step = (epoch - 1) * stepsPerEpoch + at;
				const loss = 3 / (1 + step / 50);
				events.push({ kind: 'step', stage, epoch, step, loss, learningRate: 1e-3, characters: 400, seconds: 0.05 });
			}
			const share = bestF1(run) * (1 - 0.6 ** epoch);
			const dev = index === 0 ? { loss: 1 / epoch } : evaluationOf(share);
			const test = index === 0 ? null : evaluationOf(share - 0.01);
			const lossSoFar = 3 / (1 + (epoch * stepsPerEpoch) / 50);
			events.push({
				...{ kind: 'epoch-finished', stage, epoch, step: epoch * stepsPerEpoch, trainLoss: lossSoFar },
				...{ learningRate: 1e-3, dev, test, isBest: true, trainSeconds: 1, evaluationSeconds: 0.2 },
			});
		}
		const bestValue = index === 0 ? 1 / epochs : bestF1(run);
		const summary = { stage, bestEpoch: epochs, bestValue, epochsRun: epochs, reason: 'planned' as const };
		events.push({ kind: 'stage-finished', summary });
	});
	const summaries = events.flatMap((event) => (event.kind === 'stage-finished' ? [event.summary] : []));
	events.push({ kind: 'finished', reason: 'completed', message: '', stages: summaries, seconds: 300 });
	return events;
}
