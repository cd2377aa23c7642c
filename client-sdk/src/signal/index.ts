/** The signalling session by itself, for programs that receive media in their own way. */
export { SignalClient, type SignalEvents, type SignalOptions, type SignalPlatform } from './SignalClient.ts';
export type { SignalSocket } from './socket.ts';
