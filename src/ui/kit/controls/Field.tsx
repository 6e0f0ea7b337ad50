// Text fields: one line, several lines, and the search field with its lens.

import { Search, X } from 'lucide-react';
import type { Ref } from 'react';
import {
	SearchField as AriaSearchField,
	Button,
	FieldError,
	Input,
	Label,
	Text,
	TextArea,
	TextField,
} from 'react-aria-components';
import { commonWords } from '../../words/common-words';
import { useWords } from '../../words/words';
import { classNames } from './class-names';

export interface FieldProps {
	label: string;
	value: string;
	onChange(value: string): void;
	/** Whether the label stands above the field; else it is only spoken. */
	showsLabel?: boolean;
	hint?: string;
	/** What is wrong with the value; absent when nothing is. */
	error?: string;
	unit?: string;
	placeholder?: string;
	isDisabled?: boolean;
	inputMode?: 'text' | 'numeric' | 'decimal';
	/** Language of what is typed, when it is not the page's. */
	lang?: string;
	/** More than 1 makes a field of several lines. */
	rows?: number;
	size?: 'medium' | 'large';
	/** For what a dialog asks first: it has the focus when the dialog opens, and its text is selected. */
	takesFocus?: boolean;
	/** A class of the page that places the field. */
	className?: string;
}

export function Field({
	label,
	value,
	onChange,
	showsLabel = true,
	hint,
	error,
	unit,
	placeholder,
	isDisabled,
	inputMode,
	lang,
	rows = 1,
	size = 'medium',
	takesFocus = false,
	className,
}: FieldProps) {
	return (
		<TextField
			className={classNames('field', className)}
			aria-label={showsLabel ? undefined : label}
			value={value}
			onChange={onChange}
			isDisabled={isDisabled}
			isInvalid={error !== undefined}
			autoFocus={takesFocus}
			onFocus={takesFocus ? selectAll : undefined}
		>
			{showsLabel && <Label className="field-label">{label}</Label>}
			{rows > 1 ? (
				<TextArea className="field-area" rows={rows} lang={lang} placeholder={placeholder} spellCheck={false} />
			) : (
				<span className={`field-box control-${size}`}>
					<Input lang={lang} inputMode={inputMode} placeholder={placeholder} spellCheck={false} />
					{unit && <span className="field-unit">{unit}</span>}
				</span>
			)}
			{hint && (
				<Text slot="description" className="field-hint">
					{hint}
				</Text>
			)}
			<FieldError className="field-error">{error}</FieldError>
		</TextField>
	);
}

function selectAll({ target }: { target: Element }): void {
	if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) target.select();
}

export interface SearchFieldProps {
	label: string;
	value: string;
	onChange(value: string): void;
	placeholder?: string;
	inputRef?: Ref<HTMLInputElement>;
	className?: string;
}

export function SearchField({ label, value, onChange, placeholder, inputRef, className }: SearchFieldProps) {
	const t = useWords(commonWords);
	return (
		<AriaSearchField
			className={classNames('search-field', className)}
			aria-label={label}
			value={value}
			onChange={onChange}
		>
			<Search size={14} aria-hidden />
			<Input ref={inputRef} placeholder={placeholder ?? label} spellCheck={false} />
			{value !== '' && (
				<Button className="button button-icon button-quiet button-small" aria-label={t('cancel')}>
					<X size={14} aria-hidden />
				</Button>
			)}
		</AriaSearchField>
	);
}
