// What is shown where a page could not be loaded or drawn; navigation, the run and the other pages work on.

import type { PageName } from '../../../state/route';
import { useWords } from '../../words/words';
import { BrokenActions, useBrokenWords } from '../controls/broken-part';
import { EmptyState } from '../controls/EmptyState';
import type { PartFailure } from '../controls/lazy-part';
import { frameWords } from './frame-words';
import { TopBar } from './TopBar';

export function BrokenPage({ page, failure }: { page: PageName; failure: PartFailure }) {
	const t = useWords(frameWords);
	const { title, text } = useBrokenWords(failure);
	return (
		<>
			<TopBar>
				<h1>{t(page)}</h1>
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
