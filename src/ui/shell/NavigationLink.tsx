// A link that a tooltip can hang on.

import type { ReactNode, Ref } from 'react';
import { Focusable } from 'react-aria-components';

export interface NavigationLinkProps {
	href: string;
	isCurrent: boolean;
	label: string;
	children: ReactNode;
	ref?: Ref<HTMLAnchorElement>;
}

export function NavigationLink({ href, isCurrent, label, children }: NavigationLinkProps) {
	return (
		<Focusable>
			<a className="nav-link" href={href} aria-current={isCurrent ? 'page' : undefined} aria-label={label}>
				{children}
			</a>
		</Focusable>
	);
}
