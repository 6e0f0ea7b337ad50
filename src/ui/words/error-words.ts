// Chinese words for the errors that people meet most, by code. What was found is the user's own input or a number and
// stays as it is but for a few fixed phrases; a code without words here is told in English, wholly.

import type { Language } from '../../state/preferences';

export interface ErrorParts {
	code: string;
	expected: string;
	found: string;
	remedy: string;
}

/** The parts in the page's language where it has words for them. */
export interface ErrorSentences {
	expected: string;
	found: string;
	remedy: string;
	/** The English sentence that was translated, with its numbers and names; empty when nothing was. */
	original: string;
}

type ChineseError = readonly [expected: string, remedy: string];

const errorsInChinese: Readonly<Record<string, ChineseError>> = {
	'changes-malformed': ['记录完整的改动', '去掉这项改动，或重新导入语料并重做改动。'],
	'corpus-annotation-line': ['格式正确的标注行', '修正这一行，或选择其他格式。'],
	'corpus-brat-text-missing': ['与 .ann 标注配套的 .txt 文本', '把同名的 .txt 与 .ann 文件一起拖入。'],
	'corpus-column-count': ['每行列数与前面一致', '让每行列数相同：第一列为字，最后一列为标签。'],
	'corpus-empty': ['至少一个句子', '请选择含有语料的文件，或修正第一句中的错行。'],
	'corpus-missing-column': ['一个字和它的标签，以制表符或空格隔开', '补上缺少的列；若句子在此结束，请留空行。'],
	'corpus-missing-tag': ['词元及其标签', '补上标签，或选择把这样的词元读作 O。'],
	'corpus-not-text': ['文本', '请选择语料文件本身；若确为文本，请选择其编码。'],
	'corpus-overlapping-spans': ['互不重叠的实体：每个字只有一个标签', '删除其中之一，或选择保留每组中最长的实体。'],
	'corpus-packed': ['未压缩的语料文件', '请先解压。'],
	'corpus-parquet-broken': ['完整的 Parquet 文件', '请重新下载或复制该文件。'],
	'corpus-record-shape': ['符合该格式的记录', '修正这条记录，或选择其他格式。'],
	'corpus-scheme-mix': ['同一种标注体系的标签', '请统一为一种体系：BIO、IOB1、BIOES、BMES、BILOU 或 BMEWO。'],
	'corpus-sentence-too-long': ['长度在限度之内的句子', '请把这一行断成句子，或确认文件是否选对。'],
	'corpus-too-large': ['大小在限度之内的语料文件', '请把文件切成几份，只导入其中一部分。'],
	'corpus-unit-mix': ['各文件单位一致', '所有文件选同一单位：中文选字，以空格分词的语言选词。'],
	'corpus-unknown-json': [
		'doccano、Label Studio、CLUENER、W2NER、Hugging Face 或 spaCy 的 JSON：文本或词元，附标注',
		'请以上述格式之一或 CoNLL 列格式重新导出语料。',
	],
	'corpus-unknown-tag': [
		'标签 O，或 B- I- M- E- L- S- U- W- 加类型，如 B-PER',
		'改正该标签，或确认第一列是字、最后一列是标签。',
	],
	'corpus-untagged': ['带标签或已标注片段的语料', '请选择已标注的文件：CoNLL 列格式，或标注工具的导出。'],
	'device-busy': ['空闲的计算设备', '请停止正在进行的运行，或等它结束。'],
	'device-not-available': ['可用的计算设备', '请更新浏览器，或选择其他计算设备。'],
	'device-self-test': ['计算设备能启动并通过自检', '请选择其他设备，或更新浏览器、显卡驱动。'],
	'file-line-too-long': ['每行不超过 1 MiB', '请选择每行一个词的文本文件。'],
	'file-packed-bomb': ['解压后大小合理的压缩文件', '请换一个文件；若文件无误，请先解压。'],
	'file-packed-broken': ['完整的压缩文件', '请重新下载或复制该文件。'],
	'file-packed-deep': ['压缩层数不太多的文件', '请先解压。'],
	'file-packed-no-entry': ['含有文件的压缩包', '请换一个压缩包，或先解压。'],
	'file-packed-unknown': ['普通文件，或 .gz、.bz2、.zip、.zst、.tar.gz 压缩文件', '请先解压，或改用 gzip 压缩。'],
	'file-too-large': ['大小在限度之内的文件', '请选择较小的文件，或把它切成几份。'],
	'file-unreadable': ['可以读取的文件', '请确认文件仍在原处并且有读取权限，然后重新选择。'],
	'gpu-out-of-memory': ['足够的显存', '请减小批大小或模型，缩短长句，或改用 wasm 计算。'],
	'json-broken': ['正确的 JSON', '修正该处的 JSON，或用 JSON 库重新写出文件。'],
	'json-too-deep': ['嵌套层数合理的 JSON', '请确认文件是否选对：没有哪种语料格式需要这么多层。'],
	'labels-unknown-to-model': ['模型认识的实体类型', '在此语料上训练新模型，或在“数据”中改名或忽略这些类型。'],
	'model-cut-off': ['完整的模型文件', '请重新下载。'],
	'model-not-served': ['随页面提供的模型', '请刷新页面，或选择其他模型。'],
	'no-model': ['训练好的模型', '请训练到第一轮结束，或打开一个检查点。'],
	'no-saved-run': ['此浏览器中保存的运行', '请开始新的运行。'],
	'no-training-sentences': ['至少一个训练句子', '请提供含有句子的训练文件。'],
	'results-differ': ['在相同句子、相同标注上的两个运行', '请选择同一语料、同一划分上的运行。'],
	'results-missing': ['该运行在此划分上的预测', '请重新训练，或连同预测文件一起导入。'],
	'run-input-missing': ['用来训练的文件或已存储的语料', '请选择语料；从文件开始的运行需要再次提供同样的文件。'],
	'run-open-elsewhere': ['没有被其他标签页写入的运行', '请到那个标签页去，或在那里停止运行；这里只能查看。'],
	'seed-not-a-number': ['整数种子', '写数字并以逗号隔开，如 1, 2, 3；留空则用预设自带的种子。'],
	'sentence-too-long': ['长度在限度之内的句子', '在每句之后留空行，或设置 data.clipLength 截断过长的训练句。'],
	'setting-out-of-range': ['在允许范围内的设置值', '请把该设置改到允许范围之内。'],
	'setting-without-value': ['以“=”连接的路径和值', '请写成 stages.0.epochs=4 的样子。'],
	'skip-gram-text-small': ['至少有两种出现次数足够的单位的文本', '请提供更多文本，或调低最少出现次数。'],
	'split-empty': ['{split}中有已标注的句子', '请提供{split}的文件，或在“数据”中重新划分语料。'],
	'split-without-tags': ['{split}中有已标注的句子', '请先标注{split}的句子，或在“数据”中重新划分语料。'],
	'storage-damaged': ['浏览器中完好的数据', '请先照原样导出该记录，再将其删除，或用写入它的版本打开。'],
	'storage-full': [
		'浏览器中可用的存储空间',
		'请删除旧运行或清空回收站，腾出磁盘空间，或把工作区导出为文件；此前存储的内容没有改变。',
	],
	'storage-missing': ['浏览器中存有的数据', '请刷新列表；它可能已在其他标签页中删除。'],
	'storage-unavailable': ['可以在浏览器中存储数据', '请允许本站存储数据（无痕窗口可能不允许），或把成果存为文件。'],
	'task-cancelled': ['任务进行到底', '可以重新开始；没有任何改动。'],
	'text-with-labels': ['未标注的文本，每行一句或一段', '请作为语料导入：也可以从语料的文本中学习。'],
	'text-wrong-encoding': ['与所选编码相符的文本', '请选择其他编码，或用编辑器另存为 UTF-8。'],
	'unknown-preset': ['已有的预设名', '请从已有的预设中选择。'],
	'unknown-setting': ['已有的设置路径', '请检查路径的写法。'],
	'vectors-empty': ['每行一个词及其数值', '请选择其他文件。'],
	'vectors-file-changed': ['与先前相同的向量文件', '请重新添加该文件。'],
	'vectors-match-nothing': ['语料所用单位的向量', '请确认字、双字、词向量各在其位，且编码正确。'],
	'vectors-not-a-number': ['一个词及其数值，以空格隔开', '请选择文本形式或 word2vec 形式的向量文件，或修正这一行。'],
	'vectors-other-width': ['与模型训练时维数相同的向量', '请提供训练该模型时所用的向量，或不提供。'],
	'vectors-too-wide': ['维数在限度之内的向量', '请选择词向量文件。'],
	'vectors-unsupported': ['文本形式或 word2vec 二进制形式的向量', '请选择与 .bin 文件一同发布的 .vec 文件。'],
	'vectors-widths-differ': ['维数相同的字向量与词向量', '请选择维数相同的字向量与词向量。'],
	'vectors-wrong-encoding': ['编码正确的向量文件', '请选择其他编码，或把文件转换为 UTF-8。'],
	'vectors-wrong-width': ['每个词后面的数值个数一致', '修正或删除这一行；若是最后一行，说明文件不完整，请重新复制。'],
	'wasm-no-simd': ['支持 SIMD 的 WebAssembly', '请使用新版浏览器。'],
	'wasm-out-of-memory': ['足够的内存', '请减小批大小或模型，缩短长句，或关闭其他标签页。'],
	'workbench-file-damaged': ['未经改动的工作台文件', '请使用原样的副本，或重新生成该文件。'],
	'workspace-conflict': ['与打开时相同的内容', '它已在其他标签页中改动：请刷新后再改。'],
	'workspace-file-damaged': ['完整的工作区文件', '请重新导出或重新复制该文件。'],
	'workspace-file-kind': ['导出的工作区文件', '请选择由工作台导出的工作区文件。'],
	'workspace-file-version': ['此版本可读的工作区文件', '请用写入它的版本的工作台打开。'],
	'export-cannot-carry': ['所选格式能够表达的句子', '请改用其他格式，或修正这个句子。'],
	'features-missing': [
		'只读字与词的模型（model.extraFeatureSize 为 0）',
		'把 model.extraFeatureSize 设为 0，或选择不需要额外特征的模型。',
	],
	'file-packed-unsupported': ['可以解开的压缩文件', '请先解压，或改用 gzip 压缩。'],
	'lexicon-too-large': ['词数在限度之内的词典', '请选择较小的词典，或作为词向量添加：这样只保留语料中的词。'],
	'lexicon-wrong-encoding': ['UTF-8 编码的词', '请把文件转换为 UTF-8：iconv -f GB18030 -t UTF-8 旧文件 > 新文件。'],
	'pickle-refused-name': [
		'只含张量与普通容器的文件',
		'其中内容均未执行。请在 PyTorch 中只保存 state_dict：torch.save(model.state_dict(), path)。',
	],
	'projection-diverged': ['位置有限的地图', '请调低投影的学习率，或设为自动。'],
	'projection-gpu-lost': ['投影期间可用的 GPU', '请重新投影，或改用 wasm；上一幅地图仍在。'],
	'projection-no-points': ['至少一个点', '请选择仍有词元的划分或筛选。'],
	'projection-not-finite': ['数值有限的表示', '运行已发散：请调低其学习率，或选择更早的检查点。'],
	'projection-out-of-memory': ['足够绘制地图的内存', '请显示更少的点，或关闭其他页面。'],
	'projection-points-equal': ['互不相同的点', '表示已塌缩：请选择运行的其他时刻，或检查其学习率。'],
	'resume-other-input': ['运行开始时所用的同一份输入', '请提供同样的文件，或开始新的运行。'],
	'skip-gram-text-large': ['页面内可以处理的文本长度', '请只用其中一部分，或用命令 nerco vectors train 训练。'],
	'space-frame-gone': ['这一时刻的地图', '请选择更晚的时刻：长时间运行的旧地图会让位给新的。'],
	'space-no-frames': ['保留了表示的运行', '请训练或继续该运行：从下一轮起会保留。'],
	'space-no-model': ['该运行的模型', '请训练到第一轮结束；已从“模型”中删除的运行没有模型。'],
	'space-no-run': ['正在训练的该运行', '请从其抽样的训练句中选一批。'],
	'space-too-many-tags': ['标签数在限度之内', '请合并或忽略少见的类型；训练照常进行，只是没有地图。'],
	'space-vectors-gone': ['这一时刻的向量', '请选择更晚的时刻、某阶段的最佳轮次或起点：它们的向量保留最久。'],
	'tensor-not-integer': ['32 位整数', '请使用索引张量为较小整数的文件。'],
	'vector-training-lexicon': ['为其中的词训练向量的词典', '请选择词典，或改为训练字向量、双字向量。'],
	'vector-training-setting': ['在允许范围内的整数', '请修改这项设置。'],
	'wasm-no-threads': ['可用的线程', '请选择单线程。'],
	'wasm-not-loaded': ['计算模块', '请刷新页面；若仍如此，说明服务器上缺少该文件。'],
};

