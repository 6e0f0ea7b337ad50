// How the map is made: as it comes with each snapshot, or by settings of the user's own.

import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { mapMethods, readSetting, settingRanges, settingsOf, settingsQuery } from '../../../state/space-settings';
import type { MapSettings } from '../../../wire/space';
import { Button } from '../../kit/controls/Button';
import { Segments } from '../../kit/controls/Choice';
import { Field } from '../../kit/controls/Field';
import { changeQuery } from '../../navigation/navigation';
import { type Translate, useWords } from '../../words/words';
import { spaceWords } from './space-words';
import { methodNames } from './use-space-names';

type Numbers = keyof typeof settingRanges;
const fieldNames = {
	perplexity: 'perplexity',
	iterations: 'iterations',
	neighbours: 'neighboursSetting',
	leastDistance: 'leastDistance',
	seed: 'seedSetting',
} as const satisfies Record<Numbers, keyof typeof spaceWords>;
const hints = { pca: 'pcaHint', tsne: 'tsneHint', umap: 'umapHint' } as const;

export interface MethodPopoverProps {
	/** What is shown. */
	settings: MapSettings;
	/** Of the maps that come with the snapshots. */
	base: MapSettings;
	/** Whether the shown settings are the user's own. */
	isOwn: boolean;
}

export function MethodPopover({ settings, base, isOwn }: MethodPopoverProps) {
	const t = useWords(spaceWords);
	return (
		<DialogTrigger>
			<AriaButton
				className="dropdown-button control-medium"
				aria-label={`${t('projection')}: ${settingsText(t, settings)}`}
			>
				<span className="dropdown-value">
					{methodNames[settings.method]}
					<span className="detail map-wide">{settingsDetail(t, settings)}</span>
				</span>
				<ChevronDown size={14} aria-hidden />
			</AriaButton>
			<Popover className="popover" offset={4}>
				<Dialog className="map-method" aria-label={t('projection')}>
					{({ close }) => <MethodForm settings={settings} base={base} isOwn={isOwn} onDone={close} />}
				</Dialog>
			</Popover>
		</DialogTrigger>
	);
}

function MethodForm({ settings, base, isOwn, onDone }: MethodPopoverProps & { onDone(): void }) {
	const t = useWords(spaceWords);
	const [method, setMethod] = useState(settings.method);
	const [texts, setTexts] = useState<Record<Numbers, string>>(() => textsOf(settings));
	const wanted = settingsOf[method];
	const bad = wanted.filter((name) => readSetting(name, texts[name]) === null);
	const apply = () => {
		const next: MapSettings = { ...base, method };
		for (const name of wanted) next[name] = readSetting(name, texts[name]) ?? base[name];
		changeQuery(settingsQuery(next, base));
		onDone();
	};
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (bad.length === 0) apply();
			}}
		>
			<Segments
				label={t('method')}
				options={mapMethods.map((id) => ({ id, label: methodNames[id] }))}
				value={method}
				onChange={setMethod}
			/>
			<p className="quiet-text">{t(hints[method])}</p>
			{wanted.map((name) => (
				<Field
					key={name}
					label={t(fieldNames[name])}
					value={texts[name]}
					onChange={(text) => setTexts({ ...texts, [name]: text })}
					inputMode="decimal"
					hint={name === 'perplexity' ? t('perplexityHint') : undefined}
					error={bad.includes(name) ? t('rangeError', settingRange(name)) : undefined}
				/>
			))}
			<div className="row">
				<Button type="submit" variant="primary" isDisabled={bad.length > 0}>
					{t('applySettings')}
				</Button>
				{isOwn && (
					<Button
						variant="quiet"
						onPress={() => {
							changeQuery(settingsQuery(base, base));
							onDone();
						}}
					>
						{t('asComes')}
					</Button>
				)}
			</div>
		</form>
	);
}

function textsOf(settings: MapSettings): Record<Numbers, string> {
	const { perplexity, iterations, neighbours, leastDistance, seed } = settings;
	const numbers = { perplexity, iterations, neighbours, leastDistance, seed };
	return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)])) as Record<
		Numbers,
		string
	>;
}

function settingRange(name: Numbers): { min: number; max: number } {
	const { min, max } = settingRanges[name];
	return { min, max };
}

function settingsDetail(t: Translate<typeof spaceWords>, { method, perplexity, neighbours }: MapSettings): string {
	if (method === 'pca') return '';
	return method === 'tsne' ? t('perplexityShort', { value: perplexity }) : t('neighboursShort', { value: neighbours });
}

export function settingsText(t: Translate<typeof spaceWords>, settings: MapSettings): string {
	return [methodNames[settings.method], settingsDetail(t, settings)].filter(Boolean).join(' ');
}
