// Samples of what tells a state, of blocks within a page, and of what opens over it.

import { useState } from 'react';
import { ActionMenu } from '../kit/controls/ActionMenu';
import { Badge, Dot, type Tone } from '../kit/controls/Badge';
import { Button } from '../kit/controls/Button';
import { brokenBlock } from '../kit/controls/broken-part';
import { Dialog } from '../kit/controls/Dialog';
import { EmptyState } from '../kit/controls/EmptyState';
import { FactList } from '../kit/controls/FactList';
import { TermHint } from '../kit/controls/Hint';
import { PartNotLoaded } from '../kit/controls/lazy-part';
import { MoreMenu } from '../kit/controls/MoreMenu';
import { ProblemNotice } from '../kit/controls/ProblemNotice';
import { ProgressBar, ProgressTrack } from '../kit/controls/ProgressBar';
import { numeric, TableHead } from '../kit/controls/TableHead';
import { TabStrip } from '../kit/controls/TabStrip';
import { VirtualRows } from '../kit/controls/VirtualRows';
import { AddressNotice } from '../kit/frame/AddressNotice';
import { useWords } from '../words/words';
import { galleryWords } from './gallery-words';

const tones: readonly Tone[] = ['plain', 'accent', 'ok', 'warn', 'bad', 'dashed'];

export function StatusSamples() {
	const t = useWords(galleryWords);
	const [isCancelled, setCancelled] = useState(false);
	return (
		<>
			{tones.map((tone) => (
				<Badge key={tone} tone={tone}>
					<Dot tone={tone} />
					{tone}
				</Badge>
			))}
			<Badge size="large" tone="accent">
				<Dot tone="running" />
				88.2
			</Badge>
			<div className="gallery-wide">
				<ProgressBar
					label={isCancelled ? t('cancel') : t('measuring')}
					share={0.42}
					detail={t('steps')}
					onCancel={() => setCancelled(true)}
				/>
			</div>
			<div className="gallery-wide">
				<ProgressBar label={`${t('loading')}: ${t('longName')}`} share={null} />
			</div>
			<div className="gallery-narrow">
				<ProgressTrack share={0.7} isQuiet />
			</div>
			<TermHint term="microF1" />
			<div className="gallery-wide">
				<span className="skeleton" />
			</div>
		</>
	);
}

const bug = { kind: 'bug', message: 'invariant: a sample' } as const;
const fileProblem = {
	kind: 'user',
	code: 'sample',
	location: 'dev.txt, line 1,507',
	expected: 'a character and a tag',
	found: 'one column',
	remedy: 'Fix the file',
} as const;
const failure = { error: new PartNotLoaded('404'), retry: () => {} };
const rowCount = 1000;

export function BlockSamples() {
	const t = useWords(galleryWords);
	const [tab, setTab] = useState('first');
	const [isAsked, setAsked] = useState(true);
	return (
		<>
			<EmptyState title={t('emptyTitle')} actions={<Button>{`${t('start')} 2`}</Button>}>
				<p>{t('emptyText')}</p>
			</EmptyState>
			<ProblemNotice problem={fileProblem}>
				<Button size="small">{`${t('cancel')} 2`}</Button>
			</ProblemNotice>
			<ProblemNotice problem={bug} />
			<AddressNotice
				asked={isAsked ? [{ kind: 'run', name: 'r-12' }] : []}
				shown={t('gallery')}
				onDismiss={() => setAsked(false)}
			/>
			{brokenBlock(failure)}
			<div className="gallery-tabs">
				<TabStrip
					label={t('tabs')}
					open={tab}
					onOpen={setTab}
					tabs={[
						{ id: 'first', title: t('first'), badge: <Badge>3</Badge>, content: <p>{t('emptyText')}</p> },
						{ id: 'second', title: t('second'), content: <p>{t('dialogText')}</p> },
					]}
				/>
			</div>
			<div className="gallery-rows">
				<VirtualRows
					label={t('rows')}
					count={rowCount}
					rowHeight={24}
					row={(index) => t('rowNumber', { number: index + 1 })}
				/>
			</div>
			<div className="gallery-wide">
				<FactList
					facts={[
						[t('name'), t('longName')],
						[t('rate'), '4.0e−4'],
					]}
				/>
			</div>
			<table>
				<TableHead columns={[t('name'), numeric('F1', t('rate'))]} />
				<tbody>
					<tr>
						<td>PER</td>
						<td className="num">88.2</td>
					</tr>
				</tbody>
			</table>
		</>
	);
}

export function OverlaySamples() {
	const t = useWords(galleryWords);
	const [isOpen, setOpen] = useState(false);
	const [chosen, setChosen] = useState('');
	const actions = [
		{ id: 'rename', label: t('rename'), detail: 'F2', run: () => setChosen(t('rename')) },
		{ id: 'long', label: t('longName'), run: () => setChosen(t('longName')) },
		{ id: 'disabled', label: t('disabled'), isDisabled: true, run: () => setChosen(t('disabled')) },
		{ id: 'remove', label: t('remove'), isDanger: true, run: () => setChosen(t('remove')) },
	];
	return (
		<>
			<Button onPress={() => setOpen(true)}>{`${t('open')} 2`}</Button>
			<Dialog
				title={t('dialog')}
				isOpen={isOpen}
				onClose={() => setOpen(false)}
				footer={<Button onPress={() => setOpen(false)}>{t('close')}</Button>}
			>
				<p>{t('dialogText')}</p>
			</Dialog>
			<ActionMenu label={t('overlays')} actions={actions} button={<Button>{`${t('more')} 2`}</Button>} />
			<MoreMenu label={t('more')} actions={actions} />
			<output>{t('chosen', { name: chosen === '' ? t('none') : chosen })}</output>
		</>
	);
}
