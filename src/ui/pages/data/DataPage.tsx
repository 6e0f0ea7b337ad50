// The page Data: sources on the left, the open one in the middle, what can be said of it at the side; `#/data/import`
// takes files in. Files may be dropped anywhere.

import { lazyPart, type PartFailure } from '../../kit/controls/lazy-part';
import { BrokenPage } from '../../kit/frame/BrokenPage';
import { PageLoading } from '../../kit/frame/PageLoading';
import { useRoute } from '../../navigation/navigation';
import { CorpusView } from './CorpusView';
import { DropArea } from './DropArea';
import './data.css';
import '../../kit/sentences/sentences.css';

const dataPart = {
	waiting: () => <PageLoading page="data" />,
	broken: (failure: PartFailure) => <BrokenPage page="data" failure={failure} />,
};
const ImportView = lazyPart(async () => ({ default: (await import('./ImportView')).ImportView }), dataPart);
const LexiconView = lazyPart(async () => ({ default: (await import('./LexiconView')).LexiconView }), dataPart);
const VectorsView = lazyPart(async () => ({ default: (await import('./VectorsView')).VectorsView }), dataPart);

export default function DataPage() {
	const { path } = useRoute();
	const [first = 'sample', second = ''] = path;
	return (
		<>
			<OpenObject first={first} second={second} />
			<DropArea />
		</>
	);
}

function OpenObject({ first, second }: { first: string; second: string }) {
	if (first === 'import') return <ImportView />;
	if (first === 'vectors') return <VectorsView id={second} />;
	if (first === 'lexicon') return <LexiconView id={second} />;
	return <CorpusView id={first} />;
}
