// Part of the suite `page`: how long a picture of the map takes with many points, in a real Chromium with what it has for a GPU.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright';
import { build } from 'vite';
import { serveFolder } from '../scripts/serve.mjs';
import { type BenchRow, median } from './bench-row';
import type { BenchSession } from './bench-session';
import type { MapTimes } from './map-page/map-page';

const pageFolder = join(dirname(fileURLToPath(import.meta.url)), 'map-page');
const counts = [10_000, 100_000, 200_000];
const pictures = 20;
/** With 100,000 points, on a software adapter. */
const aimMs = 150;

export async function mapSuite(session: BenchSession, browser: Browser): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'nerco-map-'));
	await build({
		configFile: false,
		root: pageFolder,
		base: './',
		logLevel: 'warn',
		build: { outDir: folder, emptyOutDir: true, target: 'es2023' },
	});
	const server = await serveFolder({ folder });
	session.section('The map, 900 by 700 pixels (N: points; ms: one picture, read back)');
	try {
		for (const count of counts) {
			if (session.isOver()) break;
			const page = await browser.newPage();
			await page.goto(server.url);
			await page.waitForFunction(() => window.measureMap !== undefined);
			const renderer = await page.evaluate(rendererName);
			const times = await page.evaluate(([n, each]) => window.measureMap?.(n, each), [count, pictures] as const);
			await page.close();
			if (!times) throw new Error('expected times of the map, found none');
			session.add(rowsOf(times, count, renderer));
			session.note(`${count} points: a point under the pointer is found in ${times.hoverMicroseconds.toFixed(1)} µs`);
			if (count === 100_000) session.ratio('a picture of 100,000 points, ms', median(times.camera), { atMost: aimMs });
		}
	} finally {
		await server.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

function rendererName(): string {
	const gl = document.createElement('canvas').getContext('webgl2');
	const names = gl?.getExtension('WEBGL_debug_renderer_info');
	return String(gl && names ? gl.getParameter(names.UNMASKED_RENDERER_WEBGL) : 'no WebGL2');
}

function rowsOf(times: MapTimes, count: number, renderer: string): BenchRow[] {
	const row = (name: string, values: readonly number[], kernels: string): BenchRow => ({
		case: name,
		backend: 'host',
		adapter: renderer,
		kernels,
		n: count,
		batch: 1,
		msMedian: median(values),
		hostMsMedian: null,
		dispatches: null,
		submits: null,
		bytesPeak: null,
		steps: values.length,
	});
	return [
		row('map, camera moves', times.camera, times.painter),
		row('map, frames go over', times.transition, times.painter),
		row('map, a new frame is sent', times.send, times.painter),
		row('map without WebGL', times.canvas, 'canvas'),
		row('map, grid of points', times.grid, 'host'),
	];
}
