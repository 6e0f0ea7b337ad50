// The one way to a part of the page that is loaded when it is first needed: with what is shown meanwhile, and with a
// notice where its file cannot be fetched or it breaks, so that no part takes the page with it.

import { Component, type ComponentType, lazy, type ReactNode, Suspense, useMemo, useSyncExternalStore } from 'react';

/** The file of a part could not be fetched. */
export class PartNotLoaded extends Error {}

export interface PartFailure {
	error: Error;
	retry(): void;
}

interface PartOptions<Props> {
	/** Shown while the part is loaded; nothing when not given. */
	waiting?(props: Props): ReactNode;
	broken(failure: PartFailure, props: Props): ReactNode;
}

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

export function lazyPart<Props extends object>(load: Load<Props>, options: PartOptions<Props>): ComponentType<Props> {
	let hasFailed = false;
	const make = () => {
		hasFailed = false;
		return lazy(() =>
			load().catch((error: unknown) => {
				hasFailed = true;
				throw new PartNotLoaded(error instanceof Error ? error.message : String(error), { cause: error });
			}),
		);
	};
	let latest = make();
	/** A lazy component keeps its failure for ever: another try is another component. */
	const componentOf = (_attempt: number) => {
		if (hasFailed) latest = make();
		return latest;
	};
	/** Where a part is shown several times, one more try is one for all. */
	let tries = 0;
	const listeners = new Set<() => void>();
	const subscribe = (listener: () => void) => {
		listeners.add(listener);
		return () => listeners.delete(listener);
	};
	const tryAgain = () => {
		tries++;
		for (const tell of listeners) tell();
	};
	return function LazyPart(props: Props) {
		const attempt = useSyncExternalStore(subscribe, () => tries);
		const Part = useMemo(() => componentOf(attempt), [attempt]);
		return (
			<PartBoundary
				key={attempt}
				onRetry={(error) => error instanceof PartNotLoaded && tryAgain()}
				broken={(failure) => options.broken(failure, props)}
			>
				<Suspense fallback={options.waiting?.(props) ?? null}>
					<Part {...props} />
				</Suspense>
			</PartBoundary>
		);
	};
}

interface BoundaryProps {
	children: ReactNode;
	onRetry?(error: Error): void;
	broken(failure: PartFailure): ReactNode;
}

export class PartBoundary extends Component<BoundaryProps, { error: Error | null }> {
	override state: { error: Error | null } = { error: null };

	static getDerivedStateFromError(error: unknown) {
		return { error: error instanceof Error ? error : new Error(String(error)) };
	}

	override render(): ReactNode {
		const { error } = this.state;
		if (!error) return this.props.children;
		const retry = () => {
			this.props.onRetry?.(error);
			this.setState({ error: null });
		};
		return this.props.broken({ error, retry });
	}
}
