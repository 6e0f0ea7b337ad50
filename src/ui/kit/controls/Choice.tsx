// One of few: segments side by side. One of many: a list that opens. Both tell what is chosen by keyboard and by voice.

import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import {
	Button,
	Label,
	ListBox,
	ListBoxItem,
	Popover,
	Select,
	SelectValue,
	ToggleButton,
	ToggleButtonGroup,
} from 'react-aria-components';
import { classNames } from './class-names';

export interface ChoiceOption<Id extends string> {
	id: Id;
	label: string;
	/** Behind the label, quieter: a count, a unit. */
	detail?: ReactNode;
}

export interface ChoiceProps<Id extends string> {
	label: string;
	options: readonly ChoiceOption<NoInfer<Id>>[];
	value: Id;
	onChange(id: NoInfer<Id>): void;
	isDisabled?: boolean;
}

export function Segments<Id extends string>({ label, options, value, onChange, isDisabled }: ChoiceProps<Id>) {
	return (
		<ToggleButtonGroup
			className="segments"
			aria-label={label}
			selectionMode="single"
			disallowEmptySelection
			isDisabled={isDisabled}
			selectedKeys={[value]}
			onSelectionChange={(keys) => {
				const [id] = keys;
				if (id !== undefined) onChange(id as Id);
			}}
		>
			{options.map((option) => (
				<ToggleButton key={option.id} id={option.id} className="segment">
					{option.label}
					{option.detail !== undefined && <span className="detail">{option.detail}</span>}
				</ToggleButton>
			))}
		</ToggleButtonGroup>
	);
}

export interface DropdownProps<Id extends string> extends ChoiceProps<Id> {
	/** Whether the label stands above the control; else it is only spoken. */
	showsLabel?: boolean;
	size?: 'small' | 'medium' | 'large';
	/** `quiet`: without a frame until it is pointed at. */
	variant?: 'bordered' | 'quiet';
	/** A class of the page that places the list. */
	className?: string;
}

export function Dropdown<Id extends string>({
	label,
	options,
	value,
	onChange,
	isDisabled,
	showsLabel = false,
	size = 'medium',
	variant = 'bordered',
	className,
}: DropdownProps<Id>) {
	return (
		<Select
			className={classNames('dropdown', variant === 'quiet' && 'dropdown-quiet', className)}
			aria-label={showsLabel ? undefined : label}
			isDisabled={isDisabled}
			value={value}
			onChange={(id) => {
				if (id !== null) onChange(id as Id);
			}}
		>
			{showsLabel && <Label className="field-label">{label}</Label>}
			<Button className={`dropdown-button control-${size}`}>
				<SelectValue className="dropdown-value" />
				<ChevronDown size={14} aria-hidden />
			</Button>
			<Popover className="popover" offset={4}>
				<ListBox className="options" items={options}>
					{(option) => (
						<ListBoxItem id={option.id} className="option" textValue={option.label}>
							<span className="clip" title={option.label}>
								{option.label}
							</span>
							{option.detail !== undefined && <span className="detail">{option.detail}</span>}
						</ListBoxItem>
					)}
				</ListBox>
			</Popover>
		</Select>
	);
}
