// A button that opens a list of actions.

import type { ReactNode } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';

export interface MenuAction {
	id: string;
	label: string;
	detail?: ReactNode;
	isDisabled?: boolean;
	isDanger?: boolean;
	run(): void;
}

export function ActionMenu({ button, label, actions }: { button: ReactNode; label: string; actions: MenuAction[] }) {
	return (
		<MenuTrigger>
			{button}
			<Popover className="popover" offset={4}>
				<Menu
					className="options"
					aria-label={label}
					items={actions}
					onAction={(id) => actions.find((action) => action.id === id)?.run()}
				>
					{(action) => (
						<MenuItem
							id={action.id}
							className="option"
							textValue={action.label}
							isDisabled={action.isDisabled}
							data-danger={action.isDanger || undefined}
						>
							<span className="clip" title={action.label}>
								{action.label}
							</span>
							{action.detail !== undefined && <span className="detail">{action.detail}</span>}
						</MenuItem>
					)}
				</Menu>
			</Popover>
		</MenuTrigger>
	);
}
