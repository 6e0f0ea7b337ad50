// One corpus: its sentences, and checks, numbers and history at the side.

import { Download, Settings2 } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { sampleId } from '../../../state/workspace-samples';
import { useCommands } from '../../context/commands-context';
import { useBrowser, usePresence } from '../../context/data-context';
import { Badge } from '../../kit/controls/Badge';
import { Button, IconButton } from '../../kit/controls/Button';
import { brokenDialog } from '../../kit/controls/broken-part';
import { EmptyState } from '../../kit/controls/EmptyState';
import { lazyPart } from '../../kit/controls/lazy-part';
import { TabStrip } from '../../kit/controls/TabStrip';
import { PageFrame } from '../../kit/frame/PageFrame';
import { go, useQueryValue } from '../../navigation/navigation';
import { useWords } from '../../words/words';
import { ChecksPanel, useCorpusChecks } from './ChecksPanel';
import { dataWords } from './data-words';
import { HistoryPanel } from './HistoryPanel';
import { NumbersPanel } from './NumbersPanel';
import { SentenceBrowser } from './SentenceBrowser';
import { SentenceSkeleton } from './SentenceSkeleton';
import { SourceList } from './SourceList';
import { WelcomeStrip } from './WelcomeStrip';

const ExportDialog = lazyPart(async () => ({ default: (await import('./ExportDialog')).ExportDialog }), {
	broken: brokenDialog,
});
const StorageDialog = lazyPart(async () => ({ default: (await import('./StorageDialog')).StorageDialog }), {
	broken: brokenDialog,
});

export function CorpusView({ id }: { id: string }) {
	const t = useWords(dataWords);
	const presence = usePresence('corpus', id);
	const item = presence.kind === 'present' ? presence.item : undefined;
	const open = useBrowser((state) => state.open);
	const [dialog, setDialog] = useState<'export' | 'storage' | null>(null);
	const isThere = item !== undefined;
	useEffect(() => {
		if (isThere) void open(id);
	}, [open, id, isThere]);
	useCommands(useCorpusCommands());
	const actions = (
		<>
			{item && (
				<Button icon={<Download size={14} aria-hidden />} onPress={() => setDialog('export')}>
					{t('export')}
				</Button>
			)}
			<IconButton label={t('workspace')} onPress={() => setDialog('storage')}>
				<Settings2 size={16} strokeWidth={1.6} aria-hidden />
			</IconButton>
		</>
	);
	return (
		<PageFrame
			page="data"
			crumbs={item ? [{ label: item.name }] : []}
			badges={id === sampleId && item ? <Badge>{t('sample')}</Badge> : undefined}
			actions={actions}
			list={{ label: t('sources'), content: <SourceList open={id} />, width: 264 }}
			side={item && { label: t('checks'), content: <CorpusPanels />, width: 328 }}
		>
			<WelcomeStrip isSample={id === sampleId && isThere} />
			{presence.kind === 'present' && <SentenceBrowser key={id} />}
			{presence.kind === 'loading' && <SentenceSkeleton />}
			{presence.kind === 'absent' && <NoCorpus id={id} />}
			{dialog === 'export' && item && <ExportDialog item={item} onClose={() => setDialog(null)} />}
			{dialog === 'storage' && <StorageDialog onClose={() => setDialog(null)} />}
		</PageFrame>
	);
}

function useCorpusCommands() {
	const t = useWords(dataWords);
	const undo = useBrowser((state) => state.undo);
	const redo = useBrowser((state) => state.redo);
	const canUndo = useBrowser((state) => state.history.done.length > 0);
	const canRedo = useBrowser((state) => state.history.undone.length > 0);
	return useMemo(
		() => [
			{
				id: 'corpus-undo',
				title: t('undo'),
				group: t('corpora'),
				keys: 'mod+z',
				isEnabled: canUndo,
				run: () => void undo(),
			},
			{
				id: 'corpus-redo',
				title: t('redo'),
				group: t('corpora'),
				keys: 'mod+Shift+z',
				isEnabled: canRedo,
				run: () => void redo(),
			},
			{ id: 'add-corpus', title: t('addCorpus'), group: t('corpora'), run: () => go('data', ['import']) },
		],
		[t, undo, redo, canUndo, canRedo],
	);
}

function CorpusPanels() {
	const t = useWords(dataWords);
	const [tab, setTab] = useQueryValue('tab');
	const report = useBrowser((state) => state.report);
	useCorpusChecks();
	const graver = report?.findings.filter(({ severity }) => severity !== 'info').length ?? 0;
	const hasError = report?.findings.some(({ severity }) => severity === 'error');
	return (
		<TabStrip
			label={t('checks')}
			open={['numbers', 'history'].includes(tab) ? tab : 'checks'}
			onOpen={(open) => setTab(open === 'checks' ? '' : open)}
			tabs={[
				{
					id: 'checks',
					title: t('checks'),
					badge: graver > 0 ? <Badge tone={hasError ? 'bad' : 'warn'}>{graver}</Badge> : undefined,
					content: <ChecksPanel />,
				},
				{ id: 'numbers', title: t('numbers'), content: <NumbersPanel /> },
				{ id: 'history', title: t('history'), content: <HistoryPanel /> },
			]}
		/>
	);
}

function NoCorpus({ id }: { id: string }) {
	const t = useWords(dataWords);
	const isMissing = id !== sampleId;
	return (
		<EmptyState
			title={t(isMissing ? 'notHere' : 'noCorpus')}
			actions={
				<Button variant="primary" onPress={() => go('data', ['import'])}>
					{t('addCorpus')}
				</Button>
			}
		>
			{t(isMissing ? 'notHereText' : 'noCorpusText')}
		</EmptyState>
	);
}
