import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { workbenchVersion } from './workbench-version';

test('results name the version that the package has', () => {
	expect(workbenchVersion).toBe(manifest.version);
});
