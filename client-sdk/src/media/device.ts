/**
 * mediasoup-client's Device, with the slow part done ahead of time. Asking a browser what it can do takes tens of
 * milliseconds; the answer is the same for every room, so it is asked while the socket is still being opened, and not again
 * when media is made anew.
 */
import { detectDevice, Device } from 'mediasoup-client';
import { Chrome111 } from 'mediasoup-client/handlers/Chrome111';
import { Chrome74 } from 'mediasoup-client/handlers/Chrome74';
import { Firefox120 } from 'mediasoup-client/handlers/Firefox120';
import { ReactNative106 } from 'mediasoup-client/handlers/ReactNative106';
import { Safari12 } from 'mediasoup-client/handlers/Safari12';
import type {
  BuiltinHandlerName,
  DeviceOptions,
  HandlerFactory,
  HandlerGetNativeRtpCapabilitiesOptions,
  RtpCapabilities,
} from 'mediasoup-client/types';

const HANDLERS: Record<BuiltinHandlerName, { createFactory: typeof Chrome111.createFactory }> = {
  Chrome111,
  Chrome74,
  Firefox120,
  ReactNative106,
  Safari12,
};

type Direction = HandlerGetNativeRtpCapabilitiesOptions['direction'];

const known = new Map<string, Promise<RtpCapabilities>>();

/** Asks the browser anew what it can do. What goes wrong is told by `createDevice`. */
export function warmUp(options: DeviceOptions): void {
  try {
    const factory = factoryOf(options);
    if (!factory) return;
    for (const direction of ['recvonly', 'sendonly'] as const) {
      known.delete(`${factory.name} ${direction}`);
      factory.getNativeRtpCapabilities({ direction }).catch(() => undefined);
    }
  } catch {
    // No WebRTC here.
  }
}

/** Throws where WebRTC is missing or too old. */
export function createDevice(options: DeviceOptions): Device {
  const handlerFactory = factoryOf(options);
  return new Device(handlerFactory ? { handlerFactory } : {});
}

function factoryOf({
  handlerFactory,
  handlerName = handlerFactory ? undefined : detectDevice(),
}: DeviceOptions): HandlerFactory | undefined {
  const factory = handlerFactory ?? (handlerName && HANDLERS[handlerName].createFactory({}));
  if (!factory) return undefined;
  return {
    ...factory,
    getNativeRtpCapabilities: ({ direction }) => remember(factory, direction),
  };
}

function remember(factory: HandlerFactory, direction: Direction): Promise<RtpCapabilities> {
  const key = `${factory.name} ${direction}`;
  let capabilities = known.get(key);
  if (!capabilities) {
    const asked = factory.getNativeRtpCapabilities({ direction });
    capabilities = asked;
    known.set(key, asked);
    asked.catch(() => known.delete(key));
  }
  return capabilities;
}
