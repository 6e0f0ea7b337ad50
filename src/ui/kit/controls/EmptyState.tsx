// What a place says when there is nothing yet: what will stand here, and the first step towards it.

import type { ReactNode } from 'react';
import { classNames } from './class-names';

export interface EmptyStateProps {
	title: string;
	children?: ReactNode;
	actions?: ReactNode;
	className?: string;
}

export function EmptyState({ title, children, actions, className }: EmptyStateProps) {
	return (
		<div className={classNames('empty', className)}>
			<h2>{title}</h2>
			{children && <div className="empty-text">{children}</div>}
			{actions && <div className="row empty-actions">{actions}</div>}
		</div>
	);
}
