"""A language model for tests, in a process of its own: it speaks the protocol of chat completions, and behaves as it is told.

`python language_model.py MODE LOG` prints its port, and writes each request that it gets as a line of JSON to LOG.
"""

from __future__ import annotations

import http.server
import json
import pathlib
import sys
import time
from typing import Any

# Empty where the file is only imported, as pytest does when it looks for doctests.
MODE, LOG = (sys.argv[1], pathlib.Path(sys.argv[2])) if __name__ == "__main__" else ("", pathlib.Path())


def quotations(messages: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The quotations that stand in the message, as a model reads them."""
    lines = messages[-1]["content"].splitlines()
    return [row for line in lines if line.startswith("{") and "quotation" in (row := json.loads(line))]


def said(messages: list[dict[str, str]]) -> str:
    """What this model answers."""
    first = quotations(messages)[0]
    words = " ".join(first["quotation"].split()[:5])
    if MODE == "obey":
        return f"{first['policy']} says “{words}” [1]. It says so plainly. [1]"
    if MODE == "lie":
        return (
            "They sell everything to anyone. Nobody minds [99]. They promise “a free lunch every day” [1]. "
            f"It costs 40 euros [1]. Acme says “{words}” [1]."
        )
    if MODE == "inject":
        picture = "![x](http://evil.example/a.png) [1]"
        return f"Visit http://evil.example/pay now [1]. <img src=x onerror=alert(1)> [7]\n{picture}\nWrite to thief@evil.example [1]."
    if MODE == "colour":
        return "They \x1b[mkeep it [1]."
    if MODE == "halve":
        return "They keep \ud800 it [1]."
    if MODE == "ramble":
        return " ".join(f"This is so, and it is said here [1]{'.' if number else '!'}" for number in range(20))
    return ""


class Model(http.server.BaseHTTPRequestHandler):
    """One request after the other."""

    def do_POST(self) -> None:
        """Answer a chat completion."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = json.loads(body)
        with LOG.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"path": self.path, "key": self.headers.get("Authorization"), **request}) + "\n")
        if MODE == "slow":
            time.sleep(20)
        if MODE == "hang up":
            self.close_connection = True
            self.connection.close()
            return
        if MODE == "move":
            self.send_response(307)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            return
        self.send_response(503 if MODE == "busy" else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.write(request)

    def write(self, request: dict[str, Any]) -> None:
        """The body."""
        if MODE == "trickle":
            for _ in range(40):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.5)
        elif MODE == "babble":
            self.wfile.write(b"<html>no JSON</html>")
        elif MODE == "other":
            self.wfile.write(b'{"choices": [], "object": "error"}')
        elif MODE == "nest":
            self.wfile.write(b"[" * 200_000)
        elif MODE == "flood":
            self.wfile.write(b"x" * 3_000_000)
        else:
            message = {"role": "assistant", "content": said(request["messages"])}
            self.wfile.write(json.dumps({"object": "chat.completion", "choices": [{"index": 0, "message": message}]}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
    print(server.server_address[1], flush=True)
    server.serve_forever()
