// The page of shortcuts: every command with keys, by group, as listed at this moment.

import { useAllCommands } from '../context/commands-context';
import { usePreferenceStore, usePreferences } from '../context/preferences-context';
import { Dialog } from '../kit/controls/Dialog';
import { Keys } from '../kit/controls/Keys';
import { Switch } from '../kit/controls/Toggle';
import { useWords } from '../words/words';
import { shellWords } from './shell-words';
import './palette.css';

export default function ShortcutsDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
	const t = useWords(shellWords);
	const preferences = usePreferenceStore();
	const letterKeys = usePreferences((state) => state.letterKeys);
	const withKeys = useAllCommands().filter(({ keys }) => keys !== undefined);
	const groups = [...new Set(withKeys.map(({ group }) => group))];
	const footer = (
		<>
			<Switch isOn={letterKeys} onChange={(isOn) => preferences.setState({ letterKeys: isOn })}>
				{t('letterKeys')}
			</Switch>
			<span className="quiet-text">{t('shortcutsHint')}</span>
		</>
	);
	return (
		<Dialog title={t('shortcuts')} isOpen={isOpen} onClose={onClose} width={680} footer={footer}>
			<div className="shortcut-groups">
				{groups.map((group) => (
					<section key={group} aria-label={group}>
						<h3>{group}</h3>
						<dl className="shortcut-list">
							{withKeys
								.filter((command) => command.group === group)
								.map(({ id, title, keys }) => (
									<div key={id}>
										<dt>{title}</dt>
										<dd>
											<Keys keys={keys ?? ''} />
										</dd>
									</div>
								))}
						</dl>
					</section>
				))}
			</div>
		</Dialog>
	);
}
