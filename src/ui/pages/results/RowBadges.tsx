// What a figure must not be read without, beside it: seeds, how it was chosen, leaks, state.

import type { RowBadge } from '../../../state/result-rows';
import { Badge } from '../../kit/controls/Badge';
import { useWords } from '../../words/words';
import { resultsWords } from './results-words';

export function RowBadges({ badges }: { badges: readonly RowBadge[] }) {
	return (
		<span className="row results-badges">
			{badges.map((badge) => (
				<OneBadge key={`${badge.kind}${badge.kind === 'state' ? badge.state : ''}`} badge={badge} />
			))}
		</span>
	);
}

function OneBadge({ badge }: { badge: RowBadge }) {
	const t = useWords(resultsWords);
	switch (badge.kind) {
		case 'seeds':
			return <Badge tone={badge.count === 1 ? 'warn' : 'plain'}>{t('seeds', { count: badge.count })}</Badge>;
		case 'chosen-on-dev':
			return <Badge>{t('chosenOnDev')}</Badge>;
		case 'test-selected':
			return <Badge tone="warn">{t('testSelected')}</Badge>;
		case 'uses-bert':
			return <Badge tone="dashed">{t('usesBert')}</Badge>;
		case 'features-cached':
			return (
				<span title={t('featuresCachedHint')}>
					<Badge tone="warn">{t('featuresCached')}</Badge>
				</span>
			);
		case 'continued':
			return <Badge>{t('continued')}</Badge>;
		case 'leaked':
			return (
				<span title={t('leakedHint')}>
					<Badge tone="warn">{t('leaked', { count: badge.count })}</Badge>
				</span>
			);
		case 'changed':
			return (
				<span title={badge.settings.join('\n')}>
					<Badge>{t('changed', { count: badge.settings.length })}</Badge>
				</span>
			);
		case 'state':
			return <Badge tone={stateTones[badge.state]}>{t(`state.${badge.state}`)}</Badge>;
		default:
			return badge satisfies never;
	}
}

const stateTones = { training: 'accent', paused: 'warn', stopped: 'plain', failed: 'bad' } as const;
