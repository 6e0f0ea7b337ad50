// Presets with the published settings, without BERT. `flat-*` are FLAT (Li et al., ACL 2020) on the same code, without stage 1.

import {
	clipped,
	contrastive,
	eightHeads,
	full,
	head,
	msraData,
	type Preset,
	published,
	resumeSeed,
	type StageChange,
	stageTwo,
	weiboSeed,
} from './preset-parts';

/** FLAT's own rate, warm-up and decay (its paper's Weibo and Resume settings). */
const flatOwn: StageChange = { name: 'flat', optimizer: { learningRate: 1e-3, warmup: 0.1, weightDecay: 0 } };

export const publishedPresets: readonly Preset[] = [
	{
		name: 'weibo',
		title: { en: 'NerCo, Weibo settings (published)', zh: 'NerCo，Weibo 设置（论文）' },
		summary: {
			en: 'NerCo with the published Weibo settings, in three stages: contrastive learning, output layer only, full fine-tuning.',
			zh: '按论文的 Weibo 设置训练 NerCo，三个阶段：对比学习、只训练输出层、全参数微调。',
		},
		config: published('weibo', {
			seed: weiboSeed,
			stages: [
				contrastive({ batchSize: 40, optimizer: { learningRate: 8e-4, warmup: 0.1 } }),
				head(stageTwo.weibo),
				full(stageTwo.weibo),
			],
		}),
	},
	{
		name: 'resume',
		title: { en: 'NerCo, Resume settings (published)', zh: 'NerCo，Resume 设置（论文）' },
		summary: {
			en: 'NerCo with the published Resume settings, in three stages: contrastive learning, output layer only, full fine-tuning.',
			zh: '按论文的 Resume 设置训练 NerCo，三个阶段：对比学习、只训练输出层、全参数微调。',
		},
		config: published('resume', {
			seed: resumeSeed,
			model: eightHeads,
			stages: [contrastive({ batchSize: 20, temperature: 0.07 }), head(stageTwo.resume), full(stageTwo.resume)],
		}),
	},
	{
		name: 'msra',
		title: { en: 'NerCo, MSRA settings (published)', zh: 'NerCo，MSRA 设置（论文）' },
		summary: {
			en: 'NerCo with the published MSRA settings, in two stages: contrastive learning, full fine-tuning; the test split is also used as dev.',
			zh: '按论文的 MSRA 设置训练 NerCo，两个阶段：对比学习、全参数微调；测试集同时用作验证集。',
		},
		config: published('msra', {
			seed: weiboSeed,
			data: msraData,
			stages: [
				contrastive({
					batchSize: 40,
					temperature: 0.07,
					optimizer: { learningRate: 8e-4, weightDecay: 0.2, warmup: 0.1 },
				}),
				full(stageTwo.msra),
			],
		}),
	},
	{
		name: 'ontonotes',
		title: { en: 'NerCo, OntoNotes 4 settings (published)', zh: 'NerCo，OntoNotes 4 设置（论文）' },
		summary: {
			en: 'NerCo with the published OntoNotes 4 settings, in two stages: contrastive learning, full fine-tuning.',
			zh: '按论文的 OntoNotes 4 设置训练 NerCo，两个阶段：对比学习、全参数微调。',
		},
		config: published('ontonotes', {
			seed: resumeSeed,
			model: eightHeads,
			data: clipped,
			stages: [
				contrastive({ batchSize: 20, temperature: 0.07, optimizer: { learningRate: 2e-4 } }),
				full(stageTwo.ontonotes),
			],
		}),
	},
	{
		name: 'flat-weibo',
		title: { en: 'Baseline: FLAT, Weibo settings (published)', zh: '基线：FLAT，Weibo 设置（论文）' },
		summary: {
			en: 'FLAT on Weibo with its own learning rate; a baseline without the contrastive stage.',
			zh: '在 Weibo 上按 FLAT 自己的学习率训练；不含对比学习阶段的基线。',
		},
		config: published('flat-weibo', { seed: weiboSeed, stages: [full(flatOwn)] }),
	},
	{
		name: 'flat-resume',
		title: { en: 'Baseline: FLAT, Resume settings (published)', zh: '基线：FLAT，Resume 设置（论文）' },
		summary: {
			en: 'FLAT on Resume with its own learning rate; a baseline without the contrastive stage.',
			zh: '在 Resume 上按 FLAT 自己的学习率训练；不含对比学习阶段的基线。',
		},
		config: published('flat-resume', { seed: resumeSeed, model: eightHeads, stages: [full(flatOwn)] }),
	},
	{
		name: 'flat-stage2-weibo',
		title: { en: "Baseline: FLAT with NerCo's stage-2 settings, Weibo", zh: '基线：FLAT，NerCo 第二阶段的设置，Weibo' },
		summary: {
			en: 'FLAT trained from scratch with the last-stage settings of weibo; compare with weibo to see what the contrastive stage adds.',
			zh: '用 weibo 最后阶段的设置从头训练 FLAT；与 weibo 对比可以看出对比学习的作用。',
		},
		config: published('flat-stage2-weibo', {
			seed: weiboSeed,
			stages: [full({ ...stageTwo.weibo, name: 'flat' })],
		}),
	},
	{
		name: 'flat-stage2-resume',
		title: {
			en: "Baseline: FLAT with NerCo's stage-2 settings, Resume",
			zh: '基线：FLAT，NerCo 第二阶段的设置，Resume',
		},
		summary: {
			en: 'FLAT trained from scratch with the last-stage settings of resume; compare with resume to see what the contrastive stage adds.',
			zh: '用 resume 最后阶段的设置从头训练 FLAT；与 resume 对比可以看出对比学习的作用。',
		},
		config: published('flat-stage2-resume', {
			seed: resumeSeed,
			model: eightHeads,
			stages: [full({ ...stageTwo.resume, name: 'flat' })],
		}),
	},
	{
		name: 'flat-msra',
		title: { en: "Baseline: FLAT with NerCo's stage-2 settings, MSRA", zh: '基线：FLAT，NerCo 第二阶段的设置，MSRA' },
		summary: {
			en: 'FLAT trained from scratch with the last-stage settings of msra; the test split is also used as dev.',
			zh: '用 msra 最后阶段的设置从头训练 FLAT；测试集同时用作验证集。',
		},
		config: published('flat-msra', {
			seed: weiboSeed,
			data: msraData,
			stages: [full({ ...stageTwo.msra, name: 'flat' })],
		}),
	},
	{
		name: 'flat-ontonotes',
		title: {
			en: "Baseline: FLAT with NerCo's stage-2 settings, OntoNotes 4",
			zh: '基线：FLAT，NerCo 第二阶段的设置，OntoNotes 4',
		},
		summary: {
			en: 'FLAT trained from scratch with the last-stage settings of ontonotes.',
			zh: '用 ontonotes 最后阶段的设置从头训练 FLAT。',
		},
		config: published('flat-ontonotes', {
			seed: resumeSeed,
			model: eightHeads,
			data: clipped,
			stages: [full({ ...stageTwo.ontonotes, name: 'flat' })],
		}),
	},
];
