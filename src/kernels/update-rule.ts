// What an update's rule means for one parameter, the same on every device.

import type { UpdateRule } from './operations';
import type { TrainedParameter } from './parameters';

/** The rule with the parameter's own rate, decay and count. */
export function ownRule(rule: UpdateRule, { rate, decays, updatesBefore = 0 }: TrainedParameter): UpdateRule {
	const own = { learningRate: rule.learningRate * rate, weightDecay: decays ? rule.weightDecay : 0 };
	if (rule.kind === 'sgd') return { ...rule, ...own };
	return { ...rule, ...own, count: Math.max(1, rule.count - updatesBefore) };
}

/** What all gradients are multiplied by; `norm` is that of all of them together. A norm that is not a number stays visible. */
function clipFactor(clipNorm: number, norm: number): number {
	return Math.min(1, clipNorm / (norm + 1e-6));
}

/** What an update multiplies all gradients by, whose norm as they are is asked for where the rule limits it. */
export function gradientFactor({ gradientScale = 1, clipNorm }: UpdateRule, norm: () => number): number {
	return clipNorm > 0 ? gradientScale * clipFactor(clipNorm, gradientScale * norm()) : gradientScale;
}
