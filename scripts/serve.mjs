// A small static server for the built page: right types, cross-origin isolation, the content policy as a header too
// (workers take theirs from headers), nothing outside the folder. `npm start` and the browser tests use it.

import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { contentPolicy, isolationHeaders } from './page-headers.mjs';

const types = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.json': 'application/json; charset=utf-8',
	'.wasm': 'application/wasm',
	'.svg': 'image/svg+xml',
	'.png': 'image/png',
	'.woff2': 'font/woff2',
	'.txt': 'text/plain; charset=utf-8',
	'.conll': 'text/plain; charset=utf-8',
	'.vec': 'text/plain; charset=utf-8',
};

/** The file that a request names, or null when it is outside the base path or not there. */
function resolveFile(folder, basePath, url) {
	let path;
	try {
		path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
	} catch {
		return null;
	}
	if (!path.startsWith(basePath)) return null;
	const file = normalize(join(folder, path.slice(basePath.length)));
	if (file !== normalize(folder) && !file.startsWith(normalize(folder) + sep)) return null;
	const status = statSync(file, { throwIfNoEntry: false });
	if (status?.isDirectory()) return resolveFile(folder, '/', '/index.html');
	return status?.isFile() ? { file, sizeBytes: status.size } : null;
}

/**
 * Serves a folder under a base path that begins and ends with '/'. Port 0 takes a free one.
 * `onRequest` hears the path of each file served, relative to the folder. Without `sendsHeaders` it is as a static host is:
 * no isolation, and the content policy only in the page itself.
 * Resolves with the address of the page and a function that ends the server.
 */
export function serveFolder({
	folder,
	basePath = '/',
	port = 0,
	host = '127.0.0.1',
	sendsHeaders = true,
	onRequest = (_path) => {},
}) {
	const pageHeaders = sendsHeaders ? { ...isolationHeaders, 'Content-Security-Policy': contentPolicy } : {};
	const server = createServer((request, response) => {
		const found =
			request.method === 'GET' || request.method === 'HEAD' ? resolveFile(folder, basePath, request.url) : null;
		const headers = { ...pageHeaders, 'Cache-Control': 'no-cache' };
		if (!found) {
			response.writeHead(404, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }).end('not found\n');
			return;
		}
		onRequest(found.file.slice(normalize(folder).length + 1).replaceAll(sep, '/'));
		const type = types[extname(found.file)] ?? 'application/octet-stream';
		response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': found.sizeBytes });
		if (request.method === 'HEAD') response.end();
		else createReadStream(found.file).pipe(response);
	});
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			const close = () =>
				new Promise((done) => {
					server.close(done);
					server.closeAllConnections();
				});
			resolve({ url: `http://localhost:${server.address().port}${basePath}`, close });
		});
	});
}
