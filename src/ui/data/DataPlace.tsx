// The place Data: sources on the left, the open one in the middle, what can be said of it at the side; `#/data/import`
// takes files in. Files may be dropped anywhere.

import { lazy } from 'react';
import { useRoute } from '../navigation/navigation';
import { CorpusView } from './CorpusView';
import { DropArea } from './DropArea';
import './data.css';
import '../sentences/sentences.css';

const ImportView = lazy(async () => ({ default: (await import('./ImportView')).ImportView }));
const LexiconView = lazy(async () => ({ default: (await import('./LexiconView')).LexiconView }));
const VectorsView = lazy(async () => ({ default: (await import('./VectorsView')).VectorsView }));

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