/** Errors of a reader whose codes begin alike; asked after the codes themselves. */
const familiesInChinese: Readonly<Record<string, ChineseError>> = {
	'corpus-': ['可以读取的语料', '请修正该处，或选择其他格式或文件。'],
	'published-': ['参数与配置相符的已发布检查点', '请选择与配置相符的检查点文件。'],
	'run-file-': ['由 nerco train 写出的文件夹中的文件，或由此页导出的运行', '请选择这些文件，或重新导出该运行。'],
	'safetensors-': ['完整的 safetensors 文件', '该文件可能不完整或已损坏，请重新复制或下载。'],
	'torch-': ['完整的 PyTorch 检查点文件', '该文件可能不完整或已损坏，请重新复制、下载或保存。'],
	'vocabularies-': [
		'state_dict 及其词表的 JSON 文件',
		'请同时选择两个文件；JSON 按编号列出 lattice、bigram 和 label。',
	],
	'zip-': ['完整的 zip 文件', '该文件可能不完整或已损坏，请重新复制或下载。'],
};

const findingsInChinese: Readonly<Record<string, string>> = {
	none: '没有',
	more: '更多',
	neither: '都没有',
	'no entry': '没有条目',
	'none yet': '还没有',
	'no more space': '没有更多空间',
	'other bytes': '内容不同',
	'zero bytes': '零字节',
	'control characters': '控制字符',
	'the end of the file': '文件末尾',
	'one more layer': '多一层',
	'a longer one': '更长的一行',
	'a run that goes on': '正在进行的运行',
	'one that is training in another tab': '正在另一个标签页中训练的运行',
	'text that nobody has labelled': '未标注的文本',
	'bytes that are none': '不属于该编码的字节',
	'a cancellation': '已取消',
	'a zip archive of other origin': '其他来源的 zip 文件',
};

