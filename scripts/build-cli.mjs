// `npm run build:cli [-- --out FOLDER]`: the headless command as one file, dist-cli/nerco.mjs, that needs Node alone. The WASM
// modules and the helper thread are inside as data URLs. TensorFlow.js is inside too and runs only where a device needs it;
// the native package `webgpu` stays outside and is found where Node finds it.

import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { projectRoot } from './ensure-installed.mjs';

const mediaTypes = { wasm: 'application/wasm', mjs: 'text/javascript' };

function dataUrl(path) {
	const type = mediaTypes[path.slice(path.lastIndexOf('.') + 1)];
	return `data:${type};base64,${readFileSync(path).toString('base64')}`;
}

/** Files that a module opens beside itself become part of it. */
function embedFiles(source, path) {
	const embed = (_, name) => `new URL(${JSON.stringify(dataUrl(join(dirname(path), name)))})`;
	const named = source.replace(/new URL\('(\.\/[\w-]+\.(?:wasm|mjs))', import\.meta\.url\)/g, embed);
	// The thread's file is named in a variable, so that bundlers for browsers leave it alone.
	const variable = named.replace(/const file = '(\.\/[\w-]+\.mjs)'/, (_, name) => {
		return `const file = ${JSON.stringify(dataUrl(join(dirname(path), name)))}`;
	});
	return variable.replaceAll('new URL(file, import.meta.url)', 'new URL(file)');
}

const embedding = {
	name: 'embed-files',
	setup(bundle) {
		bundle.onLoad({ filter: /[\\/]src[\\/](kernels|projection)[\\/].*\.ts$/ }, ({ path }) => ({
			contents: embedFiles(readFileSync(path, 'utf8'), path),
			loader: 'ts',
		}));
	},
};

/** Back ends of TensorFlow.js register themselves when they are imported, which their package.json denies. */
const registration = {
	name: 'registration',
	setup(bundle) {
		bundle.onResolve({ filter: /^@tensorflow\/tfjs-backend-/ }, async ({ path, pluginData, ...from }) => {
			if (pluginData === 'resolving') return undefined;
			const found = await bundle.resolve(path, { ...from, pluginData: 'resolving' });
			return { ...found, sideEffects: true };
		});
	},
};

/** `require` for packages that ask for Node's own modules in the old way. */
const banner = `#!/usr/bin/env node
import { createRequire as nercoRequire } from 'node:module';
const require = nercoRequire(import.meta.url);`;

/** Builds the command into a folder; returns the path of the file. Throws when a file beside the program would be needed. */
export async function buildCli(folder = join(projectRoot, 'dist-cli')) {
	const outfile = join(folder, 'nerco.mjs');
	const { outputFiles } = await build({
		entryPoints: [join(projectRoot, 'src/cli/nerco.ts')],
		outfile,
		bundle: true,
		platform: 'node',
		format: 'esm',
		target: 'node20.19',
		external: ['webgpu'],
		plugins: [embedding, registration],
		banner: { js: banner },
		// Names stay, so that a stack trace can be read; licences of what is inside are at the end.
		minifyWhitespace: true,
		minifySyntax: true,
		legalComments: 'eof',
		logLevel: 'warning',
		write: false,
	});
	const [{ text }] = outputFiles;
	const beside = text.replace(banner, '').match(/.{0,80}import\.meta\.url.{0,20}/);
	if (beside) throw new Error(`expected one file that opens none beside itself, found: ${beside[0]}`);
	mkdirSync(folder, { recursive: true });
	writeFileSync(outfile, text, { mode: 0o755 });
	return outfile;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	const { values } = parseArgs({ options: { out: { type: 'string', default: join(projectRoot, 'dist-cli') } } });
	const path = await buildCli(resolve(values.out));
	console.log(`${relative(process.cwd(), path)}: ${(statSync(path).size / 1e6).toFixed(2)} MB`);
}
