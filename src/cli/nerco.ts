// The headless command `npm run nerco -- train|forecast|evaluate|tag|export|corpus|vectors|info`: which command, and its exit code.

import { exitCodes, reportError, UsageError } from './command-line';
import { watchStopSignals } from './stop-signals';
import { printText, watchOutput } from './terminal';
import { packageVersion } from './versions';

interface Command {
	summary: string;
	usage: string;
	run(args: readonly string[]): Promise<number>;
}

/** Loaded one at a time: `info` should not wait for the training floor. */
const commands: Record<string, () => Promise<Command>> = {
	train: async () => {
		const { trainCommand, trainUsage } = await import('./train-command');
		return { summary: 'train a model', usage: trainUsage, run: trainCommand };
	},
	forecast: async () => {
		const { forecastCommand, forecastUsage } = await import('./forecast-command');
		return { summary: 'estimate time and memory of a training run', usage: forecastUsage, run: forecastCommand };
	},
	evaluate: async () => {
		const { evaluateCommand, evaluateUsage } = await import('./evaluate-command');
		return { summary: 'evaluate a model on a corpus', usage: evaluateUsage, run: evaluateCommand };
	},
	tag: async () => {
		const { tagCommand, tagUsage } = await import('./tag-command');
		return { summary: 'tag entities in text', usage: tagUsage, run: tagCommand };
	},
	export: async () => {
		const { exportCommand, exportUsage } = await import('./export-command');
		return { summary: 'export a model to another format', usage: exportUsage, run: exportCommand };
	},
	corpus: async () => {
		const { corpusCommand, corpusUsage } = await import('./corpus-command');
		return { summary: 'inspect, check, split and convert corpora', usage: corpusUsage, run: corpusCommand };
	},
	vectors: async () => {
		const { vectorsCommand, vectorsUsage } = await import('./vectors-command');
		return { summary: 'inspect, pack and train vector files', usage: vectorsUsage, run: vectorsCommand };
	},
	info: async () => {
		const { infoCommand, infoUsage } = await import('./info-command');
		return { summary: 'show versions, devices and presets', usage: infoUsage, run: infoCommand };
	},
};

async function main(args: readonly string[]): Promise<number> {
	const [name, ...rest] = args;
	if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
		const loaded = await Promise.all(Object.values(commands).map((load) => load()));
		printText(`nerco ${packageVersion}: train and run Chinese named entity recognition\n`);
		printText(loaded.map((command) => command.usage).join('\n\n'));
		return name === undefined ? exitCodes.usage : exitCodes.done;
	}
	if (name === '--version') {
		printText(packageVersion);
		return exitCodes.done;
	}
	if (!Object.hasOwn(commands, name)) {
		throw new UsageError(`unknown command '${name}'; the commands are ${Object.keys(commands).join(', ')}`);
	}
	const command = await commands[name]();
	if (rest.includes('--help') || rest.includes('-h')) {
		printText(command.usage);
		return exitCodes.done;
	}
	return command.run(rest);
}

watchStopSignals();
watchOutput((exitCode) => process.exit(exitCode));
const exitCode = await main(process.argv.slice(2)).catch(reportError);
// A GPU driver may keep the process alive after all is done; what was printed is flushed first, and a failure to is heard.
process.stdout.write('', () => process.stderr.write('', () => setImmediate(() => process.exit(exitCode))));
