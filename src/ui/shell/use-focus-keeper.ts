// Keeps the page of the keyboard: where what had the focus is taken away (another object was opened, a row deleted),
// the focus goes to the nearest part of the page that is left, so that Tab and screen readers go on from there; a button
// that is disabled while it works has the focus again afterwards.

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
		let wasDisabled = false;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const forget = () => {
			trail = [];
			wasDisabled = false;
		};
		const remember = ({ target }: FocusEvent) => {
			forget();
			if (target instanceof Element) trail = ancestorsOf(target);
		};
		const followButton = (button: Element | undefined) => {
			if (!(button instanceof HTMLButtonElement)) return;
			if (button.disabled) wasDisabled = true;
			else if (wasDisabled && isNowhere()) button.focus({ preventScroll: true });
		};
		const isLost = () => trail[0]?.isConnected === false && isNowhere();
		const keep = () => {
			timer = undefined;
			if (isLost()) focusPart(trail.find((one) => one.isConnected && one.matches(parts)));
		};
		const observer = new MutationObserver(() => {
			followButton(trail[0]);
			if (timer === undefined && isLost()) timer = setTimeout(keep, patienceMs);
		});
		document.addEventListener('focusin', remember);
		document.addEventListener('pointerdown', forget, true);
		observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
		return () => {
			document.removeEventListener('focusin', remember);
			document.removeEventListener('pointerdown', forget, true);
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
	const part = nearest ?? document.getElementById('main-part');
	if (!(part instanceof HTMLElement)) return;
	if (!part.hasAttribute('tabindex')) part.tabIndex = -1;
	part.focus({ preventScroll: true });
}
