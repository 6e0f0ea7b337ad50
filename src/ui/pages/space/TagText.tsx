// A tag in the colour of its type.

import { entitySlot } from '../../kit/sentences/entity-slot';
import './token.css';

export function TagText({ tag, types }: { tag: string; types: readonly string[] }) {
	const type = /^.-/.test(tag) ? tag.slice(2) : tag;
	if (!types.includes(type)) return <span className="token-tag">{tag}</span>;
	return (
		<span className="token-tag" data-ent={entitySlot(type, types).slot}>
			{tag}
		</span>
	);
}