/** Findings with a number in them. */
const countsInChinese: readonly (readonly [RegExp, string])[] = [
	[/^(\d+) times the same representation$/, '$1 个相同的表示'],
];

function findingInChinese(found: string): string {
	if (Object.hasOwn(findingsInChinese, found)) return findingsInChinese[found];
	const counted = countsInChinese.find(([pattern]) => pattern.test(found));
	return counted ? found.replace(...counted) : found;
}

/** What a problem says in the page's language. */
export function errorSentences({ code, expected, found, remedy }: ErrorParts, language: Language): ErrorSentences {
	const words = language === 'zh' ? chineseOf(code) : null;
	if (!words) return { expected, found, remedy, original: '' };
	return {
		expected: withSplit(words[0], expected),
		found: findingInChinese(found),
		remedy: withSplit(words[1], expected),
		original: `Expected ${expected}, found ${found}. ${remedy}`,
	};
}

function chineseOf(code: string): ChineseError | null {
	if (Object.hasOwn(errorsInChinese, code)) return errorsInChinese[code];
	const family = Object.keys(familiesInChinese).find((prefix) => code.startsWith(prefix));
	return family === undefined ? null : familiesInChinese[family];
}

const splitsInChinese: Readonly<Record<string, string>> = { train: '训练集', dev: '开发集', test: '测试集' };

/** Puts the split that the English part names in the place of `{split}`. */
function withSplit(words: string, english: string): string {
	const [name] = /\b(?:train|dev|test)\b/.exec(english) ?? [''];
	return words.replace('{split}', splitsInChinese[name] ?? '该划分');
}
