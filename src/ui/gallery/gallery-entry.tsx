// Entry of gallery.html: the gallery with preferences and commands of its own, of which nothing is kept.

import '../shell/page-styles'; // first: the order of the layers is declared there
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createCommands } from '../../state/commands';
import { createPreferences } from '../../state/preferences';
import { CommandsContext } from '../context/commands-context';
import { OverlaysContext } from '../context/overlays-context';
import { PreferencesContext } from '../context/preferences-context';
import { readPageQuery } from '../navigation/page-query';
import { followAppearance } from '../shell/appearance';
import { Gallery } from './Gallery';
import './gallery.css';

const { theme, language } = readPageQuery(window.location.search);
const preferences = createPreferences(
	{ read: () => null, write: () => {} },
	{
		language: language ?? 'en',
		theme: theme ?? 'system',
		letterKeys: true,
		panes: {},
		dismissed: [],
		lastRoute: '',
	},
);
followAppearance(preferences);
const overlays = { openPalette: () => {}, openShortcuts: () => {} };

const root = document.getElementById('root');
if (!root) throw new Error('invariant: the gallery has no root element');
createRoot(root).render(
	<StrictMode>
		<PreferencesContext value={preferences}>
			<CommandsContext value={createCommands()}>
				<OverlaysContext value={overlays}>
					<Gallery />
				</OverlaysContext>
			</CommandsContext>
		</PreferencesContext>
	</StrictMode>,
);
