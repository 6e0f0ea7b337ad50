// Mentions of each type as bars in the type's colour, with the figure beside them.

import { entitySlot } from '../../kit/sentences/entity-slot';
import { countText } from '../../words/number-words';

export interface TypeBarsProps {
	types: readonly { type: string; mentions: Record<'train' | 'dev' | 'test', number> }[];
}

export function TypeBars({ types }: TypeBarsProps) {
	const names = types.map(({ type }) => type);
	const sums = types.map(({ mentions }) => mentions.train + mentions.dev + mentions.test);
	const most = Math.max(1, ...sums);
	return (
		<ul className="data-bars">
			{types.map(({ type }, index) => (
				<li key={type}>
					<span className="clip" title={type}>
						{type}
					</span>
					<span className="data-bar-track" data-ent={entitySlot(type, names).slot}>
						<i style={{ width: `${(100 * sums[index]) / most}%` }} />
					</span>
					<span className="num data-bars-count">{countText(sums[index])}</span>
				</li>
			))}
		</ul>
	);
}
