// The shape of a point beside words: a disc for the start of a mention, a ring inside it, a dot outside.

import { glyphs } from './map/map-points';

export interface GlyphProps {
	glyph: number;
	/** As `#rrggbb`, or a custom property. */
	colour: string;
}

export function Glyph({ glyph, colour }: GlyphProps) {
	const shape = glyph === glyphs.begin ? 'disc' : glyph === glyphs.inside ? 'ring' : 'dot';
	return (
		<i className={`map-glyph map-glyph-${shape}`} style={{ '--glyph': colour } as React.CSSProperties} aria-hidden />
	);
}
