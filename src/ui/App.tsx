// The page over its stores: preferences, commands and the run.

import { StrictMode } from 'react';
import type { CommandStore } from '../state/commands';
import type { PreferenceStore } from '../state/preferences';
import type { ResultsStore } from '../state/results';
import type { RunStore } from '../state/run-progress';
import type { SpaceStore } from '../state/space';
import { CommandsContext } from './commands-context';
import { DataContext, type DataStores } from './data-context';
import { type ModelStores, ModelsContext } from './models-context';
import { PreferencesContext } from './preferences-context';
import { ResultsContext } from './results-context';
import { RunStoreContext } from './run-store-context';
import { Shell } from './shell/Shell';
import { SpaceContext } from './space-context';
import { TrainContext, type TrainStores } from './train-context';
import './tokens.css';
import './base.css';
import './controls/buttons.css';
import './controls/choices.css';
import './controls/fields.css';
import './controls/toggles.css';
import './controls/status.css';
import './controls/overlays.css';
import './controls/blocks.css';
import './shell/shell.css';

export interface Stores {
	preferences: PreferenceStore;
	commands: CommandStore;
	run: RunStore;
	train: TrainStores;
	data: DataStores;
	models: ModelStores;
	results: ResultsStore;
	space: SpaceStore;
}

export function App({ stores }: { stores: Stores }) {
	return (
		<StrictMode>
			<PreferencesContext value={stores.preferences}>
				<CommandsContext value={stores.commands}>
					<RunStoreContext value={stores.run}>
						<DataContext value={stores.data}>
							<ModelsContext value={stores.models}>
								<TrainContext value={stores.train}>
									<ResultsContext value={stores.results}>
										<SpaceContext value={stores.space}>
											<Shell />
										</SpaceContext>
									</ResultsContext>
								</TrainContext>
							</ModelsContext>
						</DataContext>
					</RunStoreContext>
				</CommandsContext>
			</PreferencesContext>
		</StrictMode>
	);
}
