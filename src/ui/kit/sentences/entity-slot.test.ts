import { expect, test } from 'vitest';
import { entitySlot } from './entity-slot';

test('the four common types keep their slots whatever the order', () => {
	expect(['LOC', 'GPE', 'ORG', 'PER'].map((type) => entitySlot(type, ['LOC', 'GPE']).slot)).toEqual([4, 3, 2, 1]);
});

test('others follow in their order and share slots from the thirteenth on', () => {
	const types = Array.from({ length: 10 }, (_, index) => `T${index}`);
	expect(entitySlot('T0', types)).toEqual({ slot: 5, isRepeated: false });
	expect(entitySlot('T7', types)).toEqual({ slot: 12, isRepeated: false });
	expect(entitySlot('T8', types)).toEqual({ slot: 1, isRepeated: true });
	expect(entitySlot('unheard', types)).toEqual({ slot: 12, isRepeated: true });
});
