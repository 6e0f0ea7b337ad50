// The page Space: the tokens of a run as points of a map, through its whole time (`#/space/{run}`), or two maps beside each other
// (`#/space/compare?a=…&b=…`). Without a run the latest one is shown.

import { itemsOf } from '../../../state/workspace';
import { useWorkspace } from '../../context/data-context';
import { PageFrame } from '../../kit/frame/PageFrame';
import { useRoute } from '../../navigation/navigation';
import { CompareMapsPage } from './CompareMapsPage';
import { MapWaiting, NoRuns } from './EmptyMaps';
import { RunMapPage } from './RunMapPage';
import '../../kit/sentences/sentences.css';
import './space.css';
import './scrubber.css';
import './compare.css';
import './space-panels.css';
import './point-table.css';

export default function SpacePage() {
	const { path, query } = useRoute();
	const list = useWorkspace((state) => state.list);
	if (path[0] === 'compare' && query.a && query.b) return <CompareMapsPage first={query.a} second={query.b} />;
	const runs = itemsOf(list, 'run');
	const runId = path[0] && path[0] !== 'compare' ? path[0] : runs.at(-1)?.id;
	if (runId) return <RunMapPage key={runId} runId={runId} />;
	return <PageFrame page="space">{list ? <NoRuns /> : <MapWaiting />}</PageFrame>;
}
