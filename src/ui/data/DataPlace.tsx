// The place Data: sources on the left, the open one in the middle, what can be said of it at the side; `#/data/import`
// takes files in. Files may be dropped anywhere.

import { lazyPart, type PartFailure } from '../controls/lazy-part';
import { useRoute } from '../navigation/navigation';
import { BrokenPlace } from '../shell/BrokenPlace';
import { PlaceLoading } from '../shell/PlaceLoading';
import { CorpusView } from './CorpusView';
import { DropArea } from './DropArea';
import './data.css';
import '../sentences/sentences.css';

const dataPart = {
	waiting: () => <PlaceLoading place="data" />,
	broken: (failure: PartFailure) => <BrokenPlace place="data" failure={failure} />,
};
const ImportView = lazyPart(async () => ({ default: (await import('./ImportView')).ImportView }), dataPart);
const LexiconView = lazyPart(async () => ({ default: (await import('./LexiconView')).LexiconView }), dataPart);
const VectorsView = lazyPart(async () => ({ default: (await import('./VectorsView')).VectorsView }), dataPart);

export default function DataPlace() {
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
