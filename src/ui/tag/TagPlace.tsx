// The place Tag: any text, tagged.

import { PlaceFrame } from '../shell/PlaceFrame';
import { TagBox } from './TagBox';
import '../sentences/sentences.css';

export default function TagPlace() {
	return (
		<PlaceFrame place="tag">
			<div className="scroll">
				<TagBox />
			</div>
		</PlaceFrame>
	);
}
