import { expect, test } from 'vitest';
import { type HangupTraces, isHangupIgnored } from './hangup';

const none: HangupTraces = {
	lastCommand: undefined,
	isTerminal: false,
	parentStatus: '',
	inputPath: '',
	inputInfo: '',
};
const statusWith = (ignored: string) => `Name:\tbash\nSigBlk:\t0000000000000000\nSigIgn:\t${ignored}\nSigCgt:\t00\n`;
const input = (flags: string) => `pos:\t0\nflags:\t${flags}\nmnt_id:\t24\n`;

test.each<[string, Partial<HangupTraces>]>([
	['bash started nohup', { lastCommand: '/usr/bin/nohup' }],
	['nohup replaced a terminal', { inputPath: '/dev/null', inputInfo: input('02100001') }],
	['the parent ignores it', { parentStatus: statusWith('0000000000001007') }],
])('SIGHUP is ignored where %s', (_, traces) => {
	expect(isHangupIgnored({ ...none, ...traces })).toBe(true);
});

test.each<[string, Partial<HangupTraces>]>([
	['nothing is known', {}],
	['a shell that nohup started runs it in a terminal', { lastCommand: '/usr/bin/nohup', isTerminal: true }],
	['another command started it', { lastCommand: '/usr/bin/node' }],
	['input is an empty file that can be read', { inputPath: '/dev/null', inputInfo: input('0100000') }],
	['input is a terminal', { inputPath: '/dev/pts/3', inputInfo: input('0100002') }],
	['the parent ignores other signals', { parentStatus: statusWith('0000000001001006') }],
])('SIGHUP is not ignored where %s', (_, traces) => {
	expect(isHangupIgnored({ ...none, ...traces })).toBe(false);
});
