import { expect, test } from 'vitest';
import { type Figure, figureSize, figureSvg } from './map-figure';
import { dimmed, glyphs, pointFlags } from './map-points';
import { wholeMap } from './map-view';

const figure: Figure = {
	caption: 'run <1> & more',
	points: {
		positions: Float32Array.of(0, 0, 0.5, 0, -0.5, 0, Number.NaN, 0),
		glyphs: Uint8Array.of(glyphs.begin, glyphs.inside, glyphs.outside, glyphs.begin),
		colours: Uint8Array.of(0, 0, 1, 0),
		flags: Uint8Array.of(pointFlags.wrong, 0, 0, 0),
	},
	overlay: {
		contours: [{ colour: 0, levels: [{ level: 0.5, segments: Float32Array.of(0, 0, 0.1, 0.1) }] }],
		labels: [{ text: 'PER', x: 0, y: 0 }],
	},
	palette: { colours: ['#112233', '#445566'], ground: '#ffffff', text: '#000000', wrong: '#ff0000', accent: '#0000ff' },
	legend: [{ name: 'PER', count: '2', colour: '#112233', glyphs: [glyphs.begin, glyphs.inside] }],
	view: wholeMap,
	size: { width: 400, height: 300 },
};

test('a figure holds each placed point once, halos, contours, names and the legend', () => {
	const svg = figureSvg(figure);
	const map = svg.slice(svg.indexOf('<g clip'), svg.indexOf('</g>'));
	expect(map.match(/<circle/g)).toHaveLength(4);
	expect(map).toContain('stroke="#ff0000"');
	expect(map).toContain('<path d="M200 150L');
	expect(svg.slice(svg.indexOf('</g>')).match(/<circle/g)).toHaveLength(2);
	expect(svg).toContain('run &lt;1&gt; &amp; more');
	expect(figureSize(figure).width).toBeGreaterThan(400);
});

test('a name with a control character leaves the figure well-formed', () => {
	const odd = 'A\u0001\u001b[1m\ufffe"<';
	const svg = figureSvg({
		...figure,
		caption: odd,
		legend: [{ ...figure.legend[0], name: odd }],
		overlay: { ...figure.overlay, labels: [{ text: odd, x: 0, y: 0 }] },
	});
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
	expect(svg).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/);
	expect(svg.match(/A\\u0001\\x1b\[1m\\ufffe&quot;&lt;/g)).toHaveLength(4); // title, caption, legend and label
});

test('chosen points are highlighted as on the screen: drawn in full, the others dimmed', () => {
	const flags = Uint8Array.of(pointFlags.chosen, 0, 0, 0);
	const svg = figureSvg({ ...figure, points: { ...figure.points, flags } });
	const opacities = [...svg.matchAll(/<circle[^>]* opacity="([\d.]+)"/g)].map(([, opacity]) => Number(opacity));
	// O lies below, what is chosen on top.
	expect(opacities).toEqual([dimmed.outside, dimmed.mention, 1]);
});
