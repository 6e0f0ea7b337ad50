// The page's entry: joins worker, store and interface once.

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createRunStore } from './state/run';
import { App } from './ui/App';
import { readPageQuery } from './ui/page-query';
import { RunStoreContext } from './ui/run-store-context';
import { applyTheme } from './ui/theme';
import './ui/tokens.css';
import './ui/app.css';
import { WorkerClient } from './worker/client';
import type { WirePort } from './worker/protocol';

const query = readPageQuery(window.location.search);
applyTheme(query.theme);

const worker = new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module', name: 'training' });
const client = new WorkerClient(worker as WirePort);
worker.addEventListener('error', (event) => {
	client.fail(new Error(event.message || 'the training worker could not be loaded'));
});
const store = createRunStore(client);
void store.getState().openDevice(query.backend, query.threads);
void store.getState().findSaved();

const root = document.getElementById('root');
if (!root) throw new Error('invariant: the page has no root element');
createRoot(root).render(
	<StrictMode>
		<RunStoreContext value={store}>
			<App />
		</RunStoreContext>
	</StrictMode>,
);
