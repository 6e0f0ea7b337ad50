// The page: static files that work under any base path. Worker and charts are pieces of their own, so that the first
// paint loads neither TensorFlow nor recharts.

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

export default defineConfig({
	base: './',
	plugins: [react(), { ...optimizeLocales.vite({ locales: ['en-US', 'zh-CN'] }), enforce: 'pre' }, contentPolicyTag()],
	worker: { format: 'es' },
	build: { target: 'es2023', assetsInlineLimit: 0, chunkSizeWarningLimit: 1500 },
	server: { headers: isolationHeaders },
	preview: { headers: isolationHeaders },
});
