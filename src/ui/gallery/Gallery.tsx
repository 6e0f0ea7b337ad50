// Every control, chart and sentence view in all its states on one page, within the frame of a page: for looking at, for
// pictures, and for the tests of controls.

import type { ReactNode } from 'react';
import { PageFrame } from '../kit/frame/PageFrame';
import { useWords } from '../words/words';
import { BlockSamples, OverlaySamples, StatusSamples } from './BlockSamples';
import { ButtonSamples, ChoiceSamples, FieldSamples, ToggleSamples } from './ControlSamples';
import { ChartSamples, SentenceSamples } from './DataSamples';
import { galleryWords } from './gallery-words';

const sections = [
	['buttons', ButtonSamples],
	['choices', ChoiceSamples],
	['fields', FieldSamples],
	['toggles', ToggleSamples],
	['status', StatusSamples],
	['blocks', BlockSamples],
	['overlays', OverlaySamples],
	['sentences', SentenceSamples],
	['charts', ChartSamples],
] as const;

export function Gallery() {
	const t = useWords(galleryWords);
	const contents = (
		<ul className="section">
			{sections.map(([name]) => (
				<li key={name} className="row">
					{t(name)}
				</li>
			))}
		</ul>
	);
	return (
		<div className="app">
			<PageFrame
				page="data"
				crumbs={[{ label: t('gallery') }]}
				list={{ label: t('contents'), content: contents, width: 220 }}
				side={{ label: t('panel'), content: <p className="section quiet-text">{t('panelText')}</p> }}
			>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
				<section className="scroll" tabIndex={0} aria-label={t('gallery')}>
					{sections.map(([name, Samples]) => (
						<Section key={name} title={t(name)}>
							<Samples />
						</Section>
					))}
				</section>
			</PageFrame>
		</div>
	);
}

function Section({ title, children }: { title: string; children: ReactNode }) {
	return (
		<section className="section" aria-label={title}>
			<div className="row section-head">
				<h2>{title}</h2>
			</div>
			<div className="gallery-samples">{children}</div>
		</section>
	);
}
