// A tag in the colour of its type.

import { entitySlot } from '../../kit/sentences/entity-slot';

export function TagText({ tag, types }: { tag: string; types: readonly string[] }) {
	const type = /^.-/.test(tag) ? tag.slice(2) : tag;
	if (!types.includes(type)) return <span className="tag-text">{tag}</span>;
	return (
		<span className="tag-text" data-ent={entitySlot(type, types).slot}>
			{tag}
		</span>
	);
}
