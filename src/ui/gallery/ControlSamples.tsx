// Samples of what is pressed, chosen and typed into, each at rest, disabled, with an error, with a long text.

import { Play, Plus } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../kit/controls/Button';
import { Dropdown, Segments } from '../kit/controls/Choice';
import { Field, SearchField } from '../kit/controls/Field';
import { Keys } from '../kit/controls/Keys';
import { Checkbox, Chip, Switch } from '../kit/controls/Toggle';
import { useWords } from '../words/words';
import { galleryWords } from './gallery-words';

export function ButtonSamples() {
	const t = useWords(galleryWords);
	const [count, setCount] = useState(0);
	const press = () => setCount(count + 1);
	return (
		<>
			<Button variant="primary" size="large" icon={<Play size={14} aria-hidden />} onPress={press}>
				{t('start')}
				<Keys keys="mod+Enter" />
			</Button>
			<Button onPress={press}>{t('cancel')}</Button>
			<Button variant="quiet" size="small" onPress={press}>
				{t('rename')}
			</Button>
			<Button variant="danger" onPress={press}>
				{t('remove')}
			</Button>
			<Button isDisabled onPress={press}>
				{t('disabled')}
			</Button>
			<Button variant="primary" isDisabled onPress={press}>
				{`${t('disabled')} 2`}
			</Button>
			<IconButton label={t('open')} keys="o" onPress={press}>
				<Plus size={16} aria-hidden />
			</IconButton>
			<IconButton label={`${t('disabled')} 3`} isDisabled variant="bordered" size="small" onPress={press}>
				<Plus size={14} aria-hidden />
			</IconButton>
			<output className="num">{t('pressed', { count })}</output>
		</>
	);
}

export function ChoiceSamples() {
	const t = useWords(galleryWords);
	const [split, setSplit] = useState<'train' | 'dev' | 'test'>('train');
	const [corpus, setCorpus] = useState<'sample' | 'long'>('sample');
	const splits = [
		{ id: 'train' as const, label: t('train'), detail: '1,204' },
		{ id: 'dev' as const, label: t('dev'), detail: '91' },
		{ id: 'test' as const, label: t('test') },
	];
	const corpora = [
		{ id: 'sample' as const, label: 'Sample', detail: '320' },
		{ id: 'long' as const, label: t('longName') },
	];
	const shared = { options: corpora, value: corpus, onChange: setCorpus };
	return (
		<>
			<Segments label={t('split')} options={splits} value={split} onChange={setSplit} />
			<Segments label={`${t('split')} 2`} options={splits} value={split} onChange={setSplit} isDisabled />
			<Dropdown {...shared} className="gallery-narrow" label={t('corpus')} showsLabel />
			<Dropdown {...shared} label={`${t('corpus')} 2`} isDisabled />
			<Dropdown {...shared} className="gallery-narrow" label={t('quietChoice')} variant="quiet" />
			<Dropdown {...shared} className="gallery-narrow" label={t('smallChoice')} variant="quiet" size="small" />
		</>
	);
}

export function FieldSamples() {
	const t = useWords(galleryWords);
	const [name, setName] = useState('Weibo');
	const [rate, setRate] = useState('0');
	const [notes, setNotes] = useState('');
	const [found, setFound] = useState('');
	const error = Number(rate) > 0 ? undefined : t('rateError');
	return (
		<>
			<Field label={t('name')} value={name} onChange={setName} hint={t('nameHint')} placeholder={t('name')} />
			<Field label={t('rate')} value={rate} onChange={setRate} error={error} inputMode="decimal" />
			<Field label={t('seconds')} value="20" onChange={setName} unit={t('unit')} size="large" />
			<Field label={`${t('name')} 2`} value={t('longName')} onChange={setName} isDisabled />
			<Field label={t('notes')} value={notes} onChange={setNotes} rows={3} error={notes === '' ? undefined : notes} />
			<SearchField label={t('find')} value={found} onChange={setFound} />
		</>
	);
}

export function ToggleSamples() {
	const t = useWords(galleryWords);
	const [isOn, setOn] = useState(false);
	const [isKept, setKept] = useState(true);
	return (
		<>
			<Switch isOn={isOn} onChange={setOn}>
				{t('evaluate')}
			</Switch>
			<Switch isOn onChange={setOn} isDisabled>
				{`${t('disabled')} 4`}
			</Switch>
			<Checkbox isOn={isKept} onChange={setKept}>
				{t('remember')}
			</Checkbox>
			<Checkbox isOn={false} onChange={setKept} isDisabled>
				{`${t('disabled')} 5`}
			</Checkbox>
			<Chip isOn={isOn} onChange={setOn} slot={1}>
				PER
			</Chip>
			<Chip isOn={false} onChange={setOn} isDisabled slot={2}>
				LOC
			</Chip>
		</>
	);
}
