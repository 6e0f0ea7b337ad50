// Words of what surrounds every page: navigation, top bar, status line, palette, keys, notices.

import { frameWords } from '../kit/frame/frame-words';
import type { WordTable } from '../words/words';

export const shellWords = {
	...frameWords,
	pages: { en: 'Pages', zh: '页面' },
	skipToMain: { en: 'Skip to main content', zh: '跳到主要内容' },
	lookingForDevice: { en: 'Looking for a GPU', zh: '正在检测 GPU' },
	noDevice: { en: 'No device available', zh: '没有可用的设备' },
	software: { en: 'software', zh: '软件模拟' },
	storageCrowded: { en: 'Storage {percent}% full', zh: '存储已用 {percent}%' },
	nothingLeft: { en: 'No data has left this page', zh: '没有数据离开本页' },
	noRun: { en: 'No active run', zh: '没有进行中的运行' },
	inAnotherTab: { en: 'in another tab', zh: '在另一个标签页' },
	runInAnotherTab: { en: '{name} · in another tab', zh: '{name} · 在另一个标签页' },
	startOne: { en: 'Start a run', zh: '开始训练' },
	epoch: { en: 'epoch {epoch}', zh: '第 {epoch} 轮' },
	runFinished: { en: 'Finished in {time}.', zh: '已完成，用时 {time}。' },
	runFinishedWith: { en: 'Finished in {time}: test F1 {f1}.', zh: '已完成，用时 {time}，测试 F1 为 {f1}。' },
	readErrors: { en: 'View errors', zh: '查看错误' },
	runStopped: {
		en: 'Stopped in epoch {epoch}. You can resume it later.',
		zh: '已在第 {epoch} 轮停止，之后可以继续训练。',
	},
	runStoppedUnsaved: {
		en: 'Stopped in epoch {epoch}. It is not saved: download it before you close this page.',
		zh: '已在第 {epoch} 轮停止，尚未保存：请在关闭本页前下载。',
	},
	runStoppedForGood: {
		en: 'Stopped in epoch {epoch}. It cannot be resumed: its training data is no longer stored.',
		zh: '已在第 {epoch} 轮停止，无法继续训练：它的训练数据已不在存储中。',
	},
	runFailed: { en: 'The run failed.', zh: '运行失败。' },
	palette: { en: 'Command palette', zh: '命令面板' },
	palettePlaceholder: { en: 'Search commands, runs and terms', zh: '搜索命令、运行或术语' },
	paletteNothing: { en: 'No results', zh: '没有结果' },
	runAndStay: { en: 'run and keep open', zh: '执行并保持打开' },
	allShortcuts: { en: 'all shortcuts', zh: '所有快捷键' },
	groupGo: { en: 'Go to', zh: '前往' },
	groupTerms: { en: 'Terms', zh: '术语' },
	goTo: { en: 'Go to {page}', zh: '前往{page}' },
	shortcuts: { en: 'Keyboard shortcuts', zh: '键盘快捷键' },
	shortcutsHint: {
		en: 'Single-letter shortcuts work only outside text fields.',
		zh: '单字母快捷键只在文本框外有效。',
	},
	letterKeys: { en: 'Single-letter shortcuts', zh: '启用单字母快捷键' },
	redo: { en: 'Redo', zh: '重做' },
	more: { en: 'More', zh: '更多' },
	notifications: { en: 'Notifications', zh: '通知' },
	closeNotice: { en: 'Close notification', zh: '关闭通知' },
	tooNarrow: {
		en: 'The workbench needs a wider window; scroll sideways to see the rest.',
		zh: '工作台需要更宽的窗口；可横向滚动查看其余部分。',
	},
	noWebgpuTitle: {
		en: 'WebGPU found no GPU in this browser, so training runs on the CPU.',
		zh: '此浏览器的 WebGPU 没有找到可用的 GPU，训练将在 CPU 上进行。',
	},
	softwareOnlyTitle: {
		en: 'WebGPU is only emulated in software on this machine, so training runs on the CPU.',
		zh: '此机器上的 WebGPU 只是软件模拟，训练将在 CPU 上进行。',
	},
	brokenGpuTitle: {
		en: 'The GPU failed its self-test, so training runs on the CPU.',
		zh: 'GPU 未通过自检，训练将在 CPU 上进行。',
	},
	noWebgpuText: { en: 'Results are the same; training is slower.', zh: '结果相同，只是训练较慢。' },
	howToSwitchOn: { en: 'How to enable it', zh: '如何启用' },
	checkAgain: { en: 'Check again', zh: '重新检测' },
	switchOnChrome: {
		en: 'Use Chrome or Edge 121 or later. On Linux, open chrome://flags, set “Unsafe WebGPU Support” to Enabled and restart.',
		zh: '请使用 Chrome 或 Edge 121 及以上版本。在 Linux 上打开 chrome://flags，将“Unsafe WebGPU Support”设为 Enabled 并重启浏览器。',
	},
	switchOnDriver: {
		en: 'On chrome://gpu, “WebGPU” should say “Hardware accelerated”; if not, update the graphics driver.',
		zh: '在 chrome://gpu 中，“WebGPU”一项应为“Hardware accelerated”；如果不是，请更新显卡驱动。',
	},
	insecureTitle: {
		en: 'This page was opened over plain HTTP from another machine, so the browser disables WebGPU and storage.',
		zh: '此页面是通过 HTTP 从另一台机器打开的，浏览器因此停用了 WebGPU 和存储。',
	},
	insecureText: {
		en: 'Open it over HTTPS, or through a tunnel as http://localhost (ssh -L 5173:localhost:5173 that-machine).',
		zh: '请用 HTTPS 打开，或通过隧道访问 http://localhost（ssh -L 5173:localhost:5173 那台机器）。',
	},
	softwareTitle: {
		en: 'WebGPU runs on a software adapter ({adapter}): correct, but slow.',
		zh: 'WebGPU 正在使用软件适配器（{adapter}）：结果正确，但速度很慢。',
	},
	softwareText: {
		en: 'Training on the CPU (WASM) is faster here.',
		zh: '在此机器上，用 CPU（WASM）训练更快。',
	},
	useWasm: { en: 'Use WASM', zh: '改用 WASM' },
	unsavedTitle: { en: 'Not saved: {what}.', zh: '未保存：{what}。' },
	unsavedFull: {
		en: 'The browser’s storage is full: delete old runs or empty the trash. Until there is room your work is kept on this page; do not close it.',
		zh: '浏览器存储已满：请删除旧的运行或清空回收站。有空间之前，内容暂存在本页，请勿关闭。',
	},
	unsavedConflict: {
		en: 'Another tab has changed the same sentences. Your work is kept on this page until you decide.',
		zh: '另一个标签页修改了相同的句子。在你处理之前，内容暂存在本页。',
	},
	unsavedText: {
		en: 'Your work is kept on this page and saved as soon as possible; do not close it.',
		zh: '内容暂存在本页，并会尽快保存；请勿关闭。',
	},
	decide: { en: 'Decide in Annotate', zh: '到“标注”中处理' },
	'unsaved-labels': { en: 'labels in {name}', zh: '“{name}”中的标注' },
	'unsaved-run': { en: 'the run {name}', zh: '运行“{name}”' },
	'unsaved-model': { en: 'the model {name}', zh: '模型“{name}”' },
	'unsaved-setting': { en: '{name}', zh: '{name}' },
	listComma: { en: ', ', zh: '、' },
	saveAgain: { en: 'Save again', zh: '再次保存' },
	download: { en: 'Download', zh: '下载' },
	choose: { en: 'select', zh: '选择' },
	runs: { en: 'run', zh: '执行' },
} as const satisfies WordTable;

export type ShellWord = keyof typeof shellWords;
