// Buttons: one ink button a view, bordered ones for the rest, quiet ones in rows; icons alone have a name and a tooltip.

import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps, TooltipTrigger } from 'react-aria-components';
import { classNames } from './class-names';
import { Hint } from './Hint';

export interface ButtonProps extends Omit<AriaButtonProps, 'children' | 'className'> {
	look?: 'bordered' | 'ink' | 'quiet' | 'danger';
	size?: 'small' | 'medium' | 'large';
	icon?: ReactNode;
	/** A class of the page that places the button; its look is the variant's. */
	className?: string;
	children: ReactNode;
}

export function Button({ look = 'bordered', size = 'medium', icon, className, children, ...rest }: ButtonProps) {
	return (
		<AriaButton {...rest} className={classNames('button', `button-${look}`, `button-${size}`, className)}>
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
	className?: string;
	children: ReactNode;
}

export function IconButton({
	label,
	keys,
	look = 'quiet',
	size = 'medium',
	className,
	children,
	...rest
}: IconButtonProps) {
	const classes = classNames('button', 'button-icon', `button-${look}`, `button-${size}`, className);
	return (
		<TooltipTrigger delay={500}>
			<AriaButton {...rest} aria-label={label} className={classes}>
				{children}
			</AriaButton>
			<Hint keys={keys}>{label}</Hint>
		</TooltipTrigger>
	);
}
