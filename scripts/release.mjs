// `npm run release [-- --out FOLDER]`: builds the page and the command and packs them as one zip, nerco-workbench-VERSION.zip:
// page/ for any static host, nerco.mjs for Node, the licences of everything inside. The same tree gives the same bytes.

import { spawnSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { zipSync } from 'fflate';
import { buildCli } from './build-cli.mjs';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';

/** Zip cannot hold an earlier day, and no other day means anything. */
const sameDay = '1980-01-01T12:00:00';
const documents = ['README.md', 'README.zh.md', 'CHANGELOG.md', 'LICENSE'];

/** Name, version, licence and licence text of every package that ships. */
export function thirdPartyLicences(root = projectRoot) {
	const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
	return Object.entries(packages)
		.filter(([path, { dev }]) => path !== '' && !dev)
		.map(([path, { version, license }]) => {
			const folder = join(root, path);
			const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^(licen[cs]e|notice)/i.test(name)) : [];
			const texts = names.filter((name) => statSync(join(folder, name)).isFile());
			const head = `${path.replace(/^.*node_modules\//, '')} ${version} (${license})`;
			return [head, ...texts.map((name) => readFileSync(join(folder, name), 'utf8').trim())].join('\n\n');
		})
		.join(`\n\n${'-'.repeat(80)}\n\n`);
}

/** The zip's bytes from a built page, a built command and texts by name. */
export function packRelease({ pageFolder, commandFile, texts }) {
	const pages = readdirSync(pageFolder, { recursive: true, encoding: 'utf8' })
		.map((path) => path.replaceAll('\\', '/'))
		.filter((path) => statSync(join(pageFolder, path)).isFile())
		.sort();
	const files = {};
	for (const path of pages) files[`page/${path}`] = readFileSync(join(pageFolder, path));
	files['nerco.mjs'] = readFileSync(commandFile);
	for (const [name, text] of Object.entries(texts)) files[name] = Buffer.from(text);
	return zipSync(files, { level: 9, mtime: new Date(sameDay) });
}

async function main() {
	const { values } = parseArgs({ options: { out: { type: 'string', default: join(projectRoot, 'release') } } });
	ensureInstalled();
	const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
	const scratch = mkdtempSync(join(tmpdir(), 'nerco-release-'));
	try {
		const pageFolder = join(scratch, 'page');
		const vite = [
			join(projectRoot, 'node_modules/vite/bin/vite.js'),
			'build',
			'--outDir',
			pageFolder,
			'--logLevel',
			'warn',
		];
		const { status } = spawnSync(process.execPath, vite, { cwd: projectRoot, stdio: 'inherit' });
		if (status !== 0) throw new Error('the page could not be built; see above');
		const texts = Object.fromEntries(documents.map((name) => [name, readFileSync(join(projectRoot, name), 'utf8')]));
		texts['THIRD-PARTY-LICENCES.txt'] = thirdPartyLicences();
		const bytes = packRelease({ pageFolder, commandFile: await buildCli(scratch), texts });
		const folder = resolve(values.out);
		mkdirSync(folder, { recursive: true });
		const path = join(folder, `nerco-workbench-${version}.zip`);
		writeFileSync(path, bytes);
		console.log(`${relative(process.cwd(), path)}: ${(bytes.length / 1e6).toFixed(1)} MB`);
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
	await main().catch((error) => {
		console.error(error.message);
		process.exitCode = 1;
	});
