// The page's entry: joins worker, stores and interface once.

import { createRoot } from 'react-dom/client';
import { createCommands } from './state/commands';
import { createCorpusBrowser } from './state/corpus-browser';
import { CorpusWriter } from './state/corpus-writer';
import { createForecastStore } from './state/forecast';
import { createImportStore } from './state/import';
import { createModelsStore } from './state/models';
import { createPreferences, type TextKeeper } from './state/preferences';
import { createQueueStore } from './state/queue';
import { createResultsStore } from './state/results';
import { createRunStore } from './state/run';
import { createRunFormStore } from './state/run-form-store';
import { createOtherTabRun, type TabMessage } from './state/run-in-other-tab';
import { createSpaceStore } from './state/space';
import { createStorageStore } from './state/storage';
import { createTaggingStore } from './state/tagging';
import { createUnsavedWork } from './state/unsaved-work';
import { createWorkspaceStore } from './state/workspace';
import { firstItems, installSamples } from './state/workspace-samples';
import { requestPersistence } from './storage/storage-status';
import { App } from './ui/App';
import { readPageQuery } from './ui/navigation/page-query';
import { sampleText } from './ui/pages/tag/sample-text';
import { browserLanguage, followAppearance } from './ui/shell/appearance';
import { keepForOffline } from './ui/shell/offline';
import { WorkerClient } from './wire/client';
import type { WirePort } from './wire/messages';
import { PageChannel } from './wire/page-channel';

/** A browser that keeps nothing (a private window, a blocked site) forgets preferences, no more. */
function keeper(key: string): TextKeeper {
	return {
		read() {
			try {
				return window.localStorage.getItem(key);
			} catch {
				return null;
			}
		},
		write(text) {
			try {
				window.localStorage.setItem(key, text);
			} catch {
				// Nothing is kept, and nothing else depends on it.
			}
		},
	};
}

const query = readPageQuery(window.location.search);
const preferences = createPreferences(keeper('nerco-preferences'), {
	language: browserLanguage(),
	theme: 'system',
	letterKeys: true,
	panes: {},
	dismissed: [],
	lastRoute: '',
});
if (query.theme) preferences.setState({ theme: query.theme });
if (query.language) preferences.setState({ language: query.language });
followAppearance(preferences);
if (window.location.hash === '' && preferences.getState().lastRoute !== '') {
	window.history.replaceState(null, '', preferences.getState().lastRoute);
}

const worker = new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module', name: 'training' });
const client = new WorkerClient(worker as WirePort);
worker.addEventListener('error', (event) => {
	client.fail(new Error(event.message || 'the training worker could not be loaded'));
});
const run = createRunStore(client);
void run.getState().openDevice(query.backend, query.threads);
void run.getState().findCutOff();
const unsaved = createUnsavedWork();
const workspace = createWorkspaceStore(client);
const bringSamples = () => workspace.getState().expect(firstItems, installSamples(client, fetchFile));
const writer = new CorpusWriter(client, unsaved);
const data = {
	client,
	workspace,
	browser: createCorpusBrowser(client, writer),
	importing: createImportStore(client),
	unsaved,
	writer,
	storage: createStorageStore(client, {
		unsaved,
		persist: requestPersistence,
		installSamples: bringSamples,
	}),
};
async function fetchFile(path: string): Promise<Blob> {
	const response = await fetch(path);
	if (!response.ok) throw new Error(`${path}: ${response.status}`);
	return response.blob();
}
void bringSamples().catch((error: unknown) => console.warn('the samples were not stored', error));

const queue = createQueueStore(client, run);
const otherTab = createOtherTabRun({
	channel: new PageChannel<TabMessage>('nerco-pages'),
	client,
	run,
	queue,
	tab: `${performance.timeOrigin} ${Math.random()}`,
	hasLocks: navigator.locks !== undefined,
});
window.addEventListener('pagehide', () => otherTab.getState().leave());

const train = {
	run,
	queue,
	otherTab,
	form: createRunFormStore(client, fetchFile),
	forecast: createForecastStore(client),
};

const base = new URL('.', window.location.href).href;
const models = createModelsStore(client, base);
const results = createResultsStore(client, base);
const tagging = createTaggingStore(client, sampleText);
const space = createSpaceStore(client);

const root = document.getElementById('root');
if (!root) throw new Error('invariant: the page has no root element');
createRoot(root).render(
	<App
		stores={{ preferences, commands: createCommands(), run, train, data, models: { models, tagging }, results, space }}
	/>,
);
// The development server's files change all the time.
if (import.meta.env.PROD) keepForOffline();
