// What a place says when there is nothing yet: what will stand here, and the first step towards it.

import type { ReactNode } from 'react';

export interface EmptyStateProps {
	title: string;
	children?: ReactNode;
	actions?: ReactNode;
}

export function EmptyState({ title, children, actions }: EmptyStateProps) {
	return (
		<div className="empty">
			<h2>{title}</h2>
			{children && <div className="empty-text">{children}</div>}
			{actions && <div className="row empty-actions">{actions}</div>}
		</div>
	);
}
