// The worker's answer to a request that depends on what is shown: sent again when the request changes; the earlier answer stays, marked as
// waiting, until the new one arrives.

import { useEffect, useRef, useState } from 'react';
import { type Problem, toProblem } from '../../../state/problem';
import type { CommandName, Commands } from '../../../wire/messages';
import { useDataStores } from '../../context/data-context';

export interface Answer<Reply> {
	reply: Reply | null;
	problem: Problem | null;
	/** Whether the reply is of an earlier question, or there is none yet. */
	isWaiting: boolean;
}

/** `request` null sends nothing. A request is sent once it has been the same for `delayMs`. */
export function useAnswer<Name extends CommandName>(
	command: Name,
	request: Commands[Name]['request'] | null,
	delayMs = 0,
): Answer<Commands[Name]['reply']> {
	const { client } = useDataStores();
	const question = request === null ? '' : JSON.stringify(request);
	const latest = useRef(request);
	latest.current = request;
	const [answer, setAnswer] = useState<{
		question: string;
		reply: Commands[Name]['reply'] | null;
		problem: Problem | null;
	}>({
		question: '',
		reply: null,
		problem: null,
	});
	useEffect(() => {
		const asked = latest.current;
		if (question === '' || asked === null) return;
		let isOver = false;
		const timer = setTimeout(() => {
			client.ask(command, asked).then(
				(reply) => isOver || setAnswer({ question, reply, problem: null }),
				(error: unknown) => isOver || setAnswer(({ reply }) => ({ question, reply, problem: toProblem(error) })),
			);
		}, delayMs);
		return () => {
			isOver = true;
			clearTimeout(timer);
		};
	}, [client, command, question, delayMs]);
	if (question === '') return { reply: null, problem: null, isWaiting: false };
	return {
		reply: answer.reply,
		problem: answer.question === question ? answer.problem : null,
		isWaiting: answer.question !== question,
	};
}
