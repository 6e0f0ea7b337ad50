// The page's service worker: keeps every file of the build, so that the workbench opens without a network, and gives
// answers the headers of a cross-origin isolated page where a static host cannot. The build fills in the two lists.

import { cleanupOutdatedCaches, matchPrecache, type PrecacheEntry, precache } from 'workbox-precaching';

interface Scope extends ServiceWorkerGlobalScope {
	/** Every file of the build with its hash. */
	__WB_MANIFEST: PrecacheEntry[];
	__PAGE_HEADERS: Record<string, string>;
}
declare const self: Scope;

// Each stands here once: the build writes the list in its place.
const builtFiles = self.__WB_MANIFEST;
const pageHeaders = self.__PAGE_HEADERS;

precache(builtFiles);
cleanupOutdatedCaches();

function withPageHeaders(response: Response): Response {
	if (response.type === 'opaqueredirect') return response; // the browser follows it; no other answer can be made of it
	const headers = new Headers(response.headers);
	for (const [name, value] of Object.entries(pageHeaders)) headers.set(name, value);
	return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** The kept file that an address of the page names; its query says nothing about the content. */
function findKept(address: URL): Promise<Response | undefined> {
	const path = address.pathname.endsWith('/') ? `${address.pathname}index.html` : address.pathname;
	return matchPrecache(`${address.origin}${path}`);
}

/**
 * Names with a hash never change content: the kept copy answers. For all others the network comes first, so that a page
 * that was built anew is never shown from old files, and the kept copy stands in when there is no network.
 */
async function answer(request: Request): Promise<Response> {
	const address = new URL(request.url);
	const hasHash = address.pathname.startsWith(new URL('assets/', self.registration.scope).pathname);
	if (hasHash) return withPageHeaders((await findKept(address)) ?? (await fetch(request)));
	try {
		return withPageHeaders(await fetch(request));
	} catch (error) {
		const kept = await findKept(address);
		if (!kept) throw error;
		return withPageHeaders(kept);
	}
}

self.addEventListener('fetch', (event) => {
	const isOurs = new URL(event.request.url).href.startsWith(self.registration.scope);
	if (isOurs && event.request.method === 'GET') event.respondWith(answer(event.request));
});

// The first visit is served too; a later version waits until no tab shows the old one.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
