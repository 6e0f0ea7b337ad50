// The committed WASM modules and what they were made from. Building writes a record beside them: a hash of each module's
// sources, options and compiler, and one of its bytes; a test compiles again only what the record does not vouch for.

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './ensure-installed.mjs';

const recordName = 'wasm-record.json';

/** A module is {folder, entry, file, options}: `entry` and `file` within `folder`, sources in the folder `module`. */
function hashOf(...parts) {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part).update('\0');
	return hash.digest('hex');
}

function compilerVersions() {
	return ['assemblyscript', 'binaryen'].map((name) => {
		const text = readFileSync(join(projectRoot, 'node_modules', name, 'package.json'), 'utf8');
		return `${name} ${JSON.parse(text).version}`;
	});
}

/** Hash of all that decides what the compiler writes. */
export function sourceHash({ folder, entry, options }) {
	const names = readdirSync(join(folder, 'module')).sort();
	const sources = names.flatMap((name) => [
		name,
		readFileSync(join(folder, 'module', name), 'utf8').replaceAll('\r\n', '\n'),
	]);
	return hashOf(...compilerVersions(), entry, ...options, ...sources);
}

export function fileHash({ folder, file }) {
	return hashOf(readFileSync(join(folder, file)));
}

/** Compiles a module into a file. Throws with the compiler's words. */
async function compile({ folder, entry, file, options }, target) {
	const { default: asc } = await import('assemblyscript/asc');
	const { error, stderr } = await asc.main([entry, '--baseDir', folder, '--outFile', join(target, file), ...options]);
	if (error) throw new Error(`${file}: ${error.message}\n${stderr.toString()}`);
}

export async function buildModules(modules) {
	const record = {};
	for (const module of modules) {
		await compile(module, module.folder);
		record[module.file] = { sources: sourceHash(module), bytes: fileHash(module) };
	}
	writeFileSync(join(modules[0].folder, recordName), `${JSON.stringify(record, null, '\t')}\n`);
}

/** Whether the record beside a module vouches for it: the same sources, options and compiler gave the same bytes. */
export function isVouchedFor(module) {
	const { sources, bytes } = JSON.parse(readFileSync(join(module.folder, recordName), 'utf8'))[module.file] ?? {};
	return sources === sourceHash(module) && bytes === fileHash(module);
}

/** Compiles a module elsewhere and says whether the committed one has the same bytes. */
export async function isReproduced(module) {
	const target = mkdtempSync(join(tmpdir(), 'nerco-wasm-'));
	try {
		await compile(module, target);
		return readFileSync(join(target, module.file)).equals(readFileSync(join(module.folder, module.file)));
	} finally {
		rmSync(target, { recursive: true });
	}
}
