// What the commands of `nerco` share: options by parseArgs with clear refusals, and how errors become exit codes.
// 0: done; 1: something the user can mend, or a run that ended badly; 2: an unknown command or option; 75: another process
// writes the output (EX_TEMPFAIL of sysexits.h: try again later); 130: stopped by a signal.

import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UserError } from '../util/errors';
import { printNotes } from './terminal';

export const exitCodes = { done: 0, failed: 1, usage: 2, locked: 75, stopped: 130 } as const;

/** A command line that cannot be read; ends the command with exit code 2. */
export class UsageError extends Error {}

type OptionTable = NonNullable<ParseArgsConfig['options']>;

/** Options of one command; throws UsageError for unknown ones, missing values and stray words. */
export function readOptions<const Table extends OptionTable>(args: readonly string[], options: Table) {
	try {
		return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values;
	} catch (error) {
		throw new UsageError(describeParseError(error, Object.keys(options)));
	}
}

/** The same where files stand as words of their own between the options. */
export function readFilesAndOptions<const Table extends OptionTable>(args: readonly string[], options: Table) {
	try {
		const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
		return { files: parsed.positionals, options: parsed.values };
	} catch (error) {
		throw new UsageError(describeParseError(error, Object.keys(options)));
	}
}

function describeParseError(error: unknown, known: readonly string[]): string {
	const code = (error as { code?: string }).code ?? '';
	const message = error instanceof Error ? error.message : String(error);
	const quoted = /'([^']*)'/.exec(message)?.[1] ?? '';
	if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
		return `unknown option '${quoted}'; the options are ${known.map((name) => `--${name}`).join(', ')}`;
	}
	if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
		return `unexpected argument '${quoted}'; give each file with its option`;
	if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
		const option = /--[a-z-]+/.exec(quoted)?.[0] ?? quoted;
		if (/does not take/.test(message)) return `${option} takes no value`;
		return `${option} needs a value; write ${option}=VALUE if the value starts with a dash`;
	}
	throw error;
}

/** The value of an option that must be there. */
export function required(value: string | undefined, option: string, meaning: string): string {
	if (value === undefined || value === '') throw new UsageError(`--${option} is required: ${meaning}`);
	return value;
}

/** An integer option of at least `least`. */
export function integerOption(text: string, option: string, least: number): number {
	const value = Number(text);
	if (text.trim() === '' || !Number.isSafeInteger(value) || value < least) {
		throw new UsageError(`--${option} must be an integer of at least ${least}, not '${text}'`);
	}
	return value;
}

/** Writes an error to stderr in words and gives its exit code. Bugs keep their stack. */
export function reportError(error: unknown): number {
	if (error instanceof UsageError) {
		printNotes(`nerco: ${error.message}`, "Run 'nerco --help' for commands and options.");
		return exitCodes.usage;
	}
	if (error instanceof UserError) {
		printNotes(`nerco: ${error.message} [${error.code}]`);
		return ['output-locked', 'output-lock-lost'].includes(error.code) ? exitCodes.locked : exitCodes.failed;
	}
	const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
	printNotes(...text.split('\n'));
	return exitCodes.failed;
}
