// The palette slot of an entity type: PER, ORG, GPE and LOC are always 1 to 4, the others follow in the order given.

const fixedSlots = ['PER', 'ORG', 'GPE', 'LOC'];
const slotCount = 12;

/** From 1 to 12; types beyond the twelfth share a slot with an earlier one. */
export function entitySlot(type: string, types: readonly string[]): number {
	const order = [...fixedSlots, ...types.filter((other) => !fixedSlots.includes(other))];
	const index = order.indexOf(type);
	return index < 0 ? slotCount : (index % slotCount) + 1;
}
