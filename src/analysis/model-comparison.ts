// One sentence as several models tagged it, laid under one another: the first is what the others are compared with.

import type { Span } from '../data/span';

export type SpanState = 'equal' | 'wrong' | 'missing';

/** The spans of each model with how they compare to the first model's; `missing` stands where the first has a span and
 *  the other nothing that touches it. */
export function compareModels<Found extends Span>(
	models: readonly (readonly Found[])[],
): (Found & { state: SpanState })[][] {
	const [first = []] = models;
	return models.map((spans, model) => {
		const found = spans.map((span): Found & { state: SpanState } => ({
			...span,
			state: model === 0 || first.some((other) => isSame(span, other)) ? 'equal' : 'wrong',
		}));
		const missing = first
			.filter((other) => !spans.some((span) => span.start < other.end && other.start < span.end))
			.map((other): Found & { state: SpanState } => ({ ...other, state: 'missing' }));
		return [...found, ...missing].sort((left, right) => left.start - right.start);
	});
}

/** Characters of spans that not all models have. */
export function differingCharacters(models: readonly (readonly Span[])[]): Set<number> {
	const characters = new Set<number>();
	for (const span of models.flat()) {
		if (models.every((spans) => spans.some((other) => isSame(span, other)))) continue;
		for (let position = span.start; position < span.end; position++) characters.add(position);
	}
	return characters;
}

const isSame = (left: Span, right: Span) =>
	left.start === right.start && left.end === right.end && left.type === right.type;
