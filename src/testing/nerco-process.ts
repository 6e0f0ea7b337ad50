// The command as a process, for tests: its output, its exit code, and what happens when it is disturbed on the way.

import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const projectRoot = resolve(import.meta.dirname, '../..');
const command = resolve(projectRoot, 'src/cli/nerco.ts');
const loader = pathToFileURL(resolve(projectRoot, 'node_modules/tsx/dist/loader.mjs')).href;

export interface Finished {
	code: number | null;
	stdout: string;
	stderr: string;
}

export interface ProcessOptions {
	input?: string;
	cwd?: string;
	/** Hears what has been printed so far. */
	onOutput?(text: string, child: ChildProcess): void;
	/** Once the process is there. */
	onStart?(child: ChildProcess): void;
	/** A line of sh in which `"$@"` is the command. */
	shell?: string;
}

export function runNerco(args: readonly string[], options: ProcessOptions = {}): Promise<Finished> {
	return new Promise((settle, fail) => {
		const line = [process.execPath, '--import', loader, command, ...args];
		const [program, ...rest] = options.shell ? ['sh', '-c', options.shell, 'sh', ...line] : line;
		// Without the name of the command that started the tests, which may be nohup.
		const env = { ...process.env, _: undefined };
		const child = spawn(program, rest, { cwd: options.cwd ?? projectRoot, env });
		let stdout = '';
		let stderr = '';
		child.stdout.on('data', (part) => {
			stdout += part;
			options.onOutput?.(stdout, child);
		});
		child.stderr.on('data', (part) => (stderr += part));
		child.on('error', fail);
		child.on('close', (code) => settle({ code, stdout, stderr }));
		child.stdin.on('error', () => {}); // it may end before it has read all
		child.stdin.end(options.input ?? '');
		options.onStart?.(child);
	});
}

/** So many sentences of two types that are easy to tell apart, in BMES. */
export function smallCorpus(count: number): string {
	const names = ['北 B-LOC\n京 E-LOC', '王 B-PER\n明 E-PER', '上 B-LOC\n海 E-LOC', '李 B-PER\n红 E-PER'];
	const sentence = (index: number) => `${names[index % 4]}\n在 O\n${names[(index + 1) % 4]}\n好 O`;
	return `${Array.from({ length: count }, (_, index) => sentence(index)).join('\n\n')}\n`;
}
