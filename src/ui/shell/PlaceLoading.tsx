// What stands while a place's code is loaded: its top bar at once, so that nothing jumps when it comes.

import type { PlaceName } from '../../state/route';
import { shellWords } from '../words/shell-words';
import { useWords } from '../words/words';
import { TopBar } from './TopBar';

export function PlaceLoading({ place }: { place: PlaceName }) {
	const t = useWords(shellWords);
	return (
		<>
			<TopBar>
				<h1>{t(place)}</h1>
			</TopBar>
			<main className="main" id="main-part" aria-busy="true" />
		</>
	);
}
