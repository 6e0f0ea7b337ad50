// What the checks of a corpus found: each finding with its sentences and what can be done, undoable.

import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { distinctRefs, type Finding, type FindingAction } from '../../../data/corpus-checks/finding';
import { actionWords, findingWords } from '../../../data/corpus-checks/finding-words';
import { sampleId } from '../../../state/workspace-samples';
import { useBrowser, useItems } from '../../context/data-context';
import { Button } from '../../kit/controls/Button';
import { Dropdown } from '../../kit/controls/Choice';
import { ProgressBar } from '../../kit/controls/ProgressBar';
import { notify } from '../../kit/controls/toasts';
import { changeQuery, useQueryValue } from '../../navigation/navigation';
import { countText } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { dataWords } from './data-words';
import { findingKey } from './finding-key';
import { TypeBars } from './TypeBars';

const icons = {
	error: <CircleAlert size={16} strokeWidth={1.8} aria-hidden />,
	warning: <TriangleAlert size={16} strokeWidth={1.8} aria-hidden />,
	info: <Info size={16} strokeWidth={1.8} aria-hidden />,
};

/** With what corpora are compared: as the address says, else with what comes with the page. */
function useMeans() {
	const [lexicon, setLexicon] = useQueryValue('lexicon');
	const [vectors, setVectors] = useQueryValue('vectors');
	const unit = useBrowser((state) => state.opened?.item.detail.unit);
	const lexicons = useItems('lexicon');
	const vectorItems = useItems('vectors');
	const byDefault = (items: readonly { id: string }[], id: string) =>
		unit === 'word' ? 'none' : items.some((item) => item.id === id) ? id : 'none';
	const known = (items: readonly { id: string }[], id: string) => id === 'none' || items.some((item) => item.id === id);
	const lexiconId = known(lexicons, lexicon) ? lexicon : byDefault(lexicons, sampleId);
	const vectorsId = known(vectorItems, vectors) ? vectors : byDefault(vectorItems, `${sampleId}-characters`);
	return { lexicons, vectorItems, lexiconId, vectorsId, setLexicon, setVectors };
}

/** Examines the open corpus, and again after each change. */
export function useCorpusChecks(): void {
	const { lexiconId, vectorsId } = useMeans();
	const id = useBrowser((state) => state.opened?.item.id);
	const revision = useBrowser((state) => state.opened?.item.revision);
	const examine = useBrowser((state) => state.examine);
	useEffect(() => {
		if (id === undefined || revision === undefined) return;
		const given = (name: string) => (name === 'none' ? null : name);
		void examine({ lexiconId: given(lexiconId), characterVectorsId: given(vectorsId) });
	}, [id, revision, lexiconId, vectorsId, examine]);
}

export function ChecksPanel() {
	const t = useWords(dataWords);
	const report = useBrowser((state) => state.report);
	const examined = useBrowser((state) => state.examined);
	const hasNoVectors = useMeans().vectorsId === 'none';
	return (
		<>
			{examined !== null && (
				<div className="section">
					<ProgressBar label={t('examining')} share={examined} />
				</div>
			)}
			{report?.findings.length === 0 && <p className="section quiet-text">{t('healthy')}</p>}
			{report && (
				<ul>
					{report.findings.map((finding) => (
						<FindingRow key={findingKey(finding)} finding={finding} />
					))}
				</ul>
			)}
			{report && hasNoVectors && <p className="section quiet-text">{t('noVectorsFinding')}</p>}
			{report && (
				<section className="section">
					<h3>{t('mentionsOfType')}</h3>
					<TypeBars types={report.numbers.types} />
				</section>
			)}
			<MeansChoice />
		</>
	);
}

function FindingRow({ finding }: { finding: Finding }) {
	const t = useWords(dataWords);
	const language = useLanguage();
	const { title, detail } = findingWords(finding);
	const [show] = useQueryValue('show');
	const key = findingKey(finding);
	const count = useMemo(() => distinctRefs(finding.sentences).length, [finding]);
	return (
		<li className="data-finding" data-severity={finding.severity}>
			{icons[finding.severity]}
			<div>
				<h3>{title[language]}</h3>
				{detail[language] !== '' && <p className="quiet-text">{detail[language]}</p>}
				{finding.groups.length > 0 && finding.sentences.length === 0 && <GroupList finding={finding} />}
				<div className="row wrap data-finding-actions">
					{finding.actions.slice(0, 2).map((action) => (
						<ActionButton key={action.code} action={action} />
					))}
					{count > 0 && (
						<Button
							size="small"
							variant="quiet"
							aria-pressed={show === key}
							onPress={() => changeQuery({ show: show === key ? '' : key, q: '', split: '', type: '', s: '' })}
						>
							{t('showCount', { count: countText(count) })}
						</Button>
					)}
				</div>
			</div>
		</li>
	);
}

function GroupList({ finding }: { finding: Finding }) {
	const t = useWords(dataWords);
	return (
		<details className="data-finding-groups">
			<summary>{t('listed')}</summary>
			<p lang="zh-Hans">
				{finding.groups
					.slice(0, 60)
					.map(({ text }) => text)
					.join('　')}
			</p>
		</details>
	);
}

function ActionButton({ action }: { action: FindingAction }) {
	const t = useWords(dataWords);
	const language = useLanguage();
	const change = useBrowser((state) => state.change);
	const takeBack = useBrowser((state) => state.takeBack);
	const name = actionWords[action.code][language];
	const act = async () => {
		if (!(await change(...action.changes))) return;
		const undo = () => void takeBack(...action.changes);
		notify({ text: t('done', { what: name }), action: { label: t('undo'), run: undo } });
	};
	return (
		<Button size="small" onPress={() => void act()}>
			{name}
		</Button>
	);
}

function MeansChoice() {
	const t = useWords(dataWords);
	const { lexicons, vectorItems, lexiconId, vectorsId, setLexicon, setVectors } = useMeans();
	const none = { id: 'none', label: t('none') };
	const option = ({ id, name }: { id: string; name: string }) => ({ id, label: name });
	return (
		<section className="section data-means">
			<h3>{t('comparedWith')}</h3>
			<Dropdown
				label={t('lexicons')}
				showsLabel
				value={lexiconId}
				onChange={setLexicon}
				options={[none, ...lexicons.map(option)]}
			/>
			<Dropdown
				label={t('vectors')}
				showsLabel
				value={vectorsId}
				onChange={setVectors}
				options={[none, ...vectorItems.map(option)]}
			/>
		</section>
	);
}
