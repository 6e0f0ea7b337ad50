import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentPolicy, pageHeaders } from './page-headers.mjs';
import { patienceMs } from './patience.mjs';
import { serveFolder } from './serve.mjs';

let parent = '';
let port = 0;
let close: () => Promise<unknown>;
const page = '<!doctype html><title>page</title>';
const bigBytes = 20_000_000;

beforeAll(async () => {
	parent = mkdtempSync(join(tmpdir(), 'nerco-serve-'));
	const folder = join(parent, 'dist');
	mkdirSync(join(folder, 'assets/empty'), { recursive: true });
	writeFileSync(join(parent, 'secret.txt'), 'secret');
	writeFileSync(join(folder, 'index.html'), page);
	writeFileSync(join(folder, 'assets/app.js'), 'export {};');
	writeFileSync(join(folder, 'assets/北京 100%.txt'), 'name');
	writeFileSync(join(folder, 'nothing.txt'), '');
	writeFileSync(join(folder, 'big.bin'), new Uint8Array(bigBytes));
	writeFileSync(join(folder, 'closed.txt'), 'closed');
	chmodSync(join(folder, 'closed.txt'), 0);
	if (process.platform !== 'win32') {
		symlinkSync(join(parent, 'secret.txt'), join(folder, 'out.txt'));
		symlinkSync(parent, join(folder, 'up'));
		symlinkSync('loop', join(folder, 'loop'));
		symlinkSync('index.html', join(folder, 'inside.html'));
		execFileSync('mkfifo', [join(folder, 'pipe.txt')]);
	}
	const server = await serveFolder({ folder });
	port = Number(new URL(server.url).port);
	close = server.close;
});
afterAll(async () => {
	await close();
	rmSync(parent, { recursive: true, force: true });
});

interface Answer {
	status: number;
	headers: Map<string, string>;
	body: string;
}

/** What the server writes until it closes the connection; status 0 where it closes without a word. */
function send(bytes: string | Uint8Array): Promise<Answer> {
	return new Promise((settle, fail) => {
		const socket = connect(port, '127.0.0.1');
		const parts: Buffer[] = [];
		socket.setTimeout(patienceMs, () => socket.destroy(new Error(`no answer within ${patienceMs} ms`)));
		socket.on('data', (part) => parts.push(part));
		socket.on('error', (error) => (parts.length > 0 ? settle(read(parts)) : fail(error)));
		socket.on('close', () => settle(read(parts)));
		socket.write(bytes);
	});
}

function read(parts: Buffer[]): Answer {
	const text = Buffer.concat(parts).toString('latin1');
	const [head, ...body] = text.split('\r\n\r\n');
	const [line, ...fields] = head.split('\r\n');
	const headers = new Map(
		fields.map((field) => {
			const colon = field.indexOf(':');
			return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
		}),
	);
	return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(line)?.[1] ?? 0), headers, body: body.join('\r\n\r\n') };
}

