// What several stories, the screenshots and the bench do on the page: go to an address, drop files, draw a lasso, wait
// for epochs, ask axe.

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright';

/** Settings of a smoke run of thousands of steps, so that a slow browser still meets it before its end. */
export const longRun = 'stages.0.epochs=1000\nstages.0.patience=1000';

/** Settings of a smoke run that outlasts a scenario on a busy machine. */
export const endlessRun = [0, 1, 2]
	.map((stage) => `stages.${stage}.epochs=1000\nstages.${stage}.patience=1000`)
	.join('\n');

/** Settings of a smoke run of few epochs, so that errors are left. */
export const shortRun = 'stages.0.epochs=1\nstages.1.epochs=1\nstages.2.epochs=3';

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

/** Goes to an address within the page, as in `space/compare?a=x`, without waiting for what stands there. */
export async function goToAddress(page: Page, address: string): Promise<void> {
	await page.evaluate((hash) => {
		window.location.hash = hash;
	}, `#/${address}`);
}

/** Drops files on the page, as the file manager does, by their names and contents. */
export async function dropFiles(page: Page, files: Record<string, string | Uint8Array>): Promise<void> {
	const encoded = Object.entries(files).map(([name, content]) => [name, Buffer.from(content).toString('base64')]);
	await page.evaluate((entries) => {
		const transfer = new DataTransfer();
		for (const [name, content] of entries) {
			const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
			transfer.items.add(new File([bytes], name));
		}
		window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
	}, encoded);
}

/** Draws a lasso over a map, round its middle unless told: from `left` to `right`, shares of its width. */
export async function drawLasso(map: Locator, { left = 0.2, right = 0.8 } = {}): Promise<void> {
	const box = await map.boundingBox();
	if (!box) throw new Error('the map has no place on screen');
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

/** What axe finds wrong with the page as it stands: each rule with the elements that break it. */
export async function axeFindings(page: Page): Promise<string[]> {
	const { violations } = await new AxeBuilder({ page }).analyze();
	return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}
