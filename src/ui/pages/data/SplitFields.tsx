// How sentences are dealt to train, dev and test: ratios, seed, and what is kept even or together.

import { useState } from 'react';
import type { SplitRequest } from '../../../data/split-corpus';
import { readRatios } from '../../../state/split-anew';
import { Field } from '../../kit/controls/Field';
import { Checkbox } from '../../kit/controls/Toggle';
import { useWords } from '../../words/words';
import { dataWords } from './data-words';

export function SplitFields({ split, onChange }: { split: SplitRequest; onChange(split: SplitRequest): void }) {
	const t = useWords(dataWords);
	const [ratios, setRatios] = useState(split.ratios.join(':'));
	const change = (next: Partial<SplitRequest>) => onChange({ ...split, ...next });
	return (
		<div className="split-wizard">
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
