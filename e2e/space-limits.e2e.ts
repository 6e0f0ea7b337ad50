// What the map says where it cannot show what was asked for: few points, a single type, representations that are not numbers or all equal, a
// projection stopped half-way. The last valid snapshot stays.

import type { Page } from 'playwright';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { chooseRun, closeBrowser, openWorkbench, startTraining, type Workbench, waitForState } from './workbench';

/** Twelve tokens in each split, two thirds of them in mentions of one type. */
const fewSentences = ['王芳在', '李明来', '张三去', '赵四走']
	.map(([first, second, rest]) => `${first} B-PER\n${second} I-PER\n${rest} O\n\n`)
	.join('');

let workbench: Workbench;
beforeEach(async () => {
	workbench = await openWorkbench({ backend: 'wasm', place: 'data' });
});
afterEach(() => workbench.close());
afterAll(closeBrowser);

/** Trains on the smoke corpus and opens the map; gives the run's identifier. */
async function openMap(page: Page): Promise<string> {
	await page.evaluate(() => {
		window.location.hash = '#/train/new';
	});
	await page.locator('[data-backend]').waitFor();
	await chooseRun(page, { preset: 'smoke' });
	await startTraining(page);
	expect(await waitForState(page, ['finished', 'failed'])).toBe('finished');
	await page.getByRole('link', { name: 'Open in Space' }).click();
	await page.locator('.map-area[data-frame="2.3"]').waitFor();
	await page.locator('[data-measure=purity]').filter({ hasNotText: '—' }).waitFor();
	return /space\/([^?]+)/.exec(page.url())?.[1] ?? '';
}

test('few points of one type: the perplexity is lowered, and measures between types have no value', async () => {
	const { page } = workbench;
	await page.route('**/smoke/*.conll', (route) => route.fulfill({ body: fewSentences, contentType: 'text/plain' }));
	await page.reload();
	await openMap(page);
	await page.getByText('Perplexity lowered from 30 to 7.7 because there are few points.').waitFor();
	await page.getByRole('tab', { name: 'Measures' }).click();
	await page.getByText('There is only one type, so measures that compare types have no value.').waitFor();
	expect(await page.getByRole('button', { name: /^Segmentation index/ }).textContent()).toContain('—');
	await page.getByRole('button', { name: 'Switch to Chinese' }).click();
	await page.getByText('点较少，困惑度由 30 降为 7.7。').waitFor();
	await page.getByText('只有一个类型，比较类型的指标没有值。').waitFor();
	expect(workbench.problems).toEqual([]);
});

test('representations that cannot be shown leave the last valid snapshot, and a stopped projection its last map', async () => {
	const { page } = workbench;
	await page.addInitScript(() => {
		const Own = window.Worker;
		window.Worker = new Proxy(Own, {
			construct(target, [url, options]) {
				const worker = new target(url, options);
				Object.assign(window, { trainingWorker: worker });
				return worker;
			},
		});
	});
	await page.reload();
	const runId = await openMap(page);
	const report = (code: string, found: string) =>
		page.evaluate(
			(parts) => {
				const error = { kind: 'user', parts: { ...parts, expected: 'others', remedy: 'Choose another epoch.' } };
				const key = { stageIndex: 2, stage: 'full', epoch: 4, step: 24 };
				const data = { kind: 'event', event: 'space-problem', data: { runId: parts.runId, key, error } };
				const { trainingWorker } = window as unknown as { trainingWorker: Worker };
				trainingWorker.dispatchEvent(new MessageEvent('message', { data }));
			},
			{ runId, code, found },
		);
	const alert = page.locator('.map-problem');
	await report('projection-not-finite', 'NaN');
	await alert.getByText('NaN').waitFor();
	await page
		.getByText('Showing the snapshot of Full, epoch 3: the one of Full, epoch 4 could not be computed.')
		.waitFor();
	await page.locator('.map-area[data-broken][data-frame="2.3"] .map-host').waitFor();
	await alert.getByRole('button', { name: 'Hide' }).click();
	await alert.waitFor({ state: 'detached' });
	await report('projection-points-equal', '739 identical representations');
	await page.getByRole('button', { name: 'Switch to Chinese' }).click();
	await alert.getByText('739 个相同的表示').waitFor();
	await alert.getByText('表示已坍缩').waitFor();
	await page.getByRole('button', { name: '切换到英文' }).click();

	await page.evaluate(() => {
		window.location.hash += '?proj=umap&iterations=5000';
	});
	await page.getByText(/^UMAP [1-9]\d* of 5000$/).waitFor();
	await page.getByRole('button', { name: 'Stop', exact: true }).click();
	await page.getByText(/^UMAP stopped after [1-9]\d* iterations$/).waitFor();
	await page.getByRole('button', { name: 'Restart' }).waitFor();
	expect(Number(await page.locator('.map-host').getAttribute('data-points'))).toBeGreaterThan(20);
	expect(workbench.problems).toEqual([]);
});
