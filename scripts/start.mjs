// `npm start`: installs what is missing, builds the page, serves it and opens it in the browser.
// Options: --port N (default 5173), --host-name NAME (behind a proxy of that name), --no-open.

import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';
import { serveFolder } from './serve.mjs';

function readOptions() {
	try {
		const options = {
			port: { type: 'string', default: '5173' },
			'host-name': { type: 'string', multiple: true, default: [] },
			'no-open': { type: 'boolean', default: false },
		};
		const { values } = parseArgs({ options });
		const port = Number(values.port);
		if (!Number.isInteger(port) || port < 0 || port > 65535)
			throw new Error(`expected a port number, found ${values.port}`);
		return { port, hosts: values['host-name'].map((name) => name.toLowerCase()), opens: !values['no-open'] };
	} catch (error) {
		console.error(`${error.message}. Usage: npm start -- [--port N] [--host-name NAME] [--no-open]`);
		process.exit(2);
	}
}

function build() {
	const vite = join(projectRoot, 'node_modules/vite/bin/vite.js');
	const result = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
		cwd: projectRoot,
		stdio: 'inherit',
	});
	if (result.status !== 0) process.exit(1);
}

/** True where somebody can see a window open. */
function hasScreen() {
	if (process.env.CI) return false;
	return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function openInBrowser(url) {
	const commands = { darwin: ['open', [url]], win32: ['cmd', ['/c', 'start', '', url]] };
	const [command, args] = commands[process.platform] ?? ['xdg-open', [url]];
	const child = spawn(command, args, { stdio: 'ignore', detached: true });
	child.on('error', () => console.log('Could not open a browser: open the address yourself.'));
	child.unref();
}

/** Takes the next free port when the wanted one is in use. */
async function serve({ port, hosts }) {
	const folder = join(projectRoot, 'dist');
	try {
		return await serveFolder({ folder, hosts, port });
	} catch (error) {
		if (!['EADDRINUSE', 'EACCES'].includes(error.code)) throw error;
		console.log(`Port ${port} ${error.code === 'EACCES' ? 'needs more rights' : 'is in use'}: another one is taken.`);
		return await serveFolder({ folder, hosts, port: 0 });
	}
}

// Whoever reads the output may leave (`npm start | head -1`); the page is served all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
const options = readOptions();
ensureInstalled();
console.log('Building the page');
build();
const server = await serve(options);
console.log(`NerCo Workbench: ${server.url} (Ctrl-C to stop)`);
if (options.opens && hasScreen()) openInBrowser(server.url);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close().then(() => process.exit(0)));
