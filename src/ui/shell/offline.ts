// Registers the service worker after the page has loaded, so that keeping files never delays the first paint.

const triedKey = 'nerco-isolation-tried';

/** True at the first call in this tab; where nothing can be kept, never. */
function isFirstTry(): boolean {
	try {
		if (window.sessionStorage.getItem(triedKey)) return false;
		window.sessionStorage.setItem(triedKey, 'yes');
		return true;
	} catch {
		return false;
	}
}

/**
 * Keeps the built page for use without a network. On a host that sends no isolation headers the worker adds them, but
 * only to a page that it serves: the page then loads itself again, once, unless somebody has already begun to use it.
 */
export function keepForOffline(): void {
	if (!('serviceWorker' in navigator)) return;
	let isTouched = false;
	const touch = () => (isTouched = true);
	for (const name of ['pointerdown', 'keydown', 'drop']) window.addEventListener(name, touch, { once: true });
	window.addEventListener('load', async () => {
		try {
			await navigator.serviceWorker.register('service-worker.js');
			await navigator.serviceWorker.ready;
		} catch (error) {
			console.info('the page is not kept for use without a network:', error);
			return;
		}
		if (!window.crossOriginIsolated && !isTouched && isFirstTry()) window.location.reload();
	});
}
