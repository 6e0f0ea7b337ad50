// What the browser cannot do, said once under the top bar: no secure context, no WebGPU, a software adapter.

import { TriangleAlert, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { usePreferenceStore, usePreferences } from '../context/preferences-context';
import { useRun } from '../context/run-store-context';
import { Button, IconButton } from '../kit/controls/Button';
import { Dialog } from '../kit/controls/Dialog';
import { useWords } from '../words/words';
import { shellWords } from './shell-words';

export function Banner() {
	const t = useWords(shellWords);
	const device = useRun((state) => state.device);
	const openDevice = useRun((state) => state.openDevice);
	const [helps, setHelps] = useState(false);
	if (!window.isSecureContext) {
		return <BannerLine name="insecure" title={t('insecureTitle')} text={t('insecureText')} />;
	}
	if (!device) return null;
	const { info, gpu } = device;
	if (info.name === 'webgpu' && info.isSoftware) {
		const adapter = info.adapter?.architecture || info.adapter?.vendor || info.label;
		return (
			<BannerLine name="software" title={t('softwareTitle', { adapter })} text={t('softwareText')}>
				<Button size="small" onPress={() => void openDevice('wasm')}>
					{t('useWasm')}
				</Button>
			</BannerLine>
		);
	}
	// A back end chosen by hand is no surprise.
	if (gpu === 'none' || gpu === 'software' || gpu === 'broken') {
		return (
			<BannerLine name="no-webgpu" title={t(passedOverTitle[gpu])} text={t('noWebgpuText')}>
				<Button size="small" onPress={() => setHelps(true)}>
					{t('howToSwitchOn')}
				</Button>
				<Button size="small" onPress={() => void openDevice('auto')}>
					{t('checkAgain')}
				</Button>
				<Dialog title={t('howToSwitchOn')} isOpen={helps} onClose={() => setHelps(false)}>
					<p>{t('switchOnChrome')}</p>
					<p>{t('switchOnDriver')}</p>
				</Dialog>
			</BannerLine>
		);
	}
	return null;
}

const passedOverTitle = { none: 'noWebgpuTitle', software: 'softwareOnlyTitle', broken: 'brokenGpuTitle' } as const;

interface BannerLineProps {
	/** Under which it is remembered as put away. */
	name: string;
	title: string;
	text: string;
	children?: ReactNode;
}

function BannerLine({ name, title, text, children }: BannerLineProps) {
	const t = useWords(shellWords);
	const preferences = usePreferenceStore();
	const isDismissed = usePreferences((state) => state.dismissed.includes(name));
	if (isDismissed) return null;
	return (
		<div className="banner" role="note" data-banner={name}>
			<TriangleAlert size={16} aria-hidden />
			<p>
				<strong>{title}</strong> {text}
			</p>
			<span className="spacer" />
			{children}
			<IconButton
				label={t('dismiss')}
				size="small"
				onPress={() => preferences.setState(({ dismissed }) => ({ dismissed: [...dismissed, name] }))}
			>
				<X size={14} aria-hidden />
			</IconButton>
		</div>
	);
}
