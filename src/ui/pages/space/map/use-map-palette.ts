// The colours of a map by the tokens of the theme that is shown, and what each entry of the palette means.

import { useEffect, useState } from 'react';
import type { PointGroup } from '../../../../state/space-groups';
import { ownValue } from '../../../../util/own-value';
import { entitySlot } from '../../../kit/sentences/entity-slot';
import { colourParts } from './gl-painter';
import type { MapPalette } from './map-points';

/** Entries of the palette after the twelve slots of types. */
const outside = 12;
const heat = 13;
const heatSteps = 4;
const chart = heat + heatSteps;
const chartColours = 6;
const right = chart + chartColours;
const wrong = right + 1;
const unknown = wrong + 1;

const tokens = [
	...Array.from({ length: 12 }, (_, slot) => `--ent-${slot + 1}-point`),
	'--map-o',
	'--map-bg',
	'--text-1',
	'--text-3',
	'--bad',
	'--heat-1',
	'--accent',
	'--line-control',
	...Array.from({ length: chartColours }, (_, index) => `--chart-${index + 1}`),
] as const;

/** Read again whenever the theme of the document changes. */
export function useMapPalette(): MapPalette {
	const [palette, setPalette] = useState(readPalette);
	useEffect(() => {
		const observer = new MutationObserver(() => setPalette(readPalette()));
		observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
		return () => observer.disconnect();
	}, []);
	return palette;
}

function readPalette(): MapPalette {
	const style = getComputedStyle(document.documentElement);
	const values = new Map(tokens.map((token) => [token as string, style.getPropertyValue(token).trim()]));
	const colour = (token: string) => values.get(token) ?? '';
	const slots = Array.from({ length: 12 }, (_, slot) => colour(`--ent-${slot + 1}-point`));
	const steps = Array.from({ length: heatSteps }, (_, step) =>
		mixed(colour('--map-o'), colour('--heat-1'), (step + 0.6) / (heatSteps - 0.4)),
	);
	const series = Array.from({ length: chartColours }, (_, index) => colour(`--chart-${index + 1}`));
	return {
		colours: [
			...slots,
			colour('--map-o'),
			...steps,
			...series,
			colour('--chart-1'),
			colour('--bad'),
			colour('--line-control'),
		],
		ground: colour('--map-bg'),
		text: colour('--text-1'),
		wrong: colour('--bad'),
		accent: colour('--accent'),
	};
}

function mixed(from: string, to: string, share: number): string {
	const [a, b] = [colourParts(from), colourParts(to)];
	const part = (index: number) => Math.round((a[index] + (b[index] - a[index]) * share) * 255);
	return `#${[0, 1, 2].map((index) => part(index).toString(16).padStart(2, '0')).join('')}`;
}

const namedColours: Readonly<Record<string, number>> = {
	train: chart,
	dev: chart + 1,
	test: chart + 2,
	right,
	wrong,
	unknown,
	'0': heat,
	'0.5': heat + 1,
	'0.7': heat + 2,
	'0.9': heat + 3,
};

/** The palette's entry for a group; a run has the colour of its index in the comparison, from 0. */
export function groupColour({ id, type }: PointGroup, entityTypes: readonly string[], runIndex = 0): number {
	if (type >= 0) return entitySlot(entityTypes[type], entityTypes).slot - 1;
	if (id === 'O' || id.startsWith('<')) return outside;
	return ownValue(namedColours, id) ?? chart + runIndex;
}
