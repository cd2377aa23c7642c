/** What a room, a participant and all else look like from outside, on the WebSocket and in REST alike. */
export * from './models/basics.ts';
export * from './models/participant.ts';
export * from './models/egress.ts';
export * from './models/room.ts';
export * from './models/lobby.ts';
export * from './models/roomState.ts';
export * from './models/chat.ts';
export * from './models/phone.ts';
