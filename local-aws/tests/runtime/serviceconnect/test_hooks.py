"""The hooks: every usual way to connect leads to the loopback port behind a name, and nothing that was set is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from localaws.serviceconnect import hooks

NODE = {
    "fetch": "fetch('http://orders:8080/').then((a) => a.text()).then(console.log)",
    "http.get": "require('http').get('http://orders:8080/', (a) => a.pipe(process.stdout))",
    "http.get with an agent": "require('http').get({host: 'orders', port: 8080, agent: new (require('http').Agent)({keepAlive: true})}, (a) => { a.pipe(process.stdout); a.on('end', () => process.exit()) })",
    "net.connect with options": "require('net').connect({host: 'orders', port: 8080}, function () { this.end('GET / HTTP/1.0\\r\\n\\r\\n') }).pipe(process.stdout)",
    "net.connect with port and host": "require('net').connect(8080, 'orders', function () { this.end('GET / HTTP/1.0\\r\\n\\r\\n') }).pipe(process.stdout)",
    "Socket.connect": "new (require('net').Socket)().connect('8080', 'orders', function () { this.end('GET / HTTP/1.0\\r\\n\\r\\n') }).pipe(process.stdout)",
}
PYTHON = {
    "urllib": "import urllib.request; print(urllib.request.urlopen('http://orders:8080/').read().decode())",
    "http.client": "import http.client; c = http.client.HTTPConnection('orders', 8080); c.request('GET', '/'); print(c.getresponse().read().decode())",
    "socket.connect": "import socket; s = socket.socket(); s.connect(('orders', 8080)); s.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n'); print(s.makefile().read())",
    "create_connection": "import socket; s = socket.create_connection(('orders', 8080)); s.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n'); print(s.makefile().read())",
    "asyncio": (
        "import asyncio\nasync def main():\n r, w = await asyncio.open_connection('orders', 8080)\n w.write(b'GET / HTTP/1.0\\r\\n\\r\\n')\n"
        " print((await r.read()).decode())\nasyncio.run(main())"
    ),
}


@pytest.fixture(scope="module")
def orders(local_aws) -> Iterator[dict[str, str]]:
    """A server on a loopback port, and the names that lead to it."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"here are the orders"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {"orders:8080": f"127.0.0.1:{server.server_port}"}
    server.shutdown()
    server.server_close()


def run(command: list[str], names: dict[str, str], image: dict[str, str] | None = None, **environment: str) -> str:
    given = {"PATH": os.environ["PATH"], **environment}
    hooks.add(given, image or {}, names)
    done = subprocess.run(command, env={**(image or {}), **given}, capture_output=True, text=True, timeout=30)
    return done.stdout + done.stderr


@pytest.mark.parametrize("way", NODE)
def test_node(orders: dict[str, str], way: str) -> None:
    assert "here are the orders" in run(["node", "-e", NODE[way]], orders)


@pytest.mark.parametrize("way", PYTHON)
def test_python(orders: dict[str, str], way: str) -> None:
    assert "here are the orders" in run([sys.executable, "-c", PYTHON[way]], orders)


def test_a_name_on_another_port_is_left_alone(orders: dict[str, str]) -> None:
    text = run(["node", "-e", "fetch('http://orders:9090/').catch((error) => console.log(error.cause.code))"], orders)
    assert "here are the orders" not in text and text.startswith(("ENOTFOUND", "EAI_AGAIN"))


def test_a_job_without_a_namespace_knows_only_names_in_dns(local_aws) -> None:
    environment = hooks.environment(local_aws.region, None)
    assert environment["LOCAL_AWS_NAMES"] == "{}"
    assert environment["LOCAL_AWS_NAMES_FILE"].endswith("names.json")


def test_node_options_of_the_container_stay_in_force(orders: dict[str, str]) -> None:
    assert (
        run(
            ["node", "-p", "process.execArgv.length + ' ' + process.env.NODE_OPTIONS"],
            orders,
            NODE_OPTIONS="--max-old-space-size=99",
        )
        .rstrip()
        .endswith("=99")
    )


def test_the_python_path_and_the_sitecustomize_of_the_image_stay_in_force(orders: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import builtins; builtins.mark = 'customised'")
    (tmp_path / "shop.py").write_text("name = 'shop'")
    assert (
        run([sys.executable, "-c", "import shop; print(mark, shop.name)"], orders, {"PYTHONPATH": str(tmp_path)}).strip()
        == "customised shop"
    )
