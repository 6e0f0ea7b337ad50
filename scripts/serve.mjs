// A small static server for the built page: right types, the headers of page-headers.mjs, nothing outside the folder.
// `npm start` and the browser tests use it. Any website can send it requests, so each one is answered and none ends it.

import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { isIP } from 'node:net';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { pageHeaders } from './page-headers.mjs';

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

const textType = 'text/plain; charset=utf-8';
const methods = ['GET', 'HEAD'];

/** Path and host of a request target such as `/a?b` or `http://host/a`; null for any other. */
function readTarget(target) {
	const parts = /^(?:https?:\/\/([^/?#]*))?(\/[^?#]*|)(?:[?#].*)?$/i.exec(target);
	if (!parts || target === '') return null;
	return { host: parts[1] ?? null, path: parts[2] || '/' };
}

/**
 * Names of the file below the folder, or null for what can be none. Each is decoded alone, so no escape adds a level;
 * `..` and empty names are refused rather than resolved, and so is what Windows reads as a drive, a stream or a separator.
 */
function readNames(path, basePath) {
	if (!path.startsWith(basePath)) return null;
	const rest = path.slice(basePath.length);
	if (rest === '') return ['index.html'];
	try {
		const names = rest.split('/').map(decodeURIComponent);
		// biome-ignore lint/suspicious/noControlCharactersInRegex: such names are refused
		return names.some((name) => name === '' || /^\.\.?$|[/\\:\u0000-\u001f]/.test(name)) ? null : names;
	} catch {
		return null;
	}
}

/** Nothing of that name, as the system says it in its various ways. */
const absentCodes = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL', 'EACCES', 'EPERM', 'EISDIR', 'ENXIO'];

/** The open file that a path names; null when there is none, or a link leads out of the folder. */
async function openFile(folder, names) {
	let handle = null;
	try {
		const root = await realpath(folder);
		const file = await realpath(join(root, ...names));
		if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) return null;
		if (!(await stat(file)).isFile()) return null; // opening a pipe would wait for its writer
		handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
		const status = await handle.stat();
		if (status.isFile()) return { handle, sizeBytes: status.size };
	} catch (error) {
		if (!absentCodes.includes(error.code)) {
			await handle?.close();
			throw error;
		}
	}
	await handle?.close();
	return null;
}

/**
 * Whether the page is asked for by a name of this machine or its network: a public name that leads here is a trick of
 * some website (DNS rebinding), unless it is one of `hosts`. No host at all is no browser.
 */
function isLocalName(host, hosts) {
	if (host === undefined) return true;
	const name = /^(\[[^\]]+\]|[^:]+)(?::\d*)?$/
		.exec(host)?.[1]
		.toLowerCase()
		.replace(/^\[|\]$/g, '');
	if (name === undefined || !/^[\w.:-]+$/.test(name)) return false;
	return isIP(name) !== 0 || !name.includes('.') || name.endsWith('.localhost') || hosts.includes(name);
}

/**
 * Serves a folder under a base path that begins and ends with '/'. Port 0 takes a free one.
 * `onRequest` hears the path of each file served, relative to the folder. Without `sendsHeaders` it is as a static host is:
 * no isolation, and the content policy only in the page itself. `hosts` are names that the page may be asked for by.
 * Resolves with the address of the page and a function that ends the server.
 */
export function serveFolder({
	folder,
	basePath = '/',
	port = 0,
	host = '127.0.0.1',
	hosts = /** @type {string[]} */ ([]),
	sendsHeaders = true,
	onRequest = (_path) => {},
}) {
	const headers = { ...(sendsHeaders ? pageHeaders : {}), 'Cache-Control': 'no-cache' };
	const refuse = (response, status, text, more = {}) => {
		const about = { 'Content-Type': textType, 'Content-Length': Buffer.byteLength(text) };
		response.writeHead(status, { ...headers, ...more, ...about }).end(text);
	};

	async function answer(request, response) {
		if (!methods.includes(request.method)) {
			// The connection ends with the answer: what the request still sends need not be read.
			return refuse(response, 405, 'only GET and HEAD\n', { Allow: methods.join(', '), Connection: 'close' });
		}
		const target = readTarget(request.url);
		const names = target && readNames(target.path, basePath);
		const found = names && (await openFile(folder, names));
		if (!found) return refuse(response, 404, 'not found\n');
		const { handle, sizeBytes } = found;
		if (!isLocalName(target.host ?? request.headers.host, hosts)) {
			await handle.close();
			return refuse(response, 421, 'not known by this name\n');
		}
		onRequest(names.join('/'));
		const type = types[extname(names.at(-1))] ?? 'application/octet-stream';
		response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': sizeBytes });
		if (request.method === 'HEAD' || sizeBytes === 0) {
			await handle.close();
			response.end();
		} else sendFile(handle, sizeBytes, response);
	}

	const server = createServer((request, response) => {
		answer(request, response).catch(() => {
			if (response.headersSent) response.destroy();
			else refuse(response, 500, 'cannot be read\n');
		});
	});
	server.on('connect', (_request, socket) => {
		socket.on('error', () => {});
		const lines = Object.entries({ ...headers, Allow: methods.join(', '), Connection: 'close', 'Content-Length': 0 });
		const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
		socket.end(`HTTP/1.1 405 Method Not Allowed\r\n${head}\r\n`);
	});
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			server.off('error', reject);
			server.on('error', () => {}); // a connection that could not be taken (no free descriptor): the next one may be
			const close = () =>
				new Promise((done) => {
					server.close(done);
					server.closeAllConnections();
				});
			resolve({ url: `http://localhost:${server.address().port}${basePath}`, close });
		});
	});
}

/** Sends so many bytes; a file that is shorter by now, or cannot be read on, breaks the connection off. */
function sendFile(handle, sizeBytes, response) {
	const content = handle.createReadStream({ start: 0, end: sizeBytes - 1 });
	const { socket } = response; // which a response lets go when it has ended
	pipeline(content, response, (error) => {
		if (error || content.bytesRead < sizeBytes) socket?.destroy();
	});
}
