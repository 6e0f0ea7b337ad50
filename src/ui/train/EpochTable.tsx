// Scores of every epoch: the table twin of the score chart.

import { memo } from 'react';
import type { EpochRow } from '../../state/run';
import { lossText, points } from '../number-words';
import { useRun } from '../run-store-context';

/** Rows shown: the latest ones. */
const rowLimit = 100;

export function EpochTable() {
	const epochs = useRun((state) => state.epochs);
	const shown = epochs.slice(-rowLimit);
	return (
		<section className="card" aria-labelledby="epochs-title">
			<header>
				<h2 id="epochs-title">Epochs</h2>
				<span className="hint">
					{epochs.length > rowLimit && `latest ${rowLimit} of ${epochs.length} `}
					<span className="badge">published rule</span>
				</span>
			</header>
			{epochs.length === 0 ? (
				<p className="hint">Dev and test F1 stand here after the first epoch.</p>
			) : (
				<div className="scroll">
					<table>
						<thead>
							<tr>
								<th scope="col">Stage</th>
								<th scope="col">Epoch</th>
								<th scope="col">Train loss</th>
								<th scope="col">Dev loss</th>
								<th scope="col">Dev F1</th>
								<th scope="col">Test F1</th>
								<th scope="col">Best</th>
							</tr>
						</thead>
						<tbody>
							{shown.map((row) => (
								<Row key={`${row.stage} ${row.epoch}`} row={row} />
							))}
						</tbody>
					</table>
				</div>
			)}
		</section>
	);
}

const Row = memo(function Row({ row }: { row: EpochRow }) {
	return (
		<tr>
			<td>{row.stage}</td>
			<td>{row.epoch}</td>
			<td data-value={row.trainLoss}>{lossText(row.trainLoss)}</td>
			<td>{lossText(row.dev?.loss)}</td>
			<td>{points(row.dev?.scores?.published.micro.f1)}</td>
			<td>{points(row.test?.scores?.published.micro.f1)}</td>
			<td>{row.isBest ? '●' : ''}</td>
		</tr>
	);
});
