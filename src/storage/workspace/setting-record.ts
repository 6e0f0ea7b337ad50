// A stored setting of the page: any JSON value under a name.

import { isRecord } from '../workbench-file';
import type { KindDefinition } from './item-record';

export interface SettingDetail {
	value: unknown;
}

export const settingKind: KindDefinition<SettingDetail> = {
	migrations: [],
	isValid: (detail): detail is SettingDetail => isRecord(detail) && 'value' in detail,
};
