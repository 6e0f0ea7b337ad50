// Kills the browser at random times during training, evaluation, import and annotation, opens it again on the same profile,
// and checks that nothing that was stored is lost and that runs are resumed: `npm run e2e:kills -- [options]`.
//   --kills N      how many (25)          --seed N    chooses kinds of work and times (1)
//   --from N       continue at kill N     --folder F  profile and notes (a folder for the seed in the system's temporary one)
// A row per kill, then a summary; exit code 1 when anything was lost.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { crowd } from '../scripts/patience.mjs';
import { serveFolder } from '../scripts/serve.mjs';
import { annotation } from './kill-annotation';
import { importedCorpus, importedVectors } from './kill-imports';
import {
	type BegunWork,
	type Finding,
	findLosses,
	type Kept,
	type Occasion,
	type Scene,
	type Sitting,
	seededRandom,
} from './kill-scene';
import { evaluation, training } from './kill-training';
import { openBrowser } from './killable-browser';
import { storedItems } from './stored-items';
import { builtPage } from './workbench';

const { values } = parseArgs({
	options: {
		kills: { type: 'string', default: '25' },
		from: { type: 'string', default: '1' },
		seed: { type: 'string', default: '1' },
		folder: { type: 'string' },
	},
});
const [kills, from, seed] = [Number(values.kills), Number(values.from), Number(values.seed)];
const folder = values.folder ?? join(tmpdir(), `nerco-kills-${seed}`);
const notesFile = join(folder, 'kept.json');

const scenes: readonly Scene[] = [training, evaluation, importedCorpus, annotation, importedVectors];

interface Outcome {
	losses: string[];
	redoneSeconds: number | null;
}

function readNotes(): Kept {
	if (from > 1 && existsSync(notesFile)) return JSON.parse(readFileSync(notesFile, 'utf8'));
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	return { port: 0, items: [], labels: [] };
}

async function openPage(port: string): Promise<Sitting> {
	const browser = await openBrowser(join(folder, 'profile'));
	await browser.page.goto(`http://localhost:${port}/?lang=en&backend=wasm&threads=1#/data`);
	await browser.page.getByRole('list', { name: 'Sentences' }).locator('mark[data-type]').first().waitFor();
	return browser;
}

/** One kill: the work is begun, cut off at a time that the seed chose, and what is left of it is checked. */
async function killOnce(index: number, kept: Kept, port: string): Promise<Outcome> {
	const random = seededRandom(seed * 1000 + index);
	// Every work in turn, so that few kills meet all of them.
	const scene = scenes[(index - 1) % scenes.length];
	const sitting = await openPage(port);
	try {
		return await cutOff(scene, sitting, { kept, random, index }, port);
	} finally {
		await sitting.kill();
	}
}

async function cutOff(scene: Scene, sitting: Sitting, occasion: Occasion, port: string): Promise<Outcome> {
	const { kept, random, index } = occasion;
	const begun = await scene.begin(sitting, occasion);
	const delayMs = Math.round(random() * begun.longestMs * crowd()); // a busy machine does less in a second
	const working = begun.work?.().catch(() => {}); // the kill ends it
	await setTimeout(delayMs);
	const items = await storedItems(sitting.page);
	const seen = await begun.capture();
	const killedAtMs = Date.now();
	await sitting.kill();
	await working;
	kept.items = items.map(({ kind, id, name, trashedAtMs }) => ({ kind, id, name, trashedAtMs }));

	const reopened = await openPage(port);
	try {
		const { losses, redoneSeconds, said } = await lookAgain(reopened, kept, begun, { seen, killedAtMs });
		const after = `${(delayMs / 1000).toFixed(1)} s`.padStart(7);
		const verdict = losses.length === 0 ? 'nothing lost' : `LOST: ${losses.join('; ')}`;
		console.log(`${String(index).padStart(3)}  ${scene.name.padEnd(16)}${after}  ${said}  ${verdict}`);
		await reopened.close();
		return { losses, redoneSeconds };
	} finally {
		await reopened.kill();
	}
}

async function lookAgain(
	reopened: Sitting,
	kept: Kept,
	begun: BegunWork<unknown>,
	cut: { seen: unknown; killedAtMs: number },
): Promise<Finding> {
	const losses = await findLosses(reopened, kept);
	const found = await begun.check(reopened, cut);
	losses.push(...found.losses, ...reopened.problems.map((problem) => `the page reports: ${problem}`));
	return { ...found, losses };
}

const kept = readNotes();
const server = await serveFolder({ folder: builtPage, port: kept.port });
const { port } = new URL(server.url);
kept.port = Number(port);
console.log(`seed ${seed}, folder ${folder}`);
const outcomes: Outcome[] = [];
for (let index = from; index <= kills; index++) {
	try {
		outcomes.push(await killOnce(index, kept, port));
	} catch (error) {
		console.log(
			`${String(index).padStart(3)}  ${scenes[(index - 1) % scenes.length].name.padEnd(16)} broke off: ${error instanceof Error ? error.message : error}`,
		);
		outcomes.push({ losses: ['the check broke off'], redoneSeconds: null });
	}
	writeFileSync(notesFile, JSON.stringify(kept));
}
await server.close();
const redone = outcomes.flatMap(({ redoneSeconds }) => redoneSeconds ?? []);
const lost = outcomes.filter(({ losses }) => losses.length > 0).length;
console.log(
	`${outcomes.length} kills, ${lost} with losses; ${redone.length} runs resumed, at most ${Math.max(0, ...redone).toFixed(1)} s redone`,
);
process.exit(lost > 0 ? 1 : 0);
