// What is shown where a place could not be loaded or drawn; navigation, the run and the other places work on.

import type { PlaceName } from '../../state/route';
import { BrokenActions, useBrokenWords } from '../controls/broken-part';
import { EmptyState } from '../controls/EmptyState';
import type { PartFailure } from '../controls/lazy-part';
import { shellWords } from '../words/shell-words';
import { useWords } from '../words/words';
import { TopBar } from './TopBar';

export function BrokenPlace({ place, failure }: { place: PlaceName; failure: PartFailure }) {
	const t = useWords(shellWords);
	const { title, text } = useBrokenWords(failure);
	return (
		<>
			<TopBar>
				<h1>{t(place)}</h1>
			</TopBar>
			<main className="main" id="main-part">
				<div role="alert" className="pane" data-broken>
					<EmptyState title={title} actions={<BrokenActions failure={failure} />}>
						<p>{text}</p>
					</EmptyState>
				</div>
			</main>
		</>
	);
}
