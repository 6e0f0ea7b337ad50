// The first visit's strip over the sample: what this is, and the two first steps. Put away, it stays away.

import { Play, TextCursorInput, X } from 'lucide-react';
import { usePreferenceStore, usePreferences } from '../../context/preferences-context';
import { Button, IconButton } from '../../kit/controls/Button';
import { go } from '../../navigation/navigation';
import { useWords } from '../../words/words';
import { dataWords } from './data-words';

const name = 'welcome';

export function WelcomeStrip({ isSample }: { isSample: boolean }) {
	const t = useWords(dataWords);
	const preferences = usePreferenceStore();
	const isDismissed = usePreferences((state) => state.dismissed.includes(name));
	if (isDismissed || !isSample) return null;
	const dismiss = () => preferences.setState(({ dismissed }) => ({ dismissed: [...dismissed, name] }));
	return (
		<aside className="data-welcome" aria-label={t('welcomeTitle')}>
			<p>
				<strong>{t('welcomeTitle')}</strong> {t('welcomeText')}
			</p>
			<span className="spacer" />
			<Button icon={<TextCursorInput size={14} aria-hidden />} onPress={() => go('tag')}>
				{t('tagText')}
			</Button>
			<Button variant="primary" icon={<Play size={14} aria-hidden />} onPress={() => go('train', ['new'])}>
				{t('startTraining')}
			</Button>
			<IconButton label={t('dismiss')} size="small" onPress={dismiss}>
				<X size={14} aria-hidden />
			</IconButton>
		</aside>
	);
}
