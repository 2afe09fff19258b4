"""Found first on the PYTHONPATH of every Python container: names that the local model stands for lead to its loopback ports.

Standard library only, and any Python 3: it runs in the container's interpreter, not in the local model's.
"""

import importlib.machinery
import importlib.util
import json
import os
import re
import socket
import sys

_DECLARED = json.loads(os.environ.get("LOCAL_AWS_NAMES", "{}"))
_IN_DNS = re.compile(r"\.[a-z][a-z0-9-]*$", re.IGNORECASE)  # with a dot, and no address

_getaddrinfo, _connect, _connect_ex = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex


def _names_in_dns():
    """Load balancers and services may be made after this process has started, so their names are read when one is asked for."""
    try:
        with open(os.environ["LOCAL_AWS_NAMES_FILE"]) as file:
            return json.load(file)
    except (KeyError, OSError, ValueError):
        return {}


def _stand_in(host, port):
    if isinstance(host, (bytes, bytearray)):
        host = host.decode("ascii", "replace")
    name = "%s:%s" % (host, port)
    found = _DECLARED.get(name)
    if found is None and isinstance(host, str) and _IN_DNS.search(host):
        found = _names_in_dns().get(name.lower())
    if found is None:
        return None
    address, _, local = found.partition(":")
    return address, int(local)


def getaddrinfo(host, port, *args, **kwargs):
    found = _stand_in(host, port)
    return _getaddrinfo(*(found or (host, port)), *args, **kwargs)


def _redirected(address):
    if isinstance(address, tuple) and len(address) == 2:
        return _stand_in(*address) or address
    return address


def connect(self, address):
    return _connect(self, _redirected(address))


def connect_ex(self, address):
    return _connect_ex(self, _redirected(address))


def _run_the_next_sitecustomize():
    """This module hides any other of its name; the one that would have been imported still runs."""
    here = os.path.dirname(os.path.abspath(__file__))
    others = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)


socket.getaddrinfo = getaddrinfo
socket.socket.connect = connect
socket.socket.connect_ex = connect_ex
_run_the_next_sitecustomize()
