import { expect, it } from 'vitest';
import { toServerUrl, toWebSocketUrl } from './urls.ts';

it.each([
  ['https://meet.example.org', 'wss://meet.example.org/ws'],
  ['http://localhost:8080/', 'ws://localhost:8080/ws'],
  ['wss://meet.example.org/ws', 'wss://meet.example.org/ws'],
  ['https://example.org/meet/', 'wss://example.org/meet/ws'],
  ['https://meet.example.org/?a=1#b', 'wss://meet.example.org/ws'],
])('finds the socket of %s at %s', (url, socket) => {
  expect(toWebSocketUrl(url)).toBe(socket);
});

it.each([
  ['wss://meet.example.org/ws', 'https://meet.example.org'],
  ['ws://localhost:8080/ws', 'http://localhost:8080'],
  ['wss://example.org/meet/ws', 'https://example.org/meet'],
])('finds the server of the socket %s at %s', (socket, url) => {
  expect(toServerUrl(socket)).toBe(url);
});
