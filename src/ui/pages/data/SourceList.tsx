// The list of what the browser keeps: corpora, vectors, lexicons with their figures; what is being read; ways to add.

import { Plus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { shownFiles } from '../../../state/import';
import type { RunningTask } from '../../../state/workspace';
import { splitCounts } from '../../../storage/workspace/corpus-record';
import type { AnyItem } from '../../../storage/workspace/item-kinds';
import { useImport, useItems, useWorkspace } from '../../context/data-context';
import { Button, IconButton } from '../../kit/controls/Button';
import { brokenDialog } from '../../kit/controls/broken-part';
import { lazyPart } from '../../kit/controls/lazy-part';
import { MoreMenu } from '../../kit/controls/MoreMenu';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { ProgressBar } from '../../kit/controls/ProgressBar';
import { go, routeHref, useRoute } from '../../navigation/navigation';
import { UnreadableItems } from '../../parts/UnreadableItems';
import { bytesText, countText, roundedDuration } from '../../words/number-words';
import { type Translate, useLanguage, useWords } from '../../words/words';
import { chooseFiles } from './choose-files';
import { dataWords } from './data-words';
import { StorageNotice } from './StorageNotice';
import { useAddFiles } from './use-add-files';
import { useDelete } from './use-delete';
import { openAddVectors } from './vectors-request';

const ExportDialog = lazyPart(async () => ({ default: (await import('./ExportDialog')).ExportDialog }), {
	broken: brokenDialog,
});
const RenameDialog = lazyPart(async () => ({ default: (await import('../../parts/RenameDialog')).RenameDialog }), {
	broken: brokenDialog,
});

/** Runs and models that cannot be read are on their own pages. */
const isSource = (kind: string) => kind !== 'run' && kind !== 'checkpoint';

export function SourceList({ open }: { open: string }) {
	const t = useWords(dataWords);
	const list = useWorkspace((state) => state.list);
	const addFiles = useAddFiles();
	const corpora = useItems('corpus');
	const vectors = useItems('vectors');
	const lexicons = useItems('lexicon');
	const plus = <Plus size={14} aria-hidden />;
	return (
		<div className="scroll source-list">
			<StorageNotice />
			<WaitingImport />
			<SourceHeading title={t('corpora')}>
				<Button size="small" icon={plus} onPress={() => go('data', ['import'])}>
					{t('addCorpus')}
				</Button>
			</SourceHeading>
			{list === null ? (
				<RowSkeleton />
			) : (
				<ul>
					{corpora.map((item) => (
						<SourceRow key={item.id} item={item} path={[item.id]} isOpen={open === item.id} />
					))}
				</ul>
			)}
			<Tasks kind="corpus" />
			<SourceHeading title={t('vectors')}>
				<Button size="small" icon={plus} onPress={() => openAddVectors()}>
					{t('addVectors')}
				</Button>
			</SourceHeading>
			{list && vectors.length === 0 && (
				<div className="source-empty">
					<p>{t('vectorsEmpty')}</p>
					<Button size="small" onPress={() => openAddVectors('text')}>
						{t('vectorsEmptyTrain')}
					</Button>
				</div>
			)}
			<ul>
				{vectors.map((item) => (
					<SourceRow key={item.id} item={item} path={['vectors', item.id]} isOpen={open === `vectors/${item.id}`} />
				))}
			</ul>
			<Tasks kind="vectors" />
			<SourceHeading title={t('lexicons')}>
				<IconButton
					label={t('addLexicon')}
					size="small"
					onPress={() => chooseFiles((files) => void addFiles(files, 'lexicon'))}
				>
					{plus}
				</IconButton>
			</SourceHeading>
			<ul>
				{lexicons.map((item) => (
					<SourceRow key={item.id} item={item} path={['lexicon', item.id]} isOpen={open === `lexicon/${item.id}`} />
				))}
			</ul>
			<Tasks kind="lexicon" />
			<Tasks kind="workspace" />
			<UnreadableItems className="source-unreadable" isListed={isSource} />
			<p className="source-hint">{t('dropHint')}</p>
		</div>
	);
}

/** Files that were taken in and not yet imported: the way back to them, and away. */
function WaitingImport() {
	const t = useWords(dataWords);
	const count = useImport((state) => shownFiles(state.files).length);
	const clear = useImport((state) => state.clear);
	const isThere = useRoute().path[0] === 'import';
	if (count === 0 || isThere) return null;
	return (
		<div className="row import-waiting">
			<a href={routeHref('data', ['import'])}>{t('importWaits', { count })}</a>
			<span className="spacer" />
			<IconButton label={t('dismiss')} size="small" onPress={clear}>
				<X size={14} aria-hidden />
			</IconButton>
		</div>
	);
}

function SourceHeading({ title, children }: { title: string; children: ReactNode }) {
	return (
		<div className="row source-heading">
			<h2>{title}</h2>
			<span className="spacer" />
			{children}
		</div>
	);
}

function RowSkeleton() {
	return (
		<div className="source-loading" aria-hidden>
			<span className="skeleton" />
			<span className="skeleton" />
		</div>
	);
}

function SourceRow({ item, path, isOpen }: { item: AnyItem; path: readonly string[]; isOpen: boolean }) {
	const t = useWords(dataWords);
	const remove = useDelete();
	const [opened, setOpened] = useState<'rename' | 'export' | null>(null);
	const close = () => setOpened(null);
	const actions = [
		{ id: 'rename', label: t('rename'), run: () => setOpened('rename') },
		{ id: 'export', label: t('export'), run: () => setOpened('export') },
		{ id: 'delete', label: t('remove'), isDanger: true, run: () => void remove(item, isOpen) },
	];
	return (
		<li className="source-row" data-open={isOpen || undefined}>
			<a href={routeHref('data', path)} aria-current={isOpen ? 'page' : undefined}>
				<span className="medium clip">{item.name}</span>
				<span className="quiet-text num clip">{figures(item, t)}</span>
			</a>
			<MoreMenu className="source-more" label={t('more', { name: item.name })} actions={actions} />
			{opened === 'rename' && <RenameDialog item={item} onClose={close} />}
			{opened === 'export' && <ExportDialog item={item} onClose={close} />}
		</li>
	);
}

function figures(item: AnyItem, t: Translate<typeof dataWords>): string {
	if (item.kind === 'corpus') {
		const { scheme, entityTypes } = item.detail;
		const sentences = splitCounts(item.detail);
		const number = sentences.train + sentences.dev + sentences.test;
		const names = entityTypes.length <= 4 ? entityTypes.join(' ') : t('typeCount', { count: entityTypes.length });
		return t('corpusFigures', { count: countText(number), number, scheme, types: names || t('noTypes') });
	}
	if (item.kind === 'vectors') {
		const { rowCount, dimension, training } = item.detail;
		return t(training ? 'trainedFigures' : 'vectorFigures', { rows: countText(rowCount), width: dimension });
	}
	if (item.kind === 'lexicon') return t('wordFigures', { count: countText(item.detail.wordCount) });
	return '';
}

function Tasks({ kind }: { kind: RunningTask['kind'] }) {
	const tasks = useWorkspace((state) => state.tasks);
	return tasks.filter((task) => task.kind === kind).map((task) => <TaskRow key={task.id} task={task} />);
}

function TaskRow({ task }: { task: RunningTask }) {
	const t = useWords(dataWords);
	const language = useLanguage();
	const cancel = useWorkspace((state) => state.cancel);
	const dismiss = useWorkspace((state) => state.dismiss);
	const { id, label, progress, problem } = task;
	if (problem) {
		return (
			<div className="source-task">
				<div className="row">
					<span className="clip medium">{label}</span>
					<span className="spacer" />
					<IconButton label={t('dismiss')} size="small" onPress={() => dismiss(id)}>
						<X size={14} aria-hidden />
					</IconButton>
				</div>
				<ProblemNotice problem={problem} />
			</div>
		);
	}
	const { done = 0, total = null, counts = {} } = progress ?? {};
	const { secondsLeft } = counts;
	const detail = secondsLeft === undefined ? undefined : t('left', { time: roundedDuration(secondsLeft, language) });
	return (
		<div className="source-task">
			<ProgressBar
				label={label}
				share={total ? Math.min(1, done / total) : null}
				detail={detail}
				onCancel={() => cancel(id)}
			/>
			<p className="quiet-text num">{taskText(progress, t)}</p>
		</div>
	);
}

function taskText(progress: RunningTask['progress'], t: Translate<typeof dataWords>): string {
	const { kept, megabytesPerSecond = 0, epoch, epochs, charactersPerSecond = 0 } = progress?.counts ?? {};
	if (kept !== undefined) return t('rowsKept', { rows: countText(kept), rate: megabytesPerSecond.toFixed(0) });
	if (epoch !== undefined) return t('learning', { epoch, epochs, rate: countText(Math.round(charactersPerSecond)) });
	return progress?.unit === 'bytes' ? bytesText(progress.done) : t('reading');
}
