import { ParleyError } from '@parley/protocol';
import type { PhoneAdmin } from './PhoneAdmin.ts';

const none = (): never => {
  throw new ParleyError('PHONES_OFF');
};

/** Where nobody looks after phones: for apps without them. */
export const NO_PHONE_ADMIN: PhoneAdmin = {
  isOn: false,
  ...{ listTrunks: none, getTrunk: none, putTrunk: none, deleteTrunk: none },
  ...{ listRules: none, getRule: none, putRule: none, deleteRule: none },
  ...{ listExtensions: none, getExtension: none, putExtension: none, deleteExtension: none },
  ...{ listCalls: none, getCall: none, exportCalls: none, listRefusedCalls: none },
  ...{ roomPhone: none, renewPin: none, listPins: none, createPin: none, revokePin: none },
  dialInOf: () => ({ numbers: [], pin: undefined }),
};
