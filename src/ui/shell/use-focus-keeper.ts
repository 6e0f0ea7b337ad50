// Keeps the place of the keyboard: where what had the focus is taken away (another object was opened, a row deleted),
// the focus goes to the nearest part of the page that is left, so that Tab and screen readers go on from there.

import { useEffect } from 'react';

/** Parts of the page that may stand in for what they held; notices that come and go are none. */
const parts = ['main', 'aside', 'nav', 'section[aria-label]', 'ul[aria-label]', 'ol[aria-label]']
	.map((part) => `.app ${part}`)
	.concat('[role="dialog"]')
	.join();

/** Milliseconds in which a dialog or menu that closes may give the focus back itself. */
const patienceMs = 80;

export function useFocusKeeper(): void {
	useEffect(() => {
		let trail: Element[] = [];
		let timer: ReturnType<typeof setTimeout> | undefined;
		const remember = (event: FocusEvent) => {
			trail = event.target instanceof Element ? ancestorsOf(event.target) : [];
		};
		const isLost = () => trail[0]?.isConnected === false && isNowhere();
		const keep = () => {
			timer = undefined;
			if (isLost()) focusPart(trail.find((one) => one.isConnected && one.matches(parts)));
		};
		const observer = new MutationObserver(() => {
			if (timer === undefined && isLost()) timer = setTimeout(keep, patienceMs);
		});
		document.addEventListener('focusin', remember);
		observer.observe(document.body, { childList: true, subtree: true });
		return () => {
			document.removeEventListener('focusin', remember);
			observer.disconnect();
			clearTimeout(timer);
		};
	}, []);
}

function isNowhere(): boolean {
	return document.activeElement === null || document.activeElement === document.body;
}

function ancestorsOf(element: Element): Element[] {
	const trail: Element[] = [];
	for (let at: Element | null = element; at !== null; at = at.parentElement) trail.push(at);
	return trail;
}

function focusPart(nearest: Element | undefined): void {
	const part = nearest ?? document.getElementById('main');
	if (!(part instanceof HTMLElement)) return;
	if (!part.hasAttribute('tabindex')) part.tabIndex = -1;
	part.focus({ preventScroll: true });
}
