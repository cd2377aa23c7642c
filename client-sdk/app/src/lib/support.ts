/** Whether this browser can join a meeting at all. */
export const WEBRTC_SUPPORTED = typeof RTCPeerConnection !== 'undefined';
