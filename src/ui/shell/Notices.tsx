// Where notices of what just happened stand: in the lower right corner of the main part, above what lies at its foot and
// beside the lists and panels, so that they cover neither a main action nor what a pane lists.

import { type CSSProperties, useEffect, useState } from 'react';
import { Toaster, toast, useSonner } from 'sonner';
import { usePreferences } from '../context/preferences-context';
import { type Notice, showNotices } from '../kit/controls/toasts';
import { useRoute } from '../navigation/navigation';
import { useWords } from '../words/words';
import { shellWords } from './shell-words';

/** Bars at the foot of a page that people act in. */
const feet = '.train-start-bar, .import-footer, .annotate-types, .scrubber';
const gap = 12;

interface Corner {
	right: number;
	bottom: number;
}

const shownMs = 8000;

/** The library's own notice, in the page's type and colours: its styles lie outside the layers, and would win over a sheet. */
const toasterStyle = {
	'--normal-bg': 'var(--bg-raised)',
	'--normal-border': 'var(--line-strong)',
	'--normal-text': 'var(--text-1)',
	'--border-radius': 'var(--radius-md)',
	font: 'var(--text-sm)',
} as CSSProperties;
const toastStyle = { padding: 'var(--sp-3) var(--sp-4)', boxShadow: 'var(--shadow-2)', fontSize: 'inherit' };

function show({ text, action, isProblem }: Notice): void {
	const button = action && { label: action.label, onClick: () => action.run() };
	if (isProblem) toast.error(text, { duration: Number.POSITIVE_INFINITY, closeButton: true, action: button });
	else toast(text, { duration: shownMs, action: button });
}

export default function Notices() {
	const t = useWords(shellWords);
	// After the toaster, which hears only what comes once it is there.
	useEffect(() => showNotices(show), []);
	const theme = usePreferences((state) => state.theme);
	return (
		<Toaster
			style={toasterStyle}
			theme={theme}
			containerAriaLabel={t('notifications')}
			toastOptions={{ closeButtonAriaLabel: t('closeNotice'), style: toastStyle }}
			position="bottom-right"
			offset={useCorner()}
			mobileOffset={{ bottom: 40 }}
		/>
	);
}

/** Measured whenever a notice comes, the window changes or another page is opened. */
function useCorner(): Corner {
	const { toasts } = useSonner();
	const { page } = useRoute();
	const [corner, setCorner] = useState<Corner>({ right: 16, bottom: 40 });
	const count = toasts.length;
	// biome-ignore lint/correctness/useExhaustiveDependencies: another page has other panes
	useEffect(() => {
		if (count === 0) return;
		const measure = () => setCorner(measureCorner);
		measure();
		window.addEventListener('resize', measure);
		// A page that was just opened may still be loading its panes.
		const timer = setInterval(measure, 500);
		return () => {
			window.removeEventListener('resize', measure);
			clearInterval(timer);
		};
	}, [count, page]);
	return corner;
}

function measureCorner(before: Corner): Corner {
	const main = document.querySelector('#main-part [data-middle]') ?? document.getElementById('main-part');
	if (!main) return before;
	const { right, bottom } = main.getBoundingClientRect();
	const drawer = document.querySelector('.drawer[data-edge="side"]')?.getBoundingClientRect();
	const foot = main.querySelector(feet)?.getBoundingClientRect();
	const next = {
		right: Math.round(window.innerWidth - Math.min(right, drawer?.left ?? right)) + gap,
		bottom: Math.round(window.innerHeight - Math.min(bottom, foot?.top ?? bottom)) + gap,
	};
	return next.right === before.right && next.bottom === before.bottom ? before : next;
}
