// What else can be done with one thing, behind three dots.

import { Ellipsis } from 'lucide-react';
import { ActionMenu, type MenuAction } from './ActionMenu';
import { IconButton } from './Button';

/** `label` names the thing too: "More for Sample". */
export function MoreMenu({ label, actions, className }: { label: string; actions: MenuAction[]; className?: string }) {
	const button = (
		<IconButton label={label} size="small" className={className}>
			<Ellipsis size={16} aria-hidden />
		</IconButton>
	);
	return <ActionMenu label={label} button={button} actions={actions} />;
}
