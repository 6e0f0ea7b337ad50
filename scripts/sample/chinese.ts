// The Chinese sample's language: a token is a code point; names and words come from the gazetteers beside this file.

import type { Language } from './annotated-text';
import { fillers } from './fillers';
import { organisationSlots } from './organisations';
import { personSlots } from './people';
import { governedSlots, otherPlaceSlots } from './places';

export const chinese: Language = {
	split: (text) => Array.from(text),
	slots: { ...personSlots, ...organisationSlots, ...governedSlots, ...otherPlaceSlots },
	fillers,
};
