// Catches what breaks while a place is drawn, so that navigation, the run and the other places go on.

import { Component, type ReactNode } from 'react';
import { Button } from '../controls/Button';
import { EmptyState } from '../controls/EmptyState';
import { shellWords } from '../words/shell-words';
import { useWords } from '../words/words';

interface BoundaryState {
	error: Error | null;
}

export class PlaceBoundary extends Component<{ children: ReactNode }, BoundaryState> {
	override state: BoundaryState = { error: null };

	static getDerivedStateFromError(error: unknown): BoundaryState {
		return { error: error instanceof Error ? error : new Error(String(error)) };
	}

	override render(): ReactNode {
		const { error } = this.state;
		if (!error) return this.props.children;
		return <BrokenPlace error={error} onRetry={() => this.setState({ error: null })} />;
	}
}

function BrokenPlace({ error, onRetry }: { error: Error; onRetry(): void }) {
	const t = useWords(shellWords);
	return (
		<main className="main" id="main-part">
			<div role="alert" className="pane">
				<EmptyState
					title={t('placeBroke')}
					actions={
						<>
							<Button onPress={onRetry}>{t('tryAgain')}</Button>
							<Button onPress={() => window.location.reload()}>{t('reload')}</Button>
						</>
					}
				>
					<p>{error.message}</p>
					<p>{t('bugHint')}</p>
				</EmptyState>
			</div>
		</main>
	);
}
