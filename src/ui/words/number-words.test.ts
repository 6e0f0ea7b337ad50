import { expect, test } from 'vitest';
import { bytesText, countText, durationText, points, rateText, roundedDuration } from './number-words';

test('numbers are written as the design asks', () => {
	expect(points(0.96817)).toBe('96.8');
	expect(points(undefined)).toBe('—');
	expect(rateText(0.0004)).toBe('4.0e−4');
	expect(countText(1234567)).toBe('1,234,567');
	expect(countText(999)).toBe('999');
	expect(durationText(700)).toBe('11 min 40 s');
	expect(durationText(3.14)).toBe('3.1 s');
});

test('times are told in the language of the page, remaining ones rounded', () => {
	expect(durationText(7500)).toBe('2 h 5 min');
	expect(durationText(700, 'zh')).toBe('11 分钟 40 秒');
	expect(roundedDuration(32)).toBe('35 s');
	expect(roundedDuration(340)).toBe('6 min');
	expect(roundedDuration(7300, 'zh')).toBe('2 小时');
});

test('bytes come in units of a thousand', () => {
	expect(bytesText(412_000_000)).toBe('412 MB');
	expect(bytesText(1_200_000_000)).toBe('1.2 GB');
	expect(bytesText(999)).toBe('999 B');
});
