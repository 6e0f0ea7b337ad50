// Whether something of the workspace is here: not known yet, here, or not. What is just being stored, or waits for a
// storage that does not answer, is not known yet; nothing is called missing before that is certain.

import type { AnyItem, ItemOf } from '../storage/workspace/item-kinds';
import type { ItemKind } from '../storage/workspace/item-record';
import type { ItemList } from '../wire/items';

export type Presence<Item> = { kind: 'loading' } | { kind: 'absent' } | { kind: 'present'; item: Item };

export interface Known {
	/** Null until it was read for the first time. */
	list: ItemList | null;
	/** `kind/id` of what is on its way into the list. */
	arriving: ReadonlySet<string>;
	/** False while storage does not answer, or is filled anew. */
	isReady: boolean;
}

export function presenceOf<Kind extends ItemKind>(
	{ list, arriving, isReady }: Known,
	kind: Kind,
	id: string,
): Presence<ItemOf<Kind>> {
	const item = list?.items.find((one: AnyItem) => one.kind === kind && one.id === id);
	if (item && item.trashedAtMs === null) return { kind: 'present', item: item as unknown as ItemOf<Kind> };
	if (!list || !isReady || arriving.has(keyOf(kind, id))) return { kind: 'loading' };
	return { kind: 'absent' };
}

export function keyOf(kind: string, id: string): string {
	return `${kind}/${id}`;
}
