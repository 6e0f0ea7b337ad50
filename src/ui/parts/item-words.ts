// Words about anything that the workspace keeps: its name, what can be done with it.

import type { WordTable } from '../words/words';

export const itemWords = {
	rename: { en: 'Rename', zh: '重命名' },
	newName: { en: 'New name', zh: '新名称' },
	save: { en: 'Save', zh: '保存' },
	cancel: { en: 'Cancel', zh: '取消' },
	unreadable: { en: 'cannot be read by this version', zh: '此版本无法读取' },
	exportRaw: { en: 'Export as is', zh: '原样导出' },
	deleteForGood: { en: 'Delete permanently', zh: '彻底删除' },
	more: { en: 'More actions for {name}', zh: '{name} 的更多操作' },
} as const satisfies WordTable;
