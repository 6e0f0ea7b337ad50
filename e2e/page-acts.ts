// What scenarios, screenshots and bench do on the page: go to an address, drop files, draw a lasso, wait for
// epochs, ask axe.

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright';
import { patienceMs } from '../scripts/patience.mjs';
import { chooseRun, startTraining, waitForState } from './workbench';

/**
 * Settings of a smoke run that is still in its first stage whenever a test comes back to it: ten minutes of processor time. A
 * thousand epochs of milliseconds ended by themselves while a busy machine kept the test from pressing Stop, and as rows of
 * a table they keep the page from answering; these take a third of a second each.
 */
export const longRun = 'stages.0.epochs=2000\nstages.0.patience=2000\nstages.0.batchSize=6\nmodel.headSize=96';

/** Starts such a run from the form of Train, with further settings of its later stages, and waits until it trains. */
export async function startLongRun(page: Page, further = ''): Promise<void> {
	await page.locator('[data-backend]').waitFor();
	await chooseRun(page, { preset: 'smoke', settings: `${longRun}\n${further}` });
	await startTraining(page);
	await waitForState(page, ['training']);
	await page.getByRole('region', { name: 'Stages' }).waitFor();
}

/** Settings of a smoke run of few epochs, so that errors are left. */
export const shortRun = 'stages.0.epochs=1\nstages.1.epochs=1\nstages.2.epochs=3';

/** Settings of a smoke run through all stages, as short as they go: of software adapters and of what only needs a run. */
export const oneEpochEach = 'stages.0.epochs=1\nstages.1.epochs=1\nstages.2.epochs=1';

/** Settings of a smoke run that ends in NaN: the loss of SGD grows without end at such a rate. */
export const divergingRun = [
	'optimizer.kind=sgd',
	'optimizer.learningRate=10',
	'optimizer.clipValue=0',
	'optimizer.momentum=0.99',
	'optimizer.warmup=1',
	'optimizer.epochDecay=0',
	'epochs=400',
	'patience=400',
]
	.map((setting) => `stages.2.${setting}`)
	.join('\n');

/** Goes to an address within the page, as in `space/compare?a=x`, without waiting for its content. */
export async function goToAddress(page: Page, address: string): Promise<void> {
	await page.evaluate((hash) => {
		window.location.hash = hash;
	}, `#/${address}`);
}

/** Gives the first character of a corpus the first entity type, by keyboard, and waits until that is saved. */
export async function relabelFirst(page: Page, corpusId: string): Promise<void> {
	await goToAddress(page, `annotate/${corpusId}?order=corpus&n=1`);
	const sentence = page.getByRole('application', { name: 'Sentence' });
	await sentence.waitFor();
	await sentence.focus();
	for (const key of ['Home', 'Shift+ArrowRight', '1']) await page.keyboard.press(key);
	await page.locator('.annotate-saved[data-kind=saved]').waitFor();
}

/** Drops files on the page, as the file manager does, by their names and contents. `nextAddress`: where the user goes before
 *  any answer can come. */
export async function dropFiles(
	page: Page,
	files: Record<string, string | Uint8Array>,
	nextAddress = '',
): Promise<void> {
	const encoded = Object.entries(files).map(([name, content]) => [name, Buffer.from(content).toString('base64')]);
	await page.evaluate(
		({ entries, address }) => {
			const transfer = new DataTransfer();
			for (const [name, content] of entries) {
				const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
				transfer.items.add(new File([bytes], name));
			}
			window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
			if (address) location.hash = address;
		},
		{ entries: encoded, address: nextAddress },
	);
}

/**
 * Lets the workers of the page find the disk full, or takes that back. Not by Chromium's own override of the quota: that does not reach the
 * contexts of these tests.
 */
export async function fillDisk(page: Page, isFull: boolean): Promise<void> {
	for (const worker of page.workers()) {
		await worker.evaluate((full) => {
			const scope = globalThis as { ownPut?: IDBObjectStore['put'] };
			const { prototype } = IDBObjectStore;
			scope.ownPut ??= prototype.put;
			prototype.put = full
				? () => {
						throw new DOMException('the disk is full', 'QuotaExceededError');
					}
				: scope.ownPut;
		}, isFull);
	}
}

/** Draws a lasso over a map, around its middle by default: from `left` to `right`, shares of its width. */
export async function drawLasso(map: Locator, { left = 0.2, right = 0.8 } = {}): Promise<void> {
	const box = await map.boundingBox();
	if (!box) throw new Error('the map is not on screen');
	const { mouse } = map.page();
	const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
	await mouse.move(...at(left, 0.15));
	await mouse.down();
	await mouse.move(...at(right, 0.15), { steps: 5 });
	await mouse.move(...at(right, 0.85), { steps: 5 });
	await mouse.move(...at(left, 0.85), { steps: 5 });
	await mouse.move(...at(left, 0.2), { steps: 5 });
	await mouse.up();
}

/** Waits until the table of scores has that many rows. */
export async function waitForEpochs(page: Page, count: number): Promise<void> {
	await page.waitForFunction((least) => document.querySelectorAll('tbody tr').length >= least, count);
}

/** How many movements of the page have begun so far, and what moves now. */
async function motion(page: Page): Promise<{ begun: number; moving: string[] }> {
	return page.evaluate(() => {
		const kept = window as unknown as { movements?: { begun: number } };
		if (!kept.movements) {
			const movements = { begun: 0 };
			for (const type of ['transitionrun', 'animationstart'])
				document.addEventListener(type, () => movements.begun++, true);
			kept.movements = movements;
		}
		const name = (element: Element | null) => element?.outerHTML.slice(0, 120) ?? '';
		// One that turns for ever (a spinner) never settles, and fades nothing.
		const isEnding = ({ effect }: Animation) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY;
		const animated = document.getAnimations().filter((one) => one.playState !== 'finished' && isEnding(one));
		// A notice is in the document before it slides in and after it has left.
		const notices = document.querySelectorAll('[data-sonner-toast]:is([data-mounted=false], [data-removed=true])');
		const elements = [...animated.map(({ effect }) => (effect as KeyframeEffect).target), ...notices];
		return { begun: kept.movements.begun, moving: elements.map(name) };
	});
}

/** Waits until nothing fades or slides any more; gives the number of movements that have begun so far. */
async function settle(page: Page, deadline: number): Promise<number> {
	for (;;) {
		const before = await motion(page);
		await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
		const { begun, moving } = await motion(page);
		if (moving.length === 0 && begun === before.begun) return begun;
		if (performance.now() > deadline) throw new Error(`the page never comes to rest: ${moving.join(' | ')}`);
	}
}

/**
 * What axe finds wrong with the page at rest: each rule with the elements that break it. Half faded in, everything lacks
 * contrast; so the check is repeated when something began to move meanwhile, such as a notice that closes by itself.
 */
export async function axeFindings(page: Page): Promise<string[]> {
	const deadline = performance.now() + patienceMs;
	for (;;) {
		const begun = await settle(page, deadline);
		const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze();
		if ((await settle(page, deadline)) !== begun) continue;
		return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
	}
}

/** What the browser's own dialog clears; with its shader cache Chromium may stop drawing. */
const stored = 'indexeddb,file_systems,local_storage,cache_storage,service_workers';

/** As the browser's own "clear site data" does it. */
export async function clearSiteData(page: Page): Promise<void> {
	const session = await page.context().newCDPSession(page);
	await session.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: stored });
}
