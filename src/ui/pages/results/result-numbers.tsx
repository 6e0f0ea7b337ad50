// Scores as the page writes them: points with one decimal, the deviation quieter behind, differences with their sign.

import type { SeedStatistics } from '../../../analysis/seed-statistics';
import { points } from '../../words/number-words';

export function ScoreCell({ score }: { score: SeedStatistics | null }) {
	if (!score) return '—';
	return (
		<>
			{points(score.mean)}
			{score.deviation !== null && <span className="results-deviation"> ± {points(score.deviation)}</span>}
		</>
	);
}

/** A difference of shares in points: "+1.6", "−0.4". */
export function signedPoints(difference: number): string {
	const text = (Math.abs(difference) * 100).toFixed(1);
	if (text === '0.0') return '0.0';
	return `${difference < 0 ? '−' : '+'}${text}`;
}
