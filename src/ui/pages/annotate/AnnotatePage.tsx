// The Annotate page: a queue of sentences, the open one with what a model suggests, types and keys. Corpus, order, split,
// model, chosen sentences and the open sentence are in the address.

import { Play, Redo2, Undo2 } from 'lucide-react';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { SplitName } from '../../../data/corpus';
import { splitNames } from '../../../data/corpus';
import { chosenSpan } from '../../../state/annotation';
import { refName } from '../../../state/annotation-history';
import { countQueue, queueLength, readRefs, refAt } from '../../../state/annotation-queue';
import { openRow, type SessionLink } from '../../../state/annotation-session';
import { itemsOf } from '../../../state/workspace';
import { displayName } from '../../../state/workspace-samples';
import { type QueueOrder, queueOrders } from '../../../wire/annotation';
import { useAbsent, useWorkspace } from '../../context/data-context';
import { Button, IconButton } from '../../kit/controls/Button';
import { EmptyState } from '../../kit/controls/EmptyState';
import { ProblemNotice } from '../../kit/controls/ProblemNotice';
import { PageFrame } from '../../kit/frame/PageFrame';
import { changeQuery, go, routeHref, useRoute } from '../../navigation/navigation';
import { countText } from '../../words/number-words';
import { useLanguage, useWords } from '../../words/words';
import { annotateWords } from './annotate-words';
import { CorpusChoice } from './CorpusChoice';
import { QueueList } from './QueueList';
import { SaveConflict, SavedMark } from './SaveState';
import { SentenceEditor } from './SentenceEditor';
import { SidePanel } from './SidePanel';
import { SuggestionCard } from './SuggestionCard';
import { useSession, useSessionStore } from './session-context';
import { TrainOnSettings } from './TrainOnSettings';
import { TypeBar } from './TypeBar';
import { type AnnotationActions, useAnnotationActions, useAnnotationCommands } from './use-annotation-commands';
import { type AnnotationModel, useAnnotationModel } from './use-annotation-model';
import { useTrainOn } from './use-train-on';
import '../../kit/sentences/sentences.css';
import './annotate.css';

export default function AnnotatePage() {
	const { path, query } = useRoute();
	const last = useSession((state) => state.id);
	const isChoosing = query.choose !== undefined;
	const id = path[0] ?? (isChoosing ? null : last);
	const isMissing = useAbsent('corpus', id === null ? [] : [id]).length > 0;
	if (id === null || isMissing) return <CorpusChoice isMissing={isMissing} />;
	return <LabelCorpus key={id} id={id} />;
}

/** The corpus that was open is open again when one comes back; here another is chosen. */
const chooserHref = routeHref('annotate', [], { choose: '1' });

const crumbOf = { uncertain: 'crumbUncertain', corpus: 'crumbCorpus', marked: 'crumbMarked' } as const;

function LabelCorpus({ id }: { id: string }) {
	const t = useWords(annotateWords);
	const model = useAnnotationModel(id);
	const order = useOrder();
	const opened = useSession((state) => state.opened);
	const editorRef = useRef<HTMLDivElement>(null);
	const typesRef = useRef<HTMLInputElement>(null);
	const actions = useAnnotationActions(editorRef);
	const types = useTypes(model);
	useOpenQueue(id, order, model);
	useScoring();
	useAnnotationCommands(
		actions,
		types,
		useCallback(() => typesRef.current?.focus(), []),
		editorRef,
	);
	const language = useLanguage();
	const name = opened ? displayName(opened.item, language) : '';
	const trainOn = useTrainOn(model);
	return (
		<PageFrame
			page="annotate"
			crumbs={name === '' ? [] : [{ label: t(crumbOf[order], { name }), href: chooserHref }]}
			actions={<Actions trainOn={trainOn} model={model} />}
			list={{
				label: t('queue'),
				content: <QueueList order={order} model={model} onOpen={actions.open} />,
				width: 280,
			}}
			side={{ label: t('panel'), content: <SidePanel types={types} model={model} />, width: 288 }}
		>
			<SaveConflict />
			{trainOn.problem && (
				<div className="annotate-notice">
					<ProblemNotice problem={trainOn.problem}>
						<Button onPress={() => go('train', ['new'], { corpus: id })}>{t('trainAnew')}</Button>
					</ProblemNotice>
				</div>
			)}
			<OpenSentence types={types} actions={actions} editorRef={editorRef} typesRef={typesRef} />
		</PageFrame>
	);
}

function useOrder(): QueueOrder {
	const { order } = useRoute().query;
	return queueOrders.find((one) => one === order) ?? 'uncertain';
}

/** Types of the corpus, the commonest first, then the model's and those added by hand. */
function useTypes({ entityTypes }: AnnotationModel): readonly string[] {
	const opened = useSession((state) => state.opened);
	const added = useSession((state) => state.addedTypes);
	return useMemo(() => {
		const own = opened?.types.map(({ type }) => type) ?? [];
		return [...new Set([...own, ...(entityTypes ?? []), ...added])];
	}, [opened, entityTypes, added]);
}

