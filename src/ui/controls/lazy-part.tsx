// The one way to a part of the page that is loaded when it is first needed: with what is shown meanwhile, and with a
// notice where its file cannot be fetched or it breaks, so that no part takes the page with it.

import {
	Component,
	type ComponentType,
	type LazyExoticComponent,
	lazy,
	type ReactNode,
	Suspense,
	useState,
} from 'react';

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
	const next = () => {
		if (hasFailed) latest = make();
		return latest;
	};
	return function LazyPart(props: Props) {
		const [Part, setPart] = useState<LazyExoticComponent<ComponentType<Props>>>(next);
		return (
			<PartBoundary onRetry={() => setPart(next)} broken={(failure) => options.broken(failure, props)}>
				<Suspense fallback={options.waiting?.(props) ?? null}>
					<Part {...props} />
				</Suspense>
			</PartBoundary>
		);
	};
}

interface BoundaryProps {
	children: ReactNode;
	onRetry?(): void;
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
			this.props.onRetry?.();
			this.setState({ error: null });
		};
		return this.props.broken({ error, retry });
	}
}
