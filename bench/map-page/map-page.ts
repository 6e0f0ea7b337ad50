// The page that `npm run bench -- page` opens to time the map by itself: generated points, drawn by the renderer of the page Space. Each picture
// is read back by one pixel, so that its time ends when it is really drawn.

import { type MapPoints, positionsBetween } from '../../src/ui/pages/space/map/map-points';
import { MapScene } from '../../src/ui/pages/space/map/map-scene';
import { wholeMap } from '../../src/ui/pages/space/map/map-view';
import { PointGrid } from '../../src/ui/pages/space/map/point-grid';
import { RandomStream } from '../../src/util/random';

export interface MapTimes {
	painter: string;
	/** Milliseconds of each picture: camera moving; points moving from one map to another; the canvas where WebGL is missing. */
	camera: number[];
	transition: number[];
	canvas: number[];
	/** Milliseconds to send a new map, and to make the grid that finds points. */
	send: number[];
	grid: number[];
	/** Microseconds of one search for the point under the pointer. */
	hoverMicroseconds: number;
}

const types = 12;

function drawPoints(count: number, seed: number): MapPoints {
	const random = new RandomStream(seed);
	const positions = new Float32Array(2 * count);
	const colours = new Uint8Array(count);
	const glyphs = new Uint8Array(count);
	const flags = new Uint8Array(count);
	for (let point = 0; point < count; point++) {
		const type = random.below(types);
		const spread = () => (random.uniform() + random.uniform() + random.uniform() - 1.5) * 0.35;
		positions[2 * point] = Math.cos(type) * 0.65 + spread();
		positions[2 * point + 1] = Math.sin(type) * 0.65 + spread();
		colours[point] = type;
		glyphs[point] = random.below(3);
		flags[point] = random.below(20) === 0 ? 2 : 0;
	}
	return { positions, colours, glyphs, flags };
}

const palette = {
	colours: Array.from(
		{ length: types },
		(_, type) => `#${(0x204060 + type * 0x0f2a11).toString(16).slice(-6).padStart(6, '0')}`,
	),
	ground: '#ffffff',
	text: '#161b24',
	wrong: '#a52f2c',
	accent: '#3855bf',
};

function timed(work: () => void): number {
	const startedAt = performance.now();
	work();
	return performance.now() - startedAt;
}

/** Called by the bench. `pictures` of each sort. */
async function measure(count: number, pictures: number): Promise<MapTimes> {
	const host = document.getElementById('map');
	if (!host) throw new Error('invariant: the page has an element for the map');
	const [first, second] = [drawPoints(count, 1), drawPoints(count, 2)];
	let time = 0;
	const clock = { now: () => time, nextFrame: () => () => undefined };
	const scene = new MapScene(host, { clock });
	scene.setPalette(palette);
	scene.setSize({ width: 900, height: 700 }, 1);
	scene.setPoints(first);
	const picture = () =>
		timed(() => {
			scene.draw();
			const gl = scene.canvas.getContext('webgl2');
			gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
		});
	const times: MapTimes = {
		painter: scene.painterKind,
		camera: [],
		transition: [],
		canvas: [],
		send: [],
		grid: [],
		hoverMicroseconds: 0,
	};
	picture();
	for (let index = 0; index < pictures; index++) {
		scene.setView({ ...wholeMap, x: 0.1 * Math.sin(index), zoom: 1 + 0.02 * index });
		times.camera.push(picture());
		await new Promise(requestAnimationFrame);
	}
	scene.setView(wholeMap);
	for (let index = 0; index < pictures; index++) {
		times.send.push(timed(() => scene.setPoints(index % 2 ? first : second, 400)));
		time += 200;
		times.transition.push(picture());
		time += 400;
		await new Promise(requestAnimationFrame);
	}
	scene.close();
	times.grid.push(timed(() => void new PointGrid(first.positions)));
	times.hoverMicroseconds = hoverTime(new PointGrid(first.positions));
	const plain = new MapScene(host, { clock, painter: 'canvas' });
	plain.setPalette(palette);
	plain.setSize({ width: 900, height: 700 }, 1);
	plain.setPoints({ ...first, positions: positionsBetween(first.positions, second.positions, 0) });
	for (let index = 0; index < Math.min(5, pictures); index++) {
		times.canvas.push(
			timed(() => {
				plain.draw();
				plain.canvas.getContext('2d')?.getImageData(0, 0, 1, 1);
			}),
		);
	}
	plain.close();
	return times;
}

function hoverTime(grid: PointGrid): number {
	const random = new RandomStream(3);
	const searches = 2000;
	const ms = timed(() => {
		for (let search = 0; search < searches; search++) {
			grid.nearest({ x: random.uniform() * 2 - 1, y: random.uniform() * 2 - 1 }, 0.025);
		}
	});
	return (ms * 1000) / searches;
}

declare global {
	interface Window {
		measureMap?: typeof measure;
	}
}
window.measureMap = measure;
