// A mention of an entity: where it is in its sentence, and its type.

/** Half-open range of characters with an entity type. */
export interface Span {
	start: number;
	end: number;
	type: string;
}
