// Words of the frame of every page: top bar, side panes, notices about an address.

import { commonWords } from '../../words/common-words';
import type { WordTable } from '../../words/words';

export const frameWords = {
	...commonWords,
	askedPage: {
		en: 'The link points to “{name}”, which is not a page of the workbench.',
		zh: '链接指向的页面“{name}”不存在。',
	},
	askedUnknown: {
		en: 'The link points to the {kind} “{name}”, which does not exist here.',
		zh: '链接指向的{kind}“{name}”不存在。',
	},
	find: { en: 'Search or run a command', zh: '搜索或执行命令' },
	groupPage: { en: 'Page', zh: '页面' },
	hideList: { en: 'Hide list', zh: '隐藏列表' },
	hidePanel: { en: 'Hide side panel', zh: '隐藏侧栏' },
	otherLanguage: { en: '中文', zh: 'English' },
	resizePane: { en: 'Resize pane', zh: '调整面板大小' },
	showList: { en: 'Show list', zh: '显示列表' },
	showPanel: { en: 'Show side panel', zh: '显示侧栏' },
	shownInstead: { en: 'Showing {shown} instead.', zh: '改为显示：{shown}。' },
	switchLanguage: { en: 'Switch to Chinese', zh: '切换到英文' },
	theme: { en: 'Theme', zh: '主题' },
	themeSystem: { en: 'System theme', zh: '跟随系统' },
	themeLight: { en: 'Light theme', zh: '浅色主题' },
	themeDark: { en: 'Dark theme', zh: '深色主题' },
	presetKind: { en: 'Preset', zh: '预设' },
	settingKind: { en: 'Setting', zh: '设置' },
	splitKind: { en: 'Split', zh: '数据集划分' },
	typeKind: { en: 'Type', zh: '实体类型' },
} as const satisfies WordTable;

export type FrameWord = keyof typeof frameWords;
