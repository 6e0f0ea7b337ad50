// What went wrong, where, what was expected, what came, and what to do.

import type { Problem } from '../../state/run';

export function ProblemNotice({ problem }: { problem: Problem }) {
	if (problem.kind === 'bug') {
		return (
			<div className="notice notice-bad" role="alert">
				<strong>The run broke: {problem.message}</strong>
				<p>This is a fault of the workbench. Reload the page and try again; if it comes back, report it.</p>
			</div>
		);
	}
	if (problem.kind === 'run-ended') {
		return (
			<div className="notice notice-bad" role="alert" data-code={problem.reason}>
				<strong>The run ended</strong>
				<p>{problem.message}</p>
				{problem.reason === 'device-lost' && <p>Reload the page, then continue the saved run from its last epoch.</p>}
			</div>
		);
	}
	return (
		<div className="notice notice-bad" role="alert" data-code={problem.code}>
			<strong>{problem.place.replace(/: $/, '') || 'Something needs a change'}</strong>
			<dl>
				<dt>expected</dt>
				<dd>{problem.expected}</dd>
				<dt>found</dt>
				<dd>{problem.found}</dd>
				<dt>what to do</dt>
				<dd>{problem.remedy}</dd>
			</dl>
		</div>
	);
}
