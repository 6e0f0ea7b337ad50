// What stands while a page's code is loaded: its top bar at once, so that nothing jumps when it comes.

import type { PageName } from '../../../state/route';
import { useWords } from '../../words/words';
import { frameWords } from './frame-words';
import { TopBar } from './TopBar';

export function PageLoading({ page }: { page: PageName }) {
	const t = useWords(frameWords);
	return (
		<>
			<TopBar>
				<h1>{t(page)}</h1>
			</TopBar>
			<main className="main" id="main-part" aria-busy="true" />
		</>
	);
}
