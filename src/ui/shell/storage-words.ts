// Words of the notices about the browser's storage: silent, closed, cleared.

export const storageWords = {
	silentTitle: { en: 'Browser storage is not responding.', zh: '浏览器存储没有响应。' },
	silentText: {
		en: 'Data cannot be loaded or saved until it responds; this page then continues by itself. Closing other tabs of this page or restarting the browser may help.',
		zh: '在它响应之前无法读取或保存数据；恢复后本页会自动继续。可以试试关闭本站的其他标签页，或重启浏览器。',
	},
	blockedTitle: { en: 'Another tab has an older version of this page open.', zh: '另一个标签页打开着本页的旧版本。' },
	blockedText: {
		en: 'Close that tab. Your data loads as soon as it is closed.',
		zh: '请关闭那个标签页，关闭后会立即读取你的数据。',
	},
	closedTitle: { en: 'The browser closed this page’s storage.', zh: '浏览器关闭了本页的存储。' },
	reopeningText: {
		en: 'Opening it again. Unsaved work is kept on this page.',
		zh: '正在重新打开。未保存的内容暂存在本页。',
	},
	unreachableTitle: { en: 'Browser storage is not available.', zh: '浏览器存储不可用。' },
	unreachableText: {
		en: 'Nothing can be saved right now. Do not close this page; it keeps trying, and saves your work when storage is back.',
		zh: '目前无法保存任何内容。请勿关闭本页；本页会不断重试，存储恢复后自动保存。',
	},
	newerTitle: { en: 'A newer version of this page is open in another tab.', zh: '另一个标签页打开了本页的新版本。' },
	newerText: {
		en: 'It has updated the stored data, so this tab can no longer save. Download unsaved work first, then reload.',
		zh: '它已更新存储的数据，本标签页无法再保存。请先下载未保存的内容，再重新加载。',
	},
	clearedTitle: { en: 'Stored data was cleared.', zh: '存储的数据已被清除。' },
	clearedText: {
		en: 'The browser, another tab or you deleted everything that this page had stored.',
		zh: '浏览器、其他标签页或你自己删除了本页存储的全部内容。',
	},
	restored: { en: 'Saved again from memory: {what}.', zh: '已从内存重新保存：{what}。' },
	restoredCorpus: { en: 'corpus {name}', zh: '语料“{name}”' },
	restoredLexicon: { en: 'lexicon {name}', zh: '词表“{name}”' },
	restoredRun: { en: 'run {name}', zh: '运行“{name}”' },
	restoredModel: { en: 'model {name}', zh: '模型“{name}”' },
	comma: { en: ', ', zh: '、' },
	noneLeft: { en: 'Nothing of it was in memory.', zh: '内存中没有这些内容。' },
	inputGone: {
		en: 'The current run keeps training and is saved, but cannot be resumed later: its {what} are gone.',
		zh: '当前运行继续训练并会保存，但之后无法恢复训练：它的{what}已不存在。',
	},
	inputCorpus: { en: 'sentences', zh: '语料' },
	inputLexicon: { en: 'lexicon words', zh: '词表' },
	inputVectors: { en: 'vectors', zh: '向量' },
	downloadHeld: { en: 'Download unsaved work', zh: '下载未保存的内容' },
	downloadLeft: { en: 'Download what is left', zh: '下载剩余内容' },
	nothingHeld: { en: 'There is nothing to download.', zh: '没有可下载的内容。' },
	tryAgain: { en: 'Try again', zh: '重试' },
	reload: { en: 'Reload', zh: '重新加载' },
	dismiss: { en: 'Dismiss', zh: '关闭' },
} as const;
