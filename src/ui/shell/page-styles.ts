// The style sheets that every page needs, in the order of the layers.

import '../tokens.css';
import '../base.css';
import '../kit/controls/buttons.css';
import '../kit/controls/choices.css';
import '../kit/controls/fields.css';
import '../kit/controls/toggles.css';
import '../kit/controls/status.css';
import '../kit/controls/overlays.css';
import '../kit/controls/blocks.css';
import '../kit/frame/frame.css';
import './shell.css';
