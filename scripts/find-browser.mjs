// Finds the browsers of the tests. Chromium: the distribution's (fetched by apt where this runs as root and it is
// missing), else an installed Chrome or Chromium, else Playwright's own download, else a message that says what to
// do. Firefox: whichever is installed, or Debian's by apt; its test is skipped without one.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

/** Flags with which a headless Chromium offers WebGPU, by a real or by a software adapter, and stays off the network. */
export function browserFlags() {
	const flags = [
		'--enable-unsafe-webgpu',
		'--disable-quic',
		'--no-first-run',
		'--disable-background-networking',
		'--disable-component-update',
		'--disable-sync',
	];
	return process.getuid?.() === 0 ? [...flags, '--no-sandbox'] : flags;
}

function findOnPath(names) {
	const folders = (process.env.PATH ?? '').split(delimiter);
	for (const name of names) {
		const folder = folders.find((candidate) => existsSync(join(candidate, name)));
		if (folder) return join(folder, name);
	}
	return null;
}

/** A browser that starts: Ubuntu's `chromium-browser`, for one, may be an empty shell that asks for snap. */
function startsUp(path) {
	if (process.platform === 'win32') return true;
	return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

function distributionChromium() {
	if (process.platform !== 'linux') return null;
	const path = findOnPath(['chromium', 'chromium-browser']);
	return path && startsUp(path) ? path : null;
}

function installedChrome() {
	const paths = {
		linux: [findOnPath(['google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'])],
		darwin: [
			'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
			'/Applications/Chromium.app/Contents/MacOS/Chromium',
		],
		win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
			.filter(Boolean)
			.map((folder) => join(folder, 'Google/Chrome/Application/chrome.exe')),
	};
	const found = (paths[process.platform] ?? []).filter((path) => path && existsSync(path));
	return found.find(startsUp) ?? null;
}

function isDebian() {
	if (!existsSync('/etc/os-release')) return false;
	return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

function run(command, args, extraEnvironment = {}) {
	console.log(`> ${command} ${args.join(' ')}`);
	const environment = { ...process.env, ...extraEnvironment };
	return spawnSync(command, args, { stdio: 'inherit', env: environment }).status === 0;
}

/** Installs Debian packages without questions; true when it worked. Does nothing unless root on Debian. */
export function installByApt(packages) {
	if (process.getuid?.() !== 0 || !isDebian() || !findOnPath(['apt-get'])) return false;
	const quietly = { DEBIAN_FRONTEND: 'noninteractive' };
	const install = ['install', '-y', '-q', '--no-install-recommends', ...packages];
	return run('apt-get', ['update', '-q'], quietly) && run('apt-get', install, quietly);
}

async function playwrightChromium() {
	const { chromium } = await import('playwright');
	const isThere = () => existsSync(chromium.executablePath());
	if (!isThere()) run(process.execPath, ['node_modules/playwright/cli.js', 'install', 'chromium']);
	return isThere() ? chromium.executablePath() : null;
}

/** Path of a Chromium that starts. Throws an Error that tells the user how to get one. */
export async function findBrowser() {
	const given = process.env.NERCO_BROWSER;
	if (given) {
		if (existsSync(given)) return given;
		throw new Error(`expected a browser at NERCO_BROWSER=${given}, found nothing. Correct the path or unset it.`);
	}
	const distribution = distributionChromium() ?? (installByApt(['chromium']) ? distributionChromium() : null);
	const browser = distribution ?? installedChrome() ?? (await playwrightChromium());
	if (browser) return browser;
	throw new Error(
		'expected a Chromium for the browser tests, found none: apt, an installed Chrome or Chromium, and the download of ' +
			"Playwright all failed. Install Chrome or Chromium, or set NERCO_BROWSER to the browser's path.",
	);
}

export const firefoxMissing = 'Firefox: skipped, firefox-esr is not installed';

function installedFirefox() {
	const paths = {
		linux: [findOnPath(['firefox-esr']), findOnPath(['firefox'])],
		darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
		win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)']]
			.filter(Boolean)
			.map((folder) => join(folder, 'Mozilla Firefox/firefox.exe')),
	};
	const found = (paths[process.platform] ?? []).filter((path) => path && existsSync(path));
	return found.find(startsUp) ?? null;
}

/** Path of a Firefox that starts, or null. NERCO_FIREFOX names another one. `installs`: by apt, where it is missing. */
export async function findFirefox({ installs = false } = {}) {
	const given = process.env.NERCO_FIREFOX;
	if (given) return existsSync(given) ? given : null;
	return installedFirefox() ?? (installs && installByApt(['firefox-esr']) ? installedFirefox() : null);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) console.log(await findBrowser());
