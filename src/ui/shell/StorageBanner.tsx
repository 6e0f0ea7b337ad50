// Says on every page that the browser's storage is silent, closed or was cleared, with the ways out.

import { TriangleAlert, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import { missingInput } from '../../state/run-input';
import { isActive } from '../../state/run-progress';
import type { StorageState } from '../../state/storage';
import { displayName } from '../../state/workspace-samples';
import type { HeldRef } from '../../wire/storage';
import { useDataStores, useWorkspace } from '../context/data-context';
import { useRun } from '../context/run-store-context';
import { Button, IconButton } from '../kit/controls/Button';
import { saveBlob } from '../kit/controls/save-file';
import { notify, notifyProblem } from '../kit/controls/toasts';
import { type Translate, useLanguage, useWords } from '../words/words';
import { storageWords } from './storage-words';

type T = Translate<typeof storageWords>;

export function StorageBanner() {
	const { storage } = useDataStores();
	const state = useStore(storage, (store) => store.state);
	const cleared = useStore(storage, (store) => store.cleared);
	return (
		<div className="banner-storage">
			<StateBanner state={state} />
			{cleared && <ClearedBanner restored={cleared.restored} />}
		</div>
	);
}

function StateBanner({ state }: { state: StorageState }) {
	const t = useWords(storageWords);
	const { storage } = useDataStores();
	switch (state.kind) {
		case 'opening':
		case 'ready':
			return null;
		case 'waiting':
			return state.reason === 'blocked' ? (
				<Line name="storage-blocked" title={t('blockedTitle')} text={t('blockedText')} />
			) : (
				<Line name="storage-silent" title={t('silentTitle')} text={t('silentText')} />
			);
		case 'closed':
			break;
		default:
			return state satisfies never;
	}
	const { problem } = state;
	if (!problem) return <Line name="storage-closed" title={t('closedTitle')} text={t('reopeningText')} />;
	if (problem.kind === 'user' && problem.code === 'storage-newer') {
		return (
			<Line name="storage-newer" title={t('newerTitle')} text={t('newerText')}>
				<HeldButton label={t('downloadHeld')} />
				<Button size="small" onPress={() => window.location.reload()}>
					{t('reload')}
				</Button>
			</Line>
		);
	}
	return (
		<Line name="storage-unreachable" title={t('unreachableTitle')} text={t('unreachableText')}>
			<HeldButton label={t('downloadHeld')} />
			<Button size="small" onPress={() => void storage.getState().checkNow()}>
				{t('tryAgain')}
			</Button>
		</Line>
	);
}

function ClearedBanner({ restored }: { restored: readonly HeldRef[] }) {
	const t = useWords(storageWords);
	const { storage } = useDataStores();
	const language = useLanguage();
	const runId = useRun((state) => (isActive(state.run) ? state.runId : null));
	const list = useWorkspace((state) => state.list);
	const missing = missingInput(list, runId).map((sort) => t(inputWords[sort]));
	const named = restored.map((ref) => ({ ...ref, name: displayName(ref, language) }));
	const parts = [
		t('clearedText'),
		restored.length > 0 ? t('restored', { what: restoredText(t, named) }) : t('noneLeft'),
		...(missing.length > 0 ? [t('inputGone', { what: missing.join(t('comma')) })] : []),
	];
	return (
		<Line name="storage-cleared" title={t('clearedTitle')} text={parts.join(' ')}>
			<HeldButton label={t('downloadLeft')} />
			<IconButton label={t('dismiss')} size="small" onPress={() => storage.getState().dismissCleared()}>
				<X size={14} aria-hidden />
			</IconButton>
		</Line>
	);
}

const inputWords = { corpus: 'inputCorpus', lexicon: 'inputLexicon', vectors: 'inputVectors' } as const;
const restoredWords = {
	corpus: 'restoredCorpus',
	lexicon: 'restoredLexicon',
	run: 'restoredRun',
	checkpoint: 'restoredModel',
	vectors: 'inputVectors',
	setting: 'comma',
} as const;

function restoredText(t: T, restored: readonly HeldRef[]): string {
	return restored.map(({ kind, name }) => t(restoredWords[kind], { name })).join(t('comma'));
}

function HeldButton({ label }: { label: string }) {
	const t = useWords(storageWords);
	const { storage } = useDataStores();
	const [isBusy, setBusy] = useState(false);
	const download = async () => {
		setBusy(true);
		try {
			const files = await storage.getState().heldFiles();
			for (const { name, file } of files) saveBlob(name, file);
			if (files.length === 0) notify({ text: t('nothingHeld') });
		} catch (error) {
			notifyProblem(error instanceof Error ? error.message : String(error));
		} finally {
			setBusy(false);
		}
	};
	return (
		<Button size="small" isDisabled={isBusy} onPress={() => void download()}>
			{label}
		</Button>
	);
}

interface LineProps {
	name: string;
	title: string;
	text: string;
	children?: ReactNode;
}

function Line({ name, title, text, children }: LineProps) {
	return (
		<div className="banner" role="alert" data-banner={name}>
			<TriangleAlert size={16} aria-hidden />
			<p>
				<strong>{title}</strong> {text}
			</p>
			<span className="spacer" />
			{children}
		</div>
	);
}
