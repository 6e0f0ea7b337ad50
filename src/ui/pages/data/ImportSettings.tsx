// What a corpus begins with: what becomes of each label, where the splits come from, whether long sentences are cut.

import { useState } from 'react';
import { countImport } from '../../../state/import';
import { defaultSplit } from '../../../state/split-anew';
import { defaultClipLength } from '../../../wire/imports';
import { useImport } from '../../context/data-context';
import { Dropdown, Segments } from '../../kit/controls/Choice';
import { Field } from '../../kit/controls/Field';
import { numeric, TableHead } from '../../kit/controls/TableHead';
import { Switch } from '../../kit/controls/Toggle';
import { entitySlot } from '../../kit/sentences/entity-slot';
import { countText } from '../../words/number-words';
import { useWords } from '../../words/words';
import { dataWords } from './data-words';
import { SplitFields } from './SplitFields';

const few = 20;

export function ImportSettings() {
	const files = useImport((state) => state.files);
	const counts = countImport(files);
	return (
		<div className="scroll">
			{counts.sentences > 0 && <Labels types={counts.types} />}
			<Splits splits={counts.splits} />
			{counts.longSentences > 0 && <Clip longSentences={counts.longSentences} />}
		</div>
	);
}

function targetOf(mapping: ReadonlyMap<string, string | null>, type: string): string | null {
	const target = mapping.get(type);
	return target === undefined ? type : target;
}

function Labels({ types }: { types: { type: string; mentions: number }[] }) {
	const t = useWords(dataWords);
	const mapping = useImport((state) => state.mapping);
	const names = types.map(({ type }) => type);
	const targets = names.map((type) => targetOf(mapping, type));
	const after = new Set(targets.filter((target) => target !== null)).size;
	const rare = types.find(({ type, mentions }) => mentions < few && !mapping.has(type));
	return (
		<section className="section">
			<div className="row section-head">
				<h2>{t('labels')}</h2>
				<span className="spacer" />
				{types.length > 0 && <span className="quiet-text">{t('labelsHint', { before: types.length, after })}</span>}
			</div>
			{types.length === 0 ? (
				<p className="quiet-text">{t('noLabels')}</p>
			) : (
				<table className="import-labels">
					<TableHead columns={[t('inFile'), numeric(t('count')), t('becomes')]} />
					<tbody>
						{types.map(({ type, mentions }) => (
							<tr key={type}>
								<td className="mono clip" title={type}>
									<i className="import-type-key" data-ent={entitySlot(type, names).slot} />
									{type}
								</td>
								<td className="num">{countText(mentions)}</td>
								<td>
									<LabelTarget type={type} names={names} />
								</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
			{rare && <p className="quiet-text import-note">{t('fewHint', { type: rare.type, count: rare.mentions })}</p>}
		</section>
	);
}

function LabelTarget({ type, names }: { type: string; names: readonly string[] }) {
	const t = useWords(dataWords);
	const target = useImport((state) => targetOf(state.mapping, type));
	const mapType = useImport((state) => state.mapType);
	const [isTyping, setTyping] = useState(false);
	const short = type.split(/[.\-_/]/)[0];
	const others = [...new Set([short, ...names])].filter((name) => name !== type && name !== '');
	if (isTyping) {
		return (
			<Field
				label={t('newNameOf', { type })}
				showsLabel={false}
				value={target ?? ''}
				onChange={(name) => mapType(type, name.replace(/\s/g, '') || type)}
			/>
		);
	}
	const known = target === null || target === type || others.includes(target);
	return (
		<Dropdown<string>
			label={`${t('becomes')}: ${type}`}
			value={target === null ? ':ignore' : `=${target}`}
			onChange={(value) => {
				if (value === ':another') setTyping(true);
				else mapType(type, value === ':ignore' ? null : value.slice(1));
			}}
			options={[
				{ id: `=${type}`, label: type, detail: t('keep') },
				...others.map((name) => ({ id: `=${name}`, label: name })),
				...(known ? [] : [{ id: `=${target}`, label: String(target) }]),
				{ id: ':ignore', label: t('ignore') },
				{ id: ':another', label: t('another') },
			]}
		/>
	);
}

function Splits({ splits }: { splits: Record<'train' | 'dev' | 'test', number> }) {
	const t = useWords(dataWords);
	const split = useImport((state) => state.split);
	const setSplit = useImport((state) => state.setSplit);
	const { train, dev, test } = splits;
	const begin = () => setSplit(defaultSplit(train + dev + test));
	return (
		<section className="section">
			<div className="row section-head">
				<h2>{t('splits')}</h2>
			</div>
			<Segments
				label={t('splits')}
				value={split ? 'anew' : 'files'}
				onChange={(value) => (value === 'anew' ? begin() : setSplit(null))}
				options={[
					{ id: 'files', label: t('byFiles') },
					{ id: 'anew', label: t('anew') },
				]}
			/>
			{split === null ? (
				<>
					<p className="quiet-text num import-note">
						{t('train')} {countText(splits.train)} · {t('dev')} {countText(splits.dev)} · {t('test')}{' '}
						{countText(splits.test)}
					</p>
					{splits.dev === 0 && splits.train > 0 && <p className="notice notice-warn import-notice">{t('noDev')}</p>}
				</>
			) : (
				<SplitFields split={split} onChange={setSplit} />
			)}
		</section>
	);
}

function Clip({ longSentences }: { longSentences: number }) {
	const t = useWords(dataWords);
	const clipLength = useImport((state) => state.clipLength);
	const setClip = useImport((state) => state.setClip);
	return (
		<section className="section">
			<Switch isOn={clipLength !== null} onChange={(isOn) => setClip(isOn ? defaultClipLength : null)}>
				{t('clip')}
			</Switch>
			<p className="quiet-text import-note">
				{t('clipHint', { count: countText(longSentences), length: defaultClipLength })}
			</p>
		</section>
	);
}
