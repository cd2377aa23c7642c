/** The process of phones: SIP and sound, told what to do over its channel (see `@parley/protocol/phoneProcess`). */
import { servePhones } from './servePhones.ts';

servePhones();
