// On or off: a switch for settings, a check box in lists, a chip that filters.

import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox as AriaCheckbox, Switch as AriaSwitch, ToggleButton } from 'react-aria-components';
import { classNames } from './class-names';

export interface ToggleProps {
	isOn: boolean;
	onChange(isOn: boolean): void;
	children: ReactNode;
	isDisabled?: boolean;
	/** A class of the page that places the control. */
	className?: string;
}

export function Switch({ isOn, onChange, children, isDisabled, className }: ToggleProps) {
	return (
		<AriaSwitch
			className={classNames('switch', className)}
			isSelected={isOn}
			onChange={onChange}
			isDisabled={isDisabled}
		>
			<span className="switch-track" aria-hidden>
				<span className="switch-thumb" />
			</span>
			{children}
		</AriaSwitch>
	);
}

export function Checkbox({ isOn, onChange, children, isDisabled, className }: ToggleProps) {
	return (
		<AriaCheckbox
			className={classNames('checkbox', className)}
			isSelected={isOn}
			onChange={onChange}
			isDisabled={isDisabled}
		>
			<span className="checkbox-box" aria-hidden>
				<Check size={12} strokeWidth={2.5} />
			</span>
			{children}
		</AriaCheckbox>
	);
}

export function Chip({ isOn, onChange, children, isDisabled, className, slot }: ToggleProps & { slot?: number }) {
	return (
		<ToggleButton
			className={classNames('chip', className)}
			isSelected={isOn}
			onChange={onChange}
			isDisabled={isDisabled}
			data-ent={slot}
			data-has-slot={slot !== undefined || undefined}
		>
			{children}
		</ToggleButton>
	);
}