/**
 * Opens in the session what the address names, and keeps the open sentence in the address. A sentence in the address is a link where it
 * comes with another queue or was not written here; it then belongs to that queue, not to the one that is still shown.
 */
function useOpenQueue(id: string, order: QueueOrder, { isListed, chosen }: AnnotationModel): void {
	const session = useSessionStore();
	const { query } = useRoute();
	const { split = '', refs = '', s = '', n = '' } = query;
	const isOpen = useSession((state) => state.id === id && state.opened !== null);
	const isAsking = useSession((state) => state.isAsking);
	const openIndex = useSession((state) => state.openIndex);
	const isThere = useWorkspace((state) => itemsOf(state.list, 'corpus').some((item) => item.id === id));
	const namedQueue = useRef('');
	const written = useRef('');
	useEffect(() => {
		if (isThere) void session.getState().open(id);
	}, [session, id, isThere]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another sentence alone asks for no other queue
	useEffect(() => {
		if (!isOpen || !isListed) return;
		const chosenRefs = readRefs(refs);
		const choice = {
			...(splitNames.includes(split as SplitName) ? { split: split as SplitName } : {}),
			...(chosenRefs.length > 0 ? { refs: chosenRefs } : {}),
		};
		const model = chosen && chosen.ref.kind !== 'run' ? chosen.ref : null;
		const queueName = [order, split, refs].join('/');
		const linked = queueName === namedQueue.current ? undefined : linkOf(s, n);
		namedQueue.current = queueName;
		void session.getState().ask({ id, order, model, ...choice }, linked);
	}, [session, isOpen, isListed, id, order, split, refs, chosen]);
	useEffect(() => {
		const linked = linkOf(s, n);
		if (linked !== undefined && (n !== '' || s !== written.current)) session.getState().follow(linked);
	}, [session, s, n]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the session may have opened another sentence since this was drawn
	useEffect(() => {
		const { queue, isAsking: isOut, openIndex: open } = session.getState();
		if (!isOpen || isAsking || isOut || !queue || open < 0) return;
		// The sentence, not its index: what a model learns changes the order. Also where the address names none of the queue.
		written.current = refName(refAt(queue, open));
		if (s !== written.current || n !== '') changeQuery({ s: written.current, n: '' });
	}, [session, isOpen, isAsking, openIndex, s, n]);
}

/** `s` names a sentence as `dev:12`; `n`, which counts more, a number in the queue from 1. Undefined where neither is valid. */
function linkOf(s: string, n: string): SessionLink | undefined {
	const number = Number(n);
	return Number.isInteger(number) && number >= 1 ? number - 1 : readRefs(s)[0];
}

/** A model is asked about all sentences by itself up to this many; beyond, by a button. */
const maxScoredAlone = 3000;

/** Asks the model about the queue, once for each, and then shows the least certain sentence to those who have not begun. */
function useScoring(): void {
	const session = useSessionStore();
	const queue = useSession((state) => state.queue);
	const request = useSession((state) => state.request);
	const lastAsked = useRef('');
	const { s = '', n = '' } = useRoute().query;
	const isLinked = useRef(linkOf(s, n) !== undefined);
	useEffect(() => {
		if (!queue || !request?.model || request.order !== 'uncertain') return;
		const { unscored } = countQueue(queue);
		const key = JSON.stringify(request);
		if (unscored === 0 || unscored > maxScoredAlone || lastAsked.current === key) return;
		lastAsked.current = key;
		const { history, openIndex } = session.getState();
		const begin = async () => {
			await session.getState().score();
			const now = session.getState();
			const hasBegun =
				isLinked.current || now.history !== history || openIndex !== 0 || JSON.stringify(now.request) !== key;
			if (!hasBegun) now.goTo(0);
		};
		void begin();
	}, [session, queue, request]);
}

function Actions({ trainOn, model }: { trainOn: ReturnType<typeof useTrainOn>; model: AnnotationModel }) {
	const t = useWords(annotateWords);
	const session = useSessionStore();
	const { changes, steps, undone } = useSession((state) => state.history);
	const { count, hindrance, isStarting, start } = trainOn;
	const hint = hindrance ?? t('trainOnHint', { model: model.chosen?.name ?? '' });
	return (
		<>
			<IconButton
				label={t('undo')}
				keys="mod+z"
				isDisabled={steps.length === 0 && changes.done.length === 0}
				onPress={() => session.getState().undo()}
			>
				<Undo2 size={16} strokeWidth={1.6} aria-hidden />
			</IconButton>
			<IconButton
				label={t('redo')}
				keys="mod+shift+z"
				isDisabled={undone.length === 0 && changes.undone.length === 0}
				onPress={() => session.getState().redo()}
			>
				<Redo2 size={16} strokeWidth={1.6} aria-hidden />
			</IconButton>
			<span title={hint}>
				<Button icon={<Play size={14} aria-hidden />} isDisabled={hindrance !== null || isStarting} onPress={start}>
					{t('trainOn', { count })}
				</Button>
			</span>
			<TrainOnSettings trainOn={trainOn} />
		</>
	);
}

interface OpenSentenceProps {
	types: readonly string[];
	actions: AnnotationActions;
	editorRef: RefObject<HTMLDivElement | null>;
	typesRef: RefObject<HTMLInputElement | null>;
}

function OpenSentence({ types, actions, editorRef, typesRef }: OpenSentenceProps) {
	const t = useWords(annotateWords);
	const opened = useSession((state) => state.opened);
	const queue = useSession((state) => state.queue);
	const editingOf = useSession((state) => state.editingOf);
	const started = useSession((state) => state.editing);
	const suggestion = useSession((state) => state.suggestion);
	const problem = useSession((state) => state.problem);
	const unit = opened?.item.detail.unit ?? 'character';
	const row = useSession(openRow);
	const editing = row && refName(row.ref) === editingOf ? started : null;
	useFocus(editorRef, editing !== null);
	const stageRef = useRef<HTMLDivElement>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: each sentence begins at its top
	useLayoutEffect(() => {
		if (stageRef.current) stageRef.current.scrollTop = 0;
	}, [editingOf]);
	if (problem && !opened) {
		return (
			<div className="annotate-notice">
				<ProblemNotice problem={problem}>
					<Button onPress={() => go('annotate', [], { choose: '1' })}>{t('chooseCorpus')}</Button>
				</ProblemNotice>
			</div>
		);
	}
	if (queue && queueLength(queue) === 0) return <EmptyQueue />;
	const words = suggestion?.words ?? [];
	return (
		<div className="annotate-desk">
			<PositionBar />
			{problem && (
				<div className="annotate-notice">
					<ProblemNotice problem={problem} />
				</div>
			)}
			<div className="scroll annotate-stage" ref={stageRef}>
				{row && editing ? (
					<div className="annotate-middle">
						<SentenceEditor
							characters={row.characters}
							editing={editing}
							types={types}
							words={words}
							unit={unit}
							editorRef={editorRef}
						/>
						<SuggestionCard
							characters={row.characters}
							editing={editing}
							types={types}
							glue={unit === 'word' ? ' ' : ''}
							onAccept={() => {
								actions.accept();
								actions.focusSentence();
							}}
							onReject={() => {
								actions.reject();
								actions.focusSentence();
							}}
						/>
					</div>
				) : (
					<div className="annotate-middle annotate-wait" aria-hidden>
						<span />
						<span />
					</div>
				)}
			</div>
			<TypeBar
				types={types}
				current={(editing && chosenSpan(editing)?.type) ?? null}
				inputRef={typesRef}
				onType={actions.giveType}
				onRemove={actions.remove}
				onLeave={actions.focusSentence}
			/>
		</div>
	);
}

/** By uncertainty nothing is left where every sentence is confirmed; they are all in the order of the corpus. */
function EmptyQueue() {
	const t = useWords(annotateWords);
	const isFinished = useSession(
		({ request, history }) => request?.order === 'uncertain' && history.review.confirmed.length > 0,
	);
	const all = () => changeQuery({ order: isFinished ? 'corpus' : '', split: '', refs: '', s: '', n: '' });
	return (
		<EmptyState
			title={t(isFinished ? 'allConfirmed' : 'emptyQueue')}
			actions={<Button onPress={all}>{t('showAll')}</Button>}
		>
			{t(isFinished ? 'allConfirmedText' : 'emptyQueueText')}
		</EmptyState>
	);
}

/** The sentence takes the keys as soon as it is there, first when the page is opened, later where nothing else has them. */
function useFocus(editorRef: OpenSentenceProps['editorRef'], isThere: boolean): void {
	const isFirst = useRef(true);
	useEffect(() => {
		if (!isThere || !(isFirst.current || document.activeElement === document.body)) return;
		editorRef.current?.focus({ preventScroll: true });
		isFirst.current = false;
	}, [editorRef, isThere]);
}

function PositionBar() {
	const t = useWords(annotateWords);
	const queue = useSession((state) => state.queue);
	const openIndex = useSession((state) => state.openIndex);
	const row = useSession(openRow);
	const confirmed = useSession((state) => state.history.review.confirmed);
	const finished = useMemo(() => new Set(confirmed.map(refName)), [confirmed]);
	if (!queue || openIndex < 0) return <div className="bar bar-tight" />;
	const ref = refAt(queue, openIndex);
	const { unsure } = countQueue(queue, finished);
	const values = {
		number: countText(ref.index + 1),
		split: t(row?.split ?? ref.split),
		position: countText(openIndex + 1),
		total: countText(queueLength(queue)),
	};
	return (
		<div className="bar bar-tight">
			<span className="num quiet-text">{t('position', values)}</span>
			{unsure > 0 && <span className="num quiet-text">{t('unsureCount', { count: countText(unsure) })}</span>}
			{row?.isMarkedForRelabel && <span className="badge badge-warn">{t('isMarked')}</span>}
			{row && !row.hasTags && <span className="badge badge-plain">{t('isUnlabelled')}</span>}
			<span className="spacer" />
			<SavedMark />
		</div>
	);
}
