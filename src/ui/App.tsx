// The page over its stores: preferences, commands and the run.

import './shell/page-styles'; // first: the order of the layers is declared there
import { StrictMode } from 'react';
import type { CommandStore } from '../state/commands';
import type { PreferenceStore } from '../state/preferences';
import type { ResultsStore } from '../state/results';
import type { RunStore } from '../state/run-progress';
import type { SpaceStore } from '../state/space';
import { CommandsContext } from './context/commands-context';
import { DataContext, type DataStores } from './context/data-context';
import { type ModelStores, ModelsContext } from './context/models-context';
import { PreferencesContext } from './context/preferences-context';
import { ResultsContext } from './context/results-context';
import { RunStoreContext } from './context/run-store-context';
import { SpaceContext } from './context/space-context';
import { TrainContext, type TrainStores } from './context/train-context';
import { Shell } from './shell/Shell';

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
