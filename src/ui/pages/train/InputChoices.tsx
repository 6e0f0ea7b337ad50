// On what a run learns: a corpus of this browser, or the smoke corpus, fetched when it is chosen; a lexicon and vectors,
// or none.

import { Info } from 'lucide-react';
import { offeredCorpora, withCorpus } from '../../../state/run-form';
import type { FormInput } from '../../../state/run-form-store';
import { itemsOf } from '../../../state/workspace';
import { displayName, smokeId } from '../../../state/workspace-samples';
import { splitCounts } from '../../../storage/workspace/corpus-record';
import type { ItemOf } from '../../../storage/workspace/item-kinds';
import { useWorkspace } from '../../context/data-context';
import { useRunForm } from '../../context/train-context';
import { Button } from '../../kit/controls/Button';
import { Dropdown } from '../../kit/controls/Choice';
import { go } from '../../navigation/navigation';
import { countText } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { openAddVectors } from '../data/vectors-request';
import { trainWords } from './train-words';

const addFiles = ':add';
const none = ':none';

export function CorpusChoice() {
	const t = useWords(trainWords);
	const list = useWorkspace((state) => state.list);
	const corpusId = useRunForm((state) => state.form.corpusId);
	const change = useRunForm((state) => state.change);
	const fetchCorpus = useRunForm((state) => state.fetchCorpus);
	const language = useLanguage();
	const corpora = offeredCorpora(list);
	const choose = (id: string) => {
		if (id === addFiles) return go('data', ['import']);
		void fetchCorpus(id);
		change((form) => withCorpus(form, list, id));
	};
	const unknown = corpora.some(({ id }) => id === corpusId) ? [] : [{ id: corpusId, label: list ? '—' : '' }];
	return (
		<Dropdown
			label={t('corpus')}
			showsLabel
			size="large"
			options={[
				...unknown,
				...corpora.map(({ id, name, item }) => ({
					id,
					label: displayName({ kind: 'corpus', id, name }, language),
					detail: item ? splitSizes(item) : t('fetchedWhenChosen'),
				})),
				{ id: addFiles, label: t('ownFiles') },
			]}
			value={corpusId}
			onChange={choose}
		/>
	);
}

/** Without vectors a run learns all the same: that it does, and how to get some. */
export function NoVectorsNote() {
	const t = useWords(trainWords);
	const hasNone = useRunForm(
		({ form }) => form.checkpointId === null && vectorRoles.every((role) => form[role] === null),
	);
	const isSmoke = useRunForm(({ form }) => form.corpusId === smokeId);
	if (!hasNone || isSmoke) return null;
	return (
		<div className="row wrap train-no-vectors" role="note">
			<Info size={14} aria-hidden />
			<span className="quiet-text">{t('noVectorsText')}</span>
			<Button size="small" onPress={() => openAddVectors('text')}>
				{t('trainVectors')}
			</Button>
			<Button size="small" onPress={() => openAddVectors()}>
				{t('addVectors')}
			</Button>
		</div>
	);
}

/** "2 000 / 300 / 400". */
function splitSizes({ detail }: ItemOf<'corpus'>): string {
	const { train, dev, test } = splitCounts(detail);
	return [train, dev, test].map(countText).join(' / ');
}

const vectorRoles = ['characterVectorsId', 'bigramVectorsId', 'wordVectorsId'] as const;

export function InputChoices() {
	const t = useWords(trainWords);
	const list = useWorkspace((state) => state.list);
	const form = useRunForm((state) => state.form);
	const change = useRunForm((state) => state.change);
	const language = useLanguage();
	const lexicons = itemsOf(list, 'lexicon').map((item) => ({
		id: item.id,
		label: displayName(item, language),
		detail: countText(item.detail.wordCount),
	}));
	const vectors = itemsOf(list, 'vectors').map((item) => ({
		id: item.id,
		label: displayName(item, language),
		detail: t('dimensions', { count: item.detail.dimension }),
	}));
	/** The sample's are brought on the first visit. */
	const onTheWay = (id: string | null, options: { id: string }[]) =>
		id === null || options.some((option) => option.id === id) ? [] : [{ id, label: '…', detail: '' }];
	const choice = (role: keyof FormInput, options: { id: string; label: string; detail: string }[]) => (
		<Dropdown
			key={role}
			label={t(role)}
			showsLabel
			options={[{ id: none, label: t('noneChosen') }, ...options, ...onTheWay(form[role], options)]}
			value={form[role] ?? none}
			onChange={(id: string) => change({ [role]: id === none ? null : id })}
		/>
	);
	return (
		<div className="train-setup-inputs">
			{choice('lexiconId', lexicons)}
			{vectorRoles.map((role) => choice(role, vectors))}
		</div>
	);
}
