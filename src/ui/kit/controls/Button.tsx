// Buttons: one ink button a view, bordered ones for the rest, quiet ones in rows; icons alone have a name and a tooltip.

import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps, TooltipTrigger } from 'react-aria-components';
import { Hint } from './Hint';

export interface ButtonProps extends Omit<AriaButtonProps, 'children' | 'className'> {
	look?: 'bordered' | 'ink' | 'quiet' | 'danger';
	size?: 'small' | 'medium' | 'large';
	icon?: ReactNode;
	children: ReactNode;
}

export function Button({ look = 'bordered', size = 'medium', icon, children, ...rest }: ButtonProps) {
	return (
		<AriaButton {...rest} className={`button button-${look} button-${size}`}>
			{icon}
			{children}
		</AriaButton>
	);
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'aria-label'> {
	/** Its name, for screen readers and in the tooltip. */
	label: string;
	/** Shown behind the name in the tooltip. */
	keys?: string;
	look?: 'bordered' | 'quiet';
	size?: 'small' | 'medium';
	children: ReactNode;
}

export function IconButton({ label, keys, look = 'quiet', size = 'medium', children, ...rest }: IconButtonProps) {
	return (
		<TooltipTrigger delay={500}>
			<AriaButton {...rest} aria-label={label} className={`button button-icon button-${look} button-${size}`}>
				{children}
			</AriaButton>
			<Hint keys={keys}>{label}</Hint>
		</TooltipTrigger>
	);
}
