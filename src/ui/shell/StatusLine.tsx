// The line at the bottom: state of the run, back end and adapter, and that nothing leaves the page.

import { ShieldCheck } from 'lucide-react';
import { isActive, statusOfKind } from '../../state/run-progress';
import { useWorkspace } from '../context/data-context';
import { useRun } from '../context/run-store-context';
import { useRunInOtherTab } from '../context/train-context';
import { Dot } from '../kit/controls/Badge';
import { bytesText } from '../words/number-words';
import { deviceText } from '../words/run-message-words';
import { useLanguage, useWords } from '../words/words';
import { shellWords } from './shell-words';

/** From here on the line says how full the browser's storage is. */
const crowdedShare = 0.8;

export function StatusLine() {
	const t = useWords(shellWords);
	const language = useLanguage();
	const device = useRun((state) => state.device);
	const problem = useRun((state) => state.problem);
	const own = useRun((state) => state.run);
	const memoryBytes = useRun((state) => state.memoryBytes);
	const usedShare = useWorkspace(({ status }) =>
		status?.usageBytes && status.quotaBytes ? status.usageBytes / status.quotaBytes : null,
	);
	const otherTab = useRunInOtherTab();
	const run = otherTab ?? own;
	const adapter = device?.info.adapter;
	const waiting = problem ? t('noDevice') : t('lookingForDevice');
	return (
		<footer className="status-line">
			<span role="status" className="medium" data-state={run.kind}>
				{t(statusOfKind[run.kind])}
			</span>
			{otherTab && <span>{t('inAnotherTab')}</span>}
			<span
				className="row status-part"
				data-backend={device?.info.name}
				data-software={device?.info.isSoftware}
				data-adapter={adapter && `${adapter.vendor} ${adapter.architecture}`.trim()}
				title={device?.findings.map((finding) => deviceText(finding, language)).join('\n')}
			>
				<Dot tone={device ? (device.info.isSoftware ? 'warn' : 'ok') : 'plain'} />
				{device ? deviceText(device.info.label, language) : waiting}
			</span>
			{memoryBytes !== null && isActive(own) && <span className="num">{bytesText(memoryBytes)}</span>}
			<span className="row status-part">
				<ShieldCheck size={14} strokeWidth={1.6} aria-hidden />
				{t('nothingLeft')}
			</span>
			<span className="spacer" />
			{usedShare !== null && usedShare > crowdedShare && (
				<span className="num status-crowded">{t('storageCrowded', { percent: Math.round(usedShare * 100) })}</span>
			)}
		</footer>
	);
}
