/** Between the media shapes of the wire and those of mediasoup, which knows fewer values and writes them more strictly. */
import { getSupportedRtpCapabilities, ortc, type types } from 'mediasoup';
import type { DtlsParameters, RtpCapabilities, RtpParameters } from '@parley/protocol';
import { mediaRejected, reasonOf } from './mediaErrors.ts';

type Scalar = string | number | boolean | null;

const HEADER_EXTENSION_URIS: ReadonlySet<string> = new Set(
  (getSupportedRtpCapabilities().headerExtensions ?? []).map(({ uri }) => uri),
);
const FINGERPRINT_ALGORITHMS: ReadonlySet<string> = new Set<types.FingerprintAlgorithm>([
  'sha-1',
  'sha-224',
  'sha-256',
  'sha-384',
  'sha-512',
]);
const FINGERPRINT_VALUE = /^[0-9a-f]{2}(?::[0-9a-f]{2})+$/i;
const DIRECTIONS: ReadonlySet<string> = new Set<types.RtpHeaderExtensionDirection>([
  'sendrecv',
  'sendonly',
  'recvonly',
  'inactive',
]);

const isKnownUri = (uri: string): uri is types.RtpHeaderExtensionUri => HEADER_EXTENSION_URIS.has(uri);
const isAlgorithm = (name: string): name is types.FingerprintAlgorithm => FINGERPRINT_ALGORITHMS.has(name);
const isDirection = (name: string | undefined): name is types.RtpHeaderExtensionDirection =>
  name !== undefined && DIRECTIONS.has(name);
const isScalar = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** What a client can receive. Header extensions that mediasoup does not know are left out. Throws MEDIA_REJECTED. */
export function toRtpCapabilities({ codecs, headerExtensions }: RtpCapabilities): types.RtpCapabilities {
  const capabilities: types.RtpCapabilities = {
    codecs: (codecs ?? []).map((codec) => ({
      ...codec,
      // mediasoup wants one and never uses it: a consumer takes the payload types of the router.
      preferredPayloadType: codec.preferredPayloadType ?? 0,
    })),
    headerExtensions: (headerExtensions ?? []).flatMap(({ uri, direction, ...extension }) =>
      isKnownUri(uri) ? [{ ...extension, uri, ...(isDirection(direction) && { direction }) }] : [],
    ),
  };
  try {
    ortc.validateAndNormalizeRtpCapabilities(capabilities);
  } catch (error) {
    throw mediaRejected(reasonOf(error), error);
  }
  return capabilities;
}

const ESTIMATING_FEEDBACK: ReadonlySet<string> = new Set(['transport-cc', 'goog-remb']);
const ESTIMATING_EXTENSION = /transport-wide-cc|abs-send-time/;

/**
 * The same without what makes mediasoup estimate a bandwidth: then every consumer gets just the layers it prefers. Nobody
 * would answer the probes of an estimate on a plain transport, and it would stay at its first guess.
 */
export function withoutBandwidthEstimation({
  codecs = [],
  headerExtensions = [],
}: types.RtpCapabilities): types.RtpCapabilities {
  return {
    codecs: codecs.map((codec) => ({
      ...codec,
      rtcpFeedback: (codec.rtcpFeedback ?? []).filter(({ type }) => !ESTIMATING_FEEDBACK.has(type)),
    })),
    headerExtensions: headerExtensions.filter(({ uri }) => !ESTIMATING_EXTENSION.test(uri)),
  };
}

/** What a client sends. Header extensions that mediasoup does not know are left out. */
export function toRtpParameters({ headerExtensions, ...parameters }: RtpParameters): types.RtpParameters {
  return {
    ...parameters,
    headerExtensions: (headerExtensions ?? []).flatMap(({ uri, ...extension }) =>
      isKnownUri(uri) ? [{ ...extension, uri }] : [],
    ),
  };
}

/** What a router can forward, for the wire. */
export function fromRtpCapabilities({ codecs, headerExtensions }: types.RtpCapabilities): RtpCapabilities {
  return {
    codecs: (codecs ?? []).map(({ parameters, ...codec }) => ({
      ...codec,
      ...(parameters && { parameters: scalarsOf(parameters) }),
    })),
    headerExtensions: headerExtensions ?? [],
  };
}

/** What a consumer gets, for the wire. */
export function fromRtpParameters(parameters: types.RtpParameters): RtpParameters {
  return {
    ...parameters,
    codecs: parameters.codecs.map(({ parameters: values, ...codec }) => ({
      ...codec,
      ...(values && { parameters: scalarsOf(values) }),
    })),
    headerExtensions: (parameters.headerExtensions ?? []).map(({ parameters: values, ...extension }) => ({
      ...extension,
      ...(values && { parameters: scalarsOf(values) }),
    })),
  };
}

/** Throws MEDIA_REJECTED when no fingerprint is usable: without one, DTLS could not tell who is at the other end. */
export function toDtlsParameters({ role, fingerprints }: DtlsParameters): types.DtlsParameters {
  const usable = fingerprints.flatMap(({ algorithm, value }) =>
    isAlgorithm(algorithm) && FINGERPRINT_VALUE.test(value) ? [{ algorithm, value }] : [],
  );
  if (usable.length === 0) throw mediaRejected('There is no usable DTLS fingerprint.');
  return { ...(role && { role }), fingerprints: usable };
}

function scalarsOf(values: Record<string, unknown>): Record<string, Scalar> {
  const entries = Object.entries(values).filter((entry): entry is [string, Scalar] => isScalar(entry[1]));
  return Object.fromEntries(entries);
}
