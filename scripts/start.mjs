// `npm start`: installs what is missing, builds the page, serves it and opens it in the browser.
// Options: --port N (default 5173), --no-open.

import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';
import { serveFolder } from './serve.mjs';

function readOptions() {
	try {
		const options = { port: { type: 'string', default: '5173' }, 'no-open': { type: 'boolean', default: false } };
		const { values } = parseArgs({ options });
		const port = Number(values.port);
		if (!Number.isInteger(port) || port < 0 || port > 65535)
			throw new Error(`expected a port number, found ${values.port}`);
		return { port, opens: !values['no-open'] };
	} catch (error) {
		console.error(`${error.message}. Usage: npm start -- [--port N] [--no-open]`);
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
async function serve(port) {
	try {
		return await serveFolder({ folder: join(projectRoot, 'dist'), port });
	} catch (error) {
		if (error.code !== 'EADDRINUSE') throw error;
		return await serveFolder({ folder: join(projectRoot, 'dist'), port: 0 });
	}
}

const options = readOptions();
ensureInstalled();
console.log('Building the page');
build();
const server = await serve(options.port);
console.log(`NerCo Workbench: ${server.url} (Ctrl-C to stop)`);
if (options.opens && hasScreen()) openInBrowser(server.url);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close().then(() => process.exit(0)));
