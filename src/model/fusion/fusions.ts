// The list of position fusions. A new one is a file beside this and a line here.

import type { FusionName } from '../../experiment/config';
import type { PositionFusion } from './position-fusion';
import { attn, gate } from './scored-tables';
import { ff, ffLinear, ffTwo } from './summed-tables';

export const fusions: Record<FusionName, PositionFusion> = { ff_two: ffTwo, ff, ff_linear: ffLinear, attn, gate };
