"""An encoder that publishes by WHIP with GStreamer's webrtcbin: a moving pattern and a tone, until it is ended by SIGTERM.

Usage: gstPublisher.py URL TOKEN CODEC, where CODEC is vp8 or h264. Prints its offer, then the state of its connection.
"""

import signal
import sys
import urllib.request
from urllib.parse import urljoin

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

ENCODERS = {
    "vp8": "vp8enc deadline=1 keyframe-max-dist=60 ! rtpvp8pay pt=96",
    "h264": "openh264enc complexity=low gop-size=60 ! video/x-h264,profile=constrained-baseline ! h264parse"
    " ! rtph264pay pt=96 config-interval=-1 aggregate-mode=zero-latency",
}
NAMES = {"vp8": "VP8", "h264": "H264"}


def say(line):
    print(line, flush=True)


class Publisher:
    def __init__(self, url, token, codec):
        self.url, self.token, self.session = url, token, None
        self.loop = GLib.MainLoop()
        self.pipeline = Gst.parse_launch(
            "webrtcbin name=peer bundle-policy=max-bundle "
            "videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=30/1 "
            f"! videoconvert ! {ENCODERS[codec]} "
            f"! application/x-rtp,media=video,encoding-name={NAMES[codec]},payload=96 ! peer. "
            "audiotestsrc is-live=true wave=sine freq=300 ! audioconvert ! audioresample ! opusenc ! rtpopuspay pt=97 "
            "! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! peer."
        )
        self.peer = self.pipeline.get_by_name("peer")
        self.peer.connect("on-negotiation-needed", self.negotiate)
        self.peer.connect("notify::ice-gathering-state", self.gathered)
        self.peer.connect("notify::connection-state", self.changed)

    def run(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            GLib.unix_signal_add(GLib.PRIORITY_HIGH, number, self.loop.quit)
        self.pipeline.set_state(Gst.State.PLAYING)
        self.loop.run()
        if self.session:
            self.ask("DELETE", self.session)
        self.pipeline.set_state(Gst.State.NULL)

    def negotiate(self, peer):
        for index in range(2):
            peer.emit("get-transceiver", index).set_property(
                "direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY
            )
        peer.emit("create-offer", None, Gst.Promise.new_with_change_func(self.offered, None))

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
Publisher(*sys.argv[1:4]).run()
