"""Makes faults that the local Bedrock has no kind for: a relay before it, which alters what it sends."""

import socket
import struct
import threading
import zlib
from dataclasses import dataclass

CHUNK = 65536
CONNECT_LIMIT_S = 10
# RFC 9113, sections 4.1 and 6: the first stream of a client is 1, and NO_ERROR is 0.
FIRST_STREAM = 1
DATA, GOAWAY = 0, 7


@dataclass(frozen=True)
class Alteration:
    """Bytes that are put in the place of others. The old ones must arrive in one read, as an event
    that the server writes at once does; unless the connection ends there, the new ones are as long."""

    old: bytes
    new: bytes
    ends_connection: bool = False

    def apply(self, chunk):
        """The chunk as it is sent on, and whether the connection ends after it."""
        at = chunk.find(self.old)
        if at < 0:
            return chunk, False
        rest = b"" if self.ends_connection else chunk[at + len(self.old) :]
        return chunk[:at] + self.new + rest, self.ends_connection


def with_checksum(frame):
    """A frame with the checksum that its bytes need."""
    return frame[:-4] + struct.pack("!I", zlib.crc32(frame[:-4]))


def http2_frame(kind, stream, payload):
    return struct.pack("!I", len(payload))[1:] + struct.pack("!BBI", kind, 0, stream) + payload


def http1_end_after(event, http_end):
    """The end of a body in chunks after an event, which is in a chunk of its own."""
    chunk = b"%x\r\n%b" % (len(event), event)
    end = {"proper": b"\r\n0\r\n\r\n", "missing": b""}[http_end]
    return Alteration(chunk, chunk + end, ends_connection=True)


def goaway_after(event):
    """A graceful end of an HTTP/2 connection after an event, which is in a frame of its own."""
    data = http2_frame(DATA, FIRST_STREAM, event)
    last = http2_frame(GOAWAY, 0, struct.pack("!II", FIRST_STREAM, 0))
    return Alteration(data, data + last, ends_connection=True)


def as_it_is(chunk):
    return chunk, False


def pump(source, sink, alter):
    """Sends on what comes, altered, until either side or the alteration ends it, and ends both."""
    try:
        ends = False
        while not ends and (chunk := source.recv(CHUNK)):
            chunk, ends = alter(chunk)
            sink.sendall(chunk)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Relay:
    """Listens on a port of its own and sends on to a server."""

    def __init__(self, server_url, alteration):
        self.target = ("127.0.0.1", int(server_url.rsplit(":", 1)[1]))
        self.alteration = alteration
        self.has_altered = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.certificate = None
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)  # Wakes the thread that accepts.
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.target, timeout=CONNECT_LIMIT_S)
            server.settimeout(None)
            for ends in ((client, server, as_it_is), (server, client, self._alter)):
                threading.Thread(target=pump, args=ends, daemon=True).start()

    def _alter(self, chunk):
        altered, ends = self.alteration.apply(chunk)
        self.has_altered |= altered != chunk
        return altered, ends