const ask = (target: string, method = 'GET', host = `localhost:${port}`) =>
	send(`${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

describe('the server of the page', () => {
	test.each([
		['/', page],
		['/index.html?x=/../y#z', page],
		['/assets/app.js', 'export {};'],
		['/%61ssets/app.js', 'export {};'],
		[`/assets/${encodeURIComponent('北京 100%.txt')}`, 'name'],
		['/nothing.txt', ''],
		['http://localhost/index.html', page],
		['/inside.html', page],
	])('gives %s', async (target, body) => {
		const answer = await ask(target);
		expect(answer).toMatchObject({ status: 200, body });
		expect(Number(answer.headers.get('content-length'))).toBe(body.length);
	});

	const absent = [
		'/index.html/a',
		'/index.html/',
		'/none',
		'/%00',
		'/index.html%00.js',
		'/%ff',
		'/%',
		'/%zz/a%2',
		'/%e5%8c',
		`/${'a'.repeat(300)}`,
		`/${'北'.repeat(1000)}`.replaceAll('北', '%E5%8C%97'),
		`/${'a/'.repeat(4000)}`,
		`/${'../'.repeat(2000)}`,
		'/..',
		'/../secret.txt',
		'/assets/../../secret.txt',
		'/%2e%2e/secret.txt',
		'/%2e%2e%2fsecret.txt',
		'/..%5csecret.txt',
		'/..\\secret.txt',
		'/%252e%252e/secret.txt',
		'/%c0%ae%c0%ae/secret.txt',
		'/.%00./secret.txt',
		'/assets//app.js',
		'//localhost/index.html',
		'//evil.example/index.html',
		'/\\evil.example/index.html',
		'/assets',
		'/assets/',
		'/assets/empty/',
		'/C:/Windows/win.ini',
		'/index.html::$DATA',
		'/out.txt',
		'/up/secret.txt',
		'/loop',
		'/pipe.txt',
		'http://localhost/none',
		'http:///index.html/a',
		'ftp://localhost/x',
		'*',
	];
	test('answers 404 to whatever names no file of the folder', async () => {
		for (const target of absent) {
			const { status, body } = await ask(target);
			expect({ target: target.slice(0, 60), status, body }).toMatchObject({ status: 404, body: 'not found\n' });
		}
	});

	test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
		'answers 404 to an unreadable file',
		async () => {
			expect((await ask('/closed.txt')).status).toBe(404);
		},
	);

	test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'CONNECT'])(
		'answers 405 to %s',
		async (method) => {
			for (const target of method === 'CONNECT' ? ['localhost:1'] : ['/', '/none']) {
				const { status, headers } = await ask(target, method);
				expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'GET, HEAD' });
			}
		},
	);

	test('answers HEAD without a body, and a range with the whole file', async () => {
		const head = await ask('/index.html', 'HEAD');
		expect(head).toMatchObject({ status: 200, body: '' });
		expect(Number(head.headers.get('content-length'))).toBe(page.length);
		expect((await ask('/none', 'HEAD')).body).toBe('');
		const part = await send('GET / HTTP/1.1\r\nHost: localhost\r\nRange: bytes=9-2,5-\r\nConnection: close\r\n\r\n');
		expect(part).toMatchObject({ status: 200, body: page });
	});

	test('gives every answer the headers of the page', async () => {
		for (const answer of await Promise.all([
			ask('/'),
			ask('/none'),
			ask('/', 'POST'),
			ask('/', 'GET', 'evil.example'),
		])) {
			for (const [name, value] of Object.entries(pageHeaders))
				expect(answer.headers.get(name.toLowerCase())).toBe(value);
		}
		expect(pageHeaders['Content-Security-Policy']).toBe(`${contentPolicy}; frame-ancestors 'none'`);
		expect(pageHeaders['X-Content-Type-Options']).toBe('nosniff');
		expect(contentPolicy).not.toContain('frame-ancestors'); // browsers complain of it in a meta tag
	});

	test('gives its files under local names only', async () => {
		for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1:5173', '[::1]:5173', 'a.localhost', 'workstation'])
			expect((await ask('/', 'GET', host)).status).toBe(200);
		for (const host of ['evil.example', 'evil.example:5173', '127.0.0.1.evil.example', 'a b', '[::1', ':'])
			expect([400, 421]).toContain((await ask('/', 'GET', host)).status);
		expect((await ask('http://evil.example/')).status).toBe(421);
		expect((await send('GET / HTTP/1.0\r\n\r\n')).status).toBe(200);
		expect((await send('GET / HTTP/1.1\r\n\r\n')).status).toBe(400);
	});

	test('answers requests that are no HTTP', async () => {
		for (const bytes of [
			'\r\n\r\n\r\nhello\r\n\r\n',
			'GET\r\n\r\n',
			`GET / HTTP/1.1\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`,
		])
			expect([400, 431]).toContain((await send(bytes)).status);
	});

	test('outlives clients that break off, and frees their files', async () => {
		const leave = (bytes: string) =>
			new Promise<void>((settle) => {
				const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
				socket.on('error', () => {});
				socket.on('close', () => settle());
				socket.once('data', () => socket.resetAndDestroy());
				if (!bytes.endsWith('\r\n\r\n')) setTimeout(() => socket.destroy(), 20);
			});
		const whole = 'GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n';
		await Promise.all(Array.from({ length: 20 }, () => leave(whole)));
		await leave('GET /index.ht');
		expect((await ask('/big.bin')).body.length).toBe(bigBytes);
	});

	test('stays up whatever it is sent', async () => {
		const piece = fc.oneof(
			fc.constantFrom(
				'/',
				'..',
				'.',
				'%2e',
				'%2f',
				'%5c',
				'\\',
				'%00',
				'%',
				'%ff',
				':',
				'//',
				'index.html',
				'assets',
				'~',
				'?',
				'#',
				'*',
			),
			fc.string({ minLength: 1, maxLength: 8, unit: 'binary' }),
			fc.string({ minLength: 200, maxLength: 400 }).map((text) => encodeURIComponent(text)),
		);
		const target = fc.array(piece, { maxLength: 12 }).map((parts) => `/${parts.join('')}`);
		const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'BREW');
		await fc.assert(
			fc.asyncProperty(method, target, async (verb, path) => {
				const { status, body } = await ask(path, verb);
				expect([200, 400, 404, 405, 431]).toContain(status);
				expect(body).not.toContain('secret');
			}),
			{ numRuns: 150, seed: 12 },
		);
		expect((await ask('/')).status).toBe(200);
	});

	test('says that its port is taken', async () => {
		await expect(serveFolder({ folder: parent, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
	});
});

test('a file that vanishes, shrinks or grows while it is sent ends that answer alone', async () => {
	const script = `
		import fs from 'node:fs';
		const { serveFolder } = await import(${JSON.stringify(new URL('./serve.mjs', import.meta.url).href)});
		const folder = process.argv[1];
		const server = await serveFolder({ folder, onRequest: (path) => {
			if (path === 'shrinks.bin') fs.truncateSync(folder + '/shrinks.bin', 10);
			if (path === 'grows.bin') fs.appendFileSync(folder + '/grows.bin', 'more');
			if (path === 'vanishes.bin') fs.rmSync(folder + '/vanishes.bin');
		} });
		const results = [];
		for (const name of ['shrinks.bin', 'grows.bin', 'vanishes.bin', 'whole.bin']) {
			const text = await fetch(server.url + name).then((answer) => answer.text()).catch(() => 'broken off');
			results.push(name + ' ' + (text.length > 50 ? text.length : text));
		}
		console.log(results.join(', '));
		await server.close();
	`;
	const folder = mkdtempSync(join(tmpdir(), 'nerco-serve-'));
	for (const name of ['shrinks.bin', 'grows.bin', 'vanishes.bin', 'whole.bin'])
		writeFileSync(join(folder, name), new Uint8Array(100_000));
	const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder]);
	let output = '';
	child.stdout.on('data', (part) => (output += part));
	child.stderr.on('data', (part) => (output += part));
	await new Promise((settle) => child.on('close', settle));
	rmSync(folder, { recursive: true });
	expect(output.trim()).toMatch(
		/^shrinks.bin broken off, grows.bin 100000, vanishes.bin (100000|broken off|not found), whole.bin 100000$/,
	);
});
