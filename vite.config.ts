// The page: static files that work under any base path. Worker and charts are pieces of their own, so that the first
// paint loads neither TensorFlow nor recharts.

import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { baseHeaders, contentPolicy, pageHeaders } from './scripts/page-headers.mjs';

/** Writes the content policy into the built page; the development server needs inline scripts of its own. */
function contentPolicyTag(): Plugin {
	return {
		name: 'content-policy-tag',
		apply: 'build',
		transformIndexHtml: () => [
			{
				tag: 'meta',
				attrs: { 'http-equiv': 'Content-Security-Policy', content: contentPolicy },
				injectTo: 'head-prepend',
			},
		],
	};
}

/** Modules that the first paint of every page needs, with all that they import. */
const frame =
	/src\/ui\/(shell\/Shell|shell\/shell-words|kit\/controls\/(Button|Choice|Dialog|TabStrip|broken-part|lazy-part|toasts)|navigation\/\w+)\.tsx?$/;

const serviceWorkerFile = 'service-worker.js';

/** Tells the built service worker which files there are and which headers a page needs. */
function serviceWorkerLists(): Plugin {
	return {
		name: 'service-worker-lists',
		apply: 'build',
		writeBundle(options) {
			const folder = options.dir ?? 'dist';
			const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
				.map((path) => path.replaceAll('\\', '/'))
				.filter((path) => path !== serviceWorkerFile && statSync(join(folder, path)).isFile());
			const files = paths.sort().map((path) => {
				const revision = createHash('sha256')
					.update(readFileSync(join(folder, path)))
					.digest('hex')
					.slice(0, 16);
				return { url: path, revision: path.startsWith('assets/') ? null : revision };
			});
			const file = join(folder, serviceWorkerFile);
			let text = readFileSync(file, 'utf8');
			for (const [name, list] of Object.entries({ __WB_MANIFEST: files, __PAGE_HEADERS: pageHeaders })) {
				const pieces = text.split(`self.${name}`);
				if (pieces.length !== 2) throw new Error(`expected self.${name} once in ${file}, found ${pieces.length - 1}`);
				text = pieces.join(JSON.stringify(list));
			}
			writeFileSync(file, text);
		},
	};
}

const modelsFolder = join(import.meta.dirname, 'models');

/** Files of models/ that the page reads, relative to it; cards and logs are for people. */
function modelFiles(): string[] {
	const paths = readdirSync(modelsFolder, { recursive: true, encoding: 'utf8' });
	return paths.filter((path) => !path.endsWith('.md') && statSync(join(modelsFolder, path)).isFile());
}

/** The shipped checkpoints at models/ beside the page: copied by the build, served as they are in development. */
function shippedModels(): Plugin {
	return {
		name: 'shipped-models',
		configureServer(server) {
			server.middlewares.use('/models', (request, response, next) => {
				const path = (request.url ?? '').replace(/^\/|[?#].*$/g, '');
				if (!modelFiles().includes(path)) return next();
				const type = path.endsWith('.json') ? 'application/json' : 'application/octet-stream';
				response.setHeader('Content-Type', type);
				pipeline(createReadStream(join(modelsFolder, path)), response, () => {}); // a failed read breaks off this answer
			});
		},
		generateBundle() {
			for (const path of modelFiles()) {
				this.emitFile({ type: 'asset', fileName: `models/${path}`, source: readFileSync(join(modelsFolder, path)) });
			}
		},
	};
}

/** The gallery of controls: for development and tests alone, so no user loads it. */
const galleryBuild = { outDir: 'dist-gallery', input: { gallery: 'gallery.html' } };
const pageBuild = { outDir: 'dist', input: { index: 'index.html', 'service-worker': 'src/worker/service-worker.ts' } };

export default defineConfig(({ mode }) => {
	const isGallery = mode === 'gallery';
	const { outDir, input } = isGallery ? galleryBuild : pageBuild;
	return {
		base: './',
		plugins: [
			react(),
			{ ...optimizeLocales.vite({ locales: ['en-US', 'zh-CN'] }), enforce: 'pre' },
			contentPolicyTag(),
			...(isGallery ? [] : [shippedModels(), serviceWorkerLists()]),
		],
		worker: { format: 'es' },
		build: {
			outDir,
			target: 'es2023',
			modulePreload: { polyfill: false }, // browsers without it load the same modules a little later
			assetsInlineLimit: 0,
			chunkSizeWarningLimit: 1500,
			rolldownOptions: {
				input,
				// A service worker rules over the folder that it lies in, under a name that stays.
				output: {
					entryFileNames: ({ name }) => (name === 'service-worker' ? serviceWorkerFile : 'assets/[name]-[hash].js'),
					// What surrounds every page stays one file: in a dozen small ones it would be larger.
					codeSplitting: { groups: [{ name: 'frame', test: frame }] },
				},
			},
		},
		server: { headers: baseHeaders },
		preview: { headers: pageHeaders },
	};
});
