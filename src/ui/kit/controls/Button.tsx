// Buttons: one ink button a view, bordered ones for the rest, quiet ones in rows; icons alone have a name and a tooltip.

import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps, TooltipTrigger } from 'react-aria-components';
import { classNames } from './class-names';
import { Hint } from './Hint';

export interface ButtonProps extends Omit<AriaButtonProps, 'children' | 'className'> {
	variant?: 'bordered' | 'primary' | 'quiet' | 'danger';
	size?: 'small' | 'medium' | 'large';
	icon?: ReactNode;
	/** A class of the page that places the button; how it looks is the variant's. */
	className?: string;
	children: ReactNode;
}

export function Button({ variant = 'bordered', size = 'medium', icon, className, children, ...rest }: ButtonProps) {
	return (
		<AriaButton {...rest} className={classNames('button', `button-${variant}`, `button-${size}`, className)}>
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
	variant?: 'bordered' | 'quiet';
	size?: 'small' | 'medium';
	className?: string;
	children: ReactNode;
}

export function IconButton({
	label,
	keys,
	variant = 'quiet',
	size = 'medium',
	className,
	children,
	...rest
}: IconButtonProps) {
	const classes = classNames('button', 'button-icon', `button-${variant}`, `button-${size}`, className);
	return (
		<TooltipTrigger delay={500}>
			<AriaButton {...rest} aria-label={label} className={classes}>
				{children}
			</AriaButton>
			<Hint keys={keys}>{label}</Hint>
		</TooltipTrigger>
	);
}
