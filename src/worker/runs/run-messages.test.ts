import { expect, test } from 'vitest';
import type { TrainingEvent } from '../../experiment/events';
import { turns } from '../../testing/turns';
import { type RunMessagesOptions, sendRun } from './run-messages';

const started = { entityTypes: ['PER'], runId: 'a' };
const warning: TrainingEvent = { kind: 'warning', code: 'x', message: 'm' };
const finished: TrainingEvent = { kind: 'finished', reason: 'completed', message: '', stages: [], seconds: 1 };

/** Sends a run and lists what the page heard: the kinds of the events, or the name of another message. */
async function hear(run: RunMessagesOptions['run']) {
	const heard: string[] = [];
	const emit: RunMessagesOptions['emit'] = (name, payload) => {
		heard.push(...('events' in payload ? payload.events.map(({ kind }) => kind) : [name]));
	};
	const options = { emit, run, memoryBytes: () => 1, now: () => 0, later: () => {} };
	const reply = await sendRun(options).catch((error: Error) => error.message);
	await turns();
	return { heard, reply };
}

test('the end of a run is told only when the run has given its device back', async () => {
	let give = () => {};
	const isGiven = new Promise<void>((resolve) => (give = resolve));
	const { heard, reply } = await hear(async (tell, start) => {
		start(started);
		tell(warning);
		tell(finished);
		await isGiven;
	});
	expect([reply, heard]).toEqual([started, ['warning']]);
	give();
	await turns();
	expect(heard).toEqual(['warning', 'finished']);
});

test('what keeps a run from starting is the answer, what breaks it later a message of its own', async () => {
	expect(await hear(() => Promise.reject(new Error('no corpus')))).toEqual({ heard: [], reply: 'no corpus' });
	const broken = await hear(async (tell, start) => {
		start(started);
		tell(warning);
		throw new Error('broken');
	});
	expect(broken).toEqual({ heard: ['warning', 'run-failed'], reply: started });
});
