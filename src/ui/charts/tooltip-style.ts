// The box under the pointer: recharts writes its looks into the element, so they cannot come from the style sheet.

import type { CSSProperties } from 'react';

export const tooltipStyle: CSSProperties = {
	font: 'var(--text-xs)',
	background: 'var(--bg-raised)',
	border: '1px solid var(--line-strong)',
	borderRadius: 'var(--radius-sm)',
};
