// How sentences are dealt to train, dev and test: ratios, seed, and what is kept even or together.

import { useState } from 'react';
import type { SplitRequest } from '../../../data/split-corpus';
import { readRatios } from '../../../state/split-anew';
import { classNames } from '../../kit/controls/class-names';
import { Field } from '../../kit/controls/Field';
import { Checkbox } from '../../kit/controls/Toggle';
import { useWords } from '../../words/words';
import { dataWords } from './data-words';

export interface SplitFieldsProps {
	split: SplitRequest;
	onChange(split: SplitRequest): void;
	/** In a row above the rest, as a strip over a form has it. */
	isStrip?: boolean;
}

export function SplitFields({ split, onChange, isStrip = false }: SplitFieldsProps) {
	const t = useWords(dataWords);
	const [ratios, setRatios] = useState(split.ratios.join(':'));
	const change = (next: Partial<SplitRequest>) => onChange({ ...split, ...next });
	return (
		<div className={classNames('data-split-fields', isStrip && 'data-split-strip')}>
			<Field
				label={t('ratios')}
				value={ratios}
				error={readRatios(ratios) ? undefined : '8:1:1'}
				onChange={(text) => {
					setRatios(text);
					const read = readRatios(text);
					if (read) change({ ratios: read });
				}}
			/>
			<Field
				label={t('seed')}
				inputMode="numeric"
				value={String(split.seed)}
				onChange={(text) => change({ seed: Number(text.replace(/\D/g, '').slice(0, 9)) })}
			/>
			<Checkbox isOn={split.byType} onChange={(byType) => change({ byType })}>
				{t('byType')}
			</Checkbox>
			<Checkbox
				isOn={split.keepDuplicatesTogether}
				onChange={(keepDuplicatesTogether) => change({ keepDuplicatesTogether })}
			>
				{t('together')}
			</Checkbox>
		</div>
	);
}
