// The page: static files that work under any base path. Worker and charts are pieces of their own, so that the first
// paint loads neither TensorFlow nor recharts.

import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { contentPolicy, isolationHeaders } from './scripts/page-headers.mjs';

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
				createReadStream(join(modelsFolder, path)).pipe(response);
			});
		},
		generateBundle() {
			for (const path of modelFiles()) {
				this.emitFile({ type: 'asset', fileName: `models/${path}`, source: readFileSync(join(modelsFolder, path)) });
			}
		},
	};
}

export default defineConfig({
	base: './',
	plugins: [
		react(),
		{ ...optimizeLocales.vite({ locales: ['en-US', 'zh-CN'] }), enforce: 'pre' },
		contentPolicyTag(),
		shippedModels(),
	],
	worker: { format: 'es' },
	build: { target: 'es2023', assetsInlineLimit: 0, chunkSizeWarningLimit: 1500 },
	server: { headers: isolationHeaders },
	preview: { headers: isolationHeaders },
});
