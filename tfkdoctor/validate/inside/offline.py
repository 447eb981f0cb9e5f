"""Keeps a child off the network, as far as Python's own sockets go; sockets within the machine work."""

import socket

REFUSED = "tfkdoctor runs this without network"


def cut_off():
    family = getattr(socket, "AF_UNIX", None)
    connect = socket.socket.connect

    def refuse(self, address, *more):
        if self.family == family or (isinstance(address, tuple) and address[0] in ("127.0.0.1", "localhost", "::1")):
            return connect(self, address, *more)
        raise OSError(REFUSED)

    def nobody(host, *more, **named):
        if host in (None, "", "localhost", "127.0.0.1", "::1"):
            return look_up(host, *more, **named)
        raise OSError(REFUSED)

    look_up = socket.getaddrinfo
    try:
        socket.socket.connect = refuse
    except (AttributeError, TypeError):  # Python 2's socket is no class that can be changed
        pass
    socket.getaddrinfo = nobody
