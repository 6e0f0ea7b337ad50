// The palette slot of an entity type: PER, ORG, GPE and LOC are always 1 to 4, the others follow in the order given.

const fixedSlots = ['PER', 'ORG', 'GPE', 'LOC'];
const slotCount = 12;

export interface EntitySlot {
	/** From 1 to 12. */
	slot: number;
	/** Whether an earlier type has the slot already, so that the edge is dashed. */
	isRepeated: boolean;
}

/** `types` in the order of their slots, usually by falling frequency. A type that is not among them gets the last slot. */
export function entitySlot(type: string, types: readonly string[]): EntitySlot {
	const order = [...fixedSlots, ...types.filter((other) => !fixedSlots.includes(other))];
	const index = order.indexOf(type);
	if (index < 0) return { slot: slotCount, isRepeated: true };
	return { slot: (index % slotCount) + 1, isRepeated: index >= slotCount };
}
