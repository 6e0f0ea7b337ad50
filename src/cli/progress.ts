// What a training run prints: on a terminal one line that is redrawn, with a bar and the time left of the stage; in a
// pipe plain lines, one an epoch and one a minute within long epochs.

import type { Evaluation, TrainingEvent } from '../experiment/events';
import { printable } from '../util/printable';

export interface ProgressOutput {
	isTerminal: boolean;
	/** Characters of a terminal line. */
	columns: number;
	write(text: string): void;
}

const redrawSeconds = 0.1;
const heartbeatSeconds = 60;
const barWidth = 20;

/** Takes every event of a run in order; `clock` gives seconds. */
export class Progress {
	private epochs = 0;
	private stepsPerEpoch = 1;
	private stageIndex = 0;
	private stageCount = 1;
	private lastShown = 0;
	/** Seconds of the latest step and of the latest epoch's evaluation, smoothed, for the time left. */
	private secondsPerStep = 0;
	private secondsPerEvaluation = 0;
	private isLineOpen = false;

	constructor(
		private readonly output: ProgressOutput,
		private readonly clock: () => number,
	) {}

	take(event: TrainingEvent): void {
		switch (event.kind) {
			case 'run-started': {
				const { train, dev, test } = event.sentences;
				this.stageCount = event.config.stages.length;
				this.line(
					`${event.resumed ? 'resuming' : 'training'} on ${event.device.label}: ` +
						`${event.parameterCount.toLocaleString('en')} parameters; sentences ${train} train, ${dev} dev, ${test} test`,
				);
				return;
			}
			case 'stage-started':
				this.stageIndex = event.index;
				this.epochs = event.epochs;
				this.stepsPerEpoch = event.stepsPerEpoch;
				this.secondsPerStep = 0;
				this.secondsPerEvaluation = 0;
				this.lastShown = this.clock();
				this.line(
					`stage ${event.index + 1}/${this.stageCount} ${event.stage}: ${event.epochs} epochs of ${event.stepsPerEpoch} steps`,
				);
				return;
			case 'step':
				this.secondsPerStep = smooth(this.secondsPerStep, event.seconds);
				this.showStep(event);
				return;
			case 'epoch-finished':
				this.secondsPerEvaluation = smooth(this.secondsPerEvaluation, event.evaluationSeconds);
				this.line(describeEpoch(event, this.epochs));
				this.lastShown = this.clock();
				return;
			case 'stage-finished': {
				const { stage, bestEpoch, bestValue, epochsRun, reason } = event.summary;
				const best =
					bestEpoch > 0 ? `best epoch ${bestEpoch} (dev ${bestValue.toFixed(4)})` : 'no epoch was evaluated on dev';
				this.line(`stage ${stage} ended after ${epochsRun} epochs (${reason}); ${best}`);
				return;
			}
			case 'warning':
				this.line(`warning: ${event.message}`);
				return;
			case 'finished':
				this.line(`${event.reason}: ${event.message} ${formatSeconds(event.seconds)} in total`);
				return;
			default:
				event satisfies never;
		}
	}

	/** A whole line, above the redrawn one. */
	line(text: string): void {
		this.output.write(`${this.isLineOpen ? '\r\u001b[2K' : ''}${printable(text)}\n`);
		this.isLineOpen = false;
	}

	private showStep(event: Extract<TrainingEvent, { kind: 'step' }>): void {
		const now = this.clock();
		const wait = this.output.isTerminal ? redrawSeconds : heartbeatSeconds;
		if (now - this.lastShown < wait) return;
		this.lastShown = now;
		const stepInEpoch = event.step - (event.epoch - 1) * this.stepsPerEpoch;
		const text =
			`${this.stageIndex + 1}/${this.stageCount} ${event.stage} epoch ${event.epoch}/${this.epochs} ` +
			`step ${stepInEpoch}/${this.stepsPerEpoch} loss ${event.loss.toFixed(3)} stage ETA ${formatSeconds(this.secondsLeft(event.step))}`;
		if (!this.output.isTerminal) {
			this.line(text);
			return;
		}
		const share = event.step / (this.epochs * this.stepsPerEpoch);
		const filled = Math.min(barWidth, Math.round(share * barWidth));
		const bar = `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] `;
		this.output.write(`\r\u001b[2K${(bar + printable(text)).slice(0, Math.max(20, this.output.columns - 1))}`);
		this.isLineOpen = true;
	}

	/** Seconds until all planned epochs of the stage are done, at the pace of late; early stopping may end it sooner. */
	private secondsLeft(step: number): number {
		const steps = this.epochs * this.stepsPerEpoch - step;
		const evaluations = Math.ceil(steps / this.stepsPerEpoch) + (steps % this.stepsPerEpoch === 0 ? 1 : 0);
		return steps * this.secondsPerStep + evaluations * this.secondsPerEvaluation;
	}
}

function smooth(before: number, now: number): number {
	return before === 0 ? now : 0.9 * before + 0.1 * now;
}

function describeEpoch(event: Extract<TrainingEvent, { kind: 'epoch-finished' }>, epochs: number): string {
	const scores = [describeSplit('dev', event.dev), describeSplit('test', event.test)].filter((text) => text !== '');
	const seconds = event.trainSeconds + event.evaluationSeconds;
	const measured = scores.length > 0 ? scores.join('  ') : 'not evaluated';
	return (
		`${event.stage} epoch ${event.epoch}/${epochs}  train loss ${event.trainLoss.toFixed(4)}  ${measured}` +
		`  ${formatSeconds(seconds)}${event.isBest ? '  best' : ''}`
	);
}

function describeSplit(name: string, evaluation: Evaluation | null): string {
	if (!evaluation) return '';
	const micro = evaluation.scores?.published.micro;
	if (!micro) return `${name} loss ${evaluation.loss.toFixed(4)}`;
	const { precision, recall, f1 } = micro;
	return `${name} F1 ${f1.toFixed(4)} (P ${precision.toFixed(4)} R ${recall.toFixed(4)})`;
}

/** `41.2s`, `3m05s`, `2h07m`. */
export function formatSeconds(seconds: number): string {
	if (seconds < 60) return `${seconds.toFixed(1)}s`;
	const whole = Math.round(seconds);
	const pad = (value: number) => String(value).padStart(2, '0');
	if (whole < 3600) return `${Math.floor(whole / 60)}m${pad(whole % 60)}s`;
	return `${Math.floor(whole / 3600)}h${pad(Math.floor((whole % 3600) / 60))}m`;
}
