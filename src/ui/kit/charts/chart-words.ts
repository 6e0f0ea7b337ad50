// Words of charts.

import type { WordTable } from '../../words/words';

export const chartWords = {
	larger: { en: 'Enlarge', zh: '放大' },
	csv: { en: 'Download CSV', zh: '下载 CSV' },
	rows: { en: 'latest {shown} of {all} rows', zh: '最近 {shown} 行，共 {all} 行' },
	linear: { en: 'linear', zh: '线性' },
	log: { en: 'log', zh: '对数' },
	scale: { en: 'Scale', zh: '刻度' },
	smooth: { en: 'Smoothing', zh: '平滑' },
	smoothed: { en: 'smoothing {weight}', zh: '平滑 {weight}' },
	raw: { en: 'raw', zh: '原始' },
	epochAxis: { en: 'epoch', zh: '轮' },
	zoomAll: { en: 'All epochs', zh: '全部轮次' },
	zoomLast: { en: 'Last 20', zh: '最近 20 轮' },
	zoom: { en: 'Range', zh: '范围' },
	zoomPart: { en: 'Custom', zh: '自定义' },
	zoomHint: {
		en: 'Drag across a chart to zoom in; double-click to reset.',
		zh: '在图上拖动可放大，双击恢复。',
	},
	zoomFrom: { en: 'from epoch', zh: '起始轮' },
	zoomTo: { en: 'to epoch', zh: '结束轮' },
} as const satisfies WordTable;
