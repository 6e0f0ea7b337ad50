// What every page says of storage when something is wrong with it: loaded only then.

import { StorageBanner } from './StorageBanner';
import { UnsavedSign } from './UnsavedSign';

export default function StorageSigns() {
	return (
		<>
			<StorageBanner />
			<UnsavedSign />
		</>
	);
}
