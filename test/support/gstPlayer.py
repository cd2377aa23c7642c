"""A player by WHEP with GStreamer's webrtcbin: it offers, takes the answer, and decodes what comes until it is ended by SIGTERM.

Usage: gstPlayer.py URL TOKEN CODEC, where CODEC is vp8 or h264. Prints its offer, the state of its connection, and now and then
how many pictures and blocks of sound were decoded, and how loud the last one was.
"""

import signal
import struct
import sys
import urllib.request
from urllib.parse import urljoin

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

# Payload types that a browser would never choose.
VIDEO = {
    "vp8": "application/x-rtp,media=video,encoding-name=VP8,payload=121,clock-rate=90000,rtcp-fb-nack-pli=true",
    "h264": "application/x-rtp,media=video,encoding-name=H264,payload=122,clock-rate=90000,rtcp-fb-nack-pli=true,"
    "packetization-mode=(string)1,profile-level-id=(string)42e01f",
}
AUDIO = "application/x-rtp,media=audio,encoding-name=OPUS,payload=98,clock-rate=48000,encoding-params=(string)2"
DECODERS = {
    "VP8": "rtpvp8depay ! vp8dec",
    "H264": "rtph264depay ! h264parse ! openh264dec",
    "OPUS": "rtpopusdepay ! opusdec ! audioconvert ! audio/x-raw,format=S16LE,channels=1",
}


def say(line):
    print(line, flush=True)


class Player:
    def __init__(self, url, token, codec):
        self.url, self.token, self.session = url, token, None
        self.counts = {"video": 0, "audio": 0}
        self.level = 0
        self.loop = GLib.MainLoop()
        self.pipeline = Gst.Pipeline.new()
        self.peer = Gst.ElementFactory.make("webrtcbin", "peer")
        self.peer.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        self.pipeline.add(self.peer)
        self.peer.connect("pad-added", self.play)
        self.peer.connect("notify::ice-gathering-state", self.gathered)
        self.peer.connect("notify::connection-state", self.changed)
        self.caps = [AUDIO, VIDEO[codec]]

    def run(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            GLib.unix_signal_add(GLib.PRIORITY_HIGH, number, self.loop.quit)
        self.pipeline.set_state(Gst.State.PLAYING)
        for caps in self.caps:
            self.peer.emit(
                "add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, Gst.Caps.from_string(caps)
            )
        self.peer.emit("create-offer", None, Gst.Promise.new_with_change_func(self.offered, None))
        GLib.timeout_add(200, self.report)
        self.loop.run()
        if self.session:
            self.ask("DELETE", self.session)
        self.pipeline.set_state(Gst.State.NULL)

    def offered(self, promise, _data):
        # NOTE: the offer lives in the reply, so that has to be held.
        reply = promise.get_reply()
        offer = reply["offer"]
        self.peer.emit("set-local-description", offer, Gst.Promise.new())

    def gathered(self, peer, _property):
        if peer.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            GLib.idle_add(self.post)

    def post(self):
        offer = self.peer.get_property("local-description").sdp.as_text()
        say("OFFER " + offer.replace("\r\n", "|"))
        status, headers, body = self.ask("POST", self.url, offer, "application/sdp")
        say(f"STATUS {status}")
        if status != 201:
            say(body)
            self.loop.quit()
            return False
        self.session = urljoin(self.url, headers["Location"])
        _, message = GstSdp.SDPMessage.new_from_text(body)
        answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
        self.peer.emit("set-remote-description", answer, Gst.Promise.new())
        return False

    def play(self, _peer, pad):
        caps = pad.get_current_caps().get_structure(0)
        name = caps.get_string("encoding-name")
        kind = caps.get_string("media")
        say(f"PAD {kind} {name}")
        # Webrtcbin repeats what the caps say of SSRC and so on: the depayloaders take it as it is.
        sink = Gst.parse_bin_from_description(
            f"queue ! {DECODERS[name]} ! appsink name=out emit-signals=true sync=false", True
        )
        sink.get_by_name("out").connect("new-sample", self.decoded, kind)
        self.pipeline.add(sink)
        sink.sync_state_with_parent()
        pad.link(sink.get_static_pad("sink"))

    def decoded(self, sink, kind):
        sample = sink.emit("pull-sample")
        self.counts[kind] += 1
        if kind == "audio":
            buffer = sample.get_buffer()
            data = buffer.extract_dup(0, buffer.get_size())
            self.level = max(abs(one) for one in struct.unpack(f"<{len(data) // 2}h", data))
        return Gst.FlowReturn.OK

    def report(self):
        say(f"DECODED video={self.counts['video']} audio={self.counts['audio']} level={self.level}")
        return True

    def changed(self, peer, _property):
        say("STATE " + peer.get_property("connection-state").value_nick)

    def ask(self, method, url, body=None, kind=None):
        request = urllib.request.Request(url, method=method, data=body and body.encode())
        request.add_header("Authorization", f"Bearer {self.token}")
        if kind:
            request.add_header("Content-Type", kind)
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, response.headers, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()


Gst.init(None)
Player(*sys.argv[1:4]).run()
