// One setting: its name, its value, its unit, what it does, and the way back to the preset's value.

import { describeRange, type FieldValue } from '../../../experiment/fields';
import type { FormField } from '../../../state/new-run';
import { Dropdown } from '../../kit/controls/Choice';
import { Field } from '../../kit/controls/Field';
import { Switch } from '../../kit/controls/Toggle';
import { type Translate, useLanguage, useWords } from '../../words/words';
import { trainWords } from './train-words';

export function SettingField({ field, onChange }: { field: FormField; onChange(text: string): void }) {
	const t = useWords(trainWords);
	const language = useLanguage();
	const { label, help } = field.field;
	return (
		<div className="train-setting" data-changed={field.isChanged || undefined}>
			<span className="train-setting-name" title={field.path}>
				{label[language]}
			</span>
			<SettingControl field={field} onChange={onChange} />
			<span className="train-setting-help quiet-text">
				{field.isChanged && (
					<button type="button" className="train-text-button" onClick={() => onChange(field.presetText)}>
						{t('resetTo', { value: field.presetText })}
					</button>
				)}
				{help[language]}
			</span>
		</div>
	);
}

function SettingControl({ field, onChange }: { field: FormField; onChange(text: string): void }) {
	const t = useWords(trainWords);
	const language = useLanguage();
	const { value, label, unit } = field.field;
	switch (value.kind) {
		case 'switch':
			return (
				<Switch
					className="train-setting-switch"
					isOn={field.text === 'true'}
					onChange={(isOn) => onChange(String(isOn))}
				>
					<span className="visually-hidden">{label[language]}</span>
				</Switch>
			);
		case 'choice':
			return (
				<Dropdown
					label={label[language]}
					options={value.choices.map((id) => ({ id, label: id }))}
					value={field.text}
					onChange={onChange}
				/>
			);
		default:
			return (
				<Field
					label={label[language]}
					showsLabel={false}
					value={field.text}
					onChange={onChange}
					unit={unit[language]}
					inputMode={value.kind === 'name' ? 'text' : 'decimal'}
					error={field.error ? rangeText(t, value) : undefined}
				/>
			);
	}
}

/** What a field takes, in words. */
function rangeText(t: Translate<typeof trainWords>, value: FieldValue): string {
	switch (value.kind) {
		case 'integer':
			return t('expectedInteger', { min: String(value.min), max: String(value.max) });
		case 'number':
			return t(value.below ? 'expectedBelow' : 'expectedNumber', { min: String(value.min), max: String(value.max) });
		default:
			return t('expectedValue', { expected: describeRange(value) });
	}
}
