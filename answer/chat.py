"""Ask a language model over HTTP, where the user named one: the protocol that OpenAI began and most servers speak. The only file that knows httpx.

Nothing is sent unless ASKPOLICY_LLM_URL is set.
"""

from __future__ import annotations

import dataclasses
import json
import os
import threading
import time
from collections.abc import Mapping, Sequence

import httpx

from ingest import PolicyError

URL, MODEL, KEY = "ASKPOLICY_LLM_URL", "ASKPOLICY_LLM_MODEL", "ASKPOLICY_LLM_KEY"
# Seconds that an answer may take altogether, and a connection.
SECONDS, CONNECT_SECONDS = 30.0, 5.0
# More than any answer of a few sentences has; what is longer is not read to its end.
MOST_BYTES = 1_000_000
# Tokens that a model is allowed: some two hundred words and room for those that think aloud.
MOST_TOKENS = 1200
_PATH = "/chat/completions"

Message = Mapping[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a language model is asked. `url` is the base ("http://localhost:11434/v1") or the whole address of the chat completions."""

    url: str
    model: str = ""
    key: str = dataclasses.field(default="", repr=False)
    seconds: float = SECONDS

    @property
    def address(self) -> str:
        """The address that is asked."""
        url = httpx.URL(self.url)
        path = url.path.rstrip("/")
        return str(url.copy_with(path=path if path.endswith(_PATH) else path + _PATH))

    @property
    def name(self) -> str:
        """What to call the model, without anything that is secret."""
        return self.model or httpx.URL(self.url).host or "the language model"


def endpoint_from_environment(environment: Mapping[str, str] = os.environ) -> Endpoint | None:
    """The language model that the user named; None where they named none. Raises PolicyError for an address that is none."""
    url = environment.get(URL, "").strip()
    if not url:
        return None
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise PolicyError(f"{URL} is no address; expected one such as http://localhost:11434/v1")
    return Endpoint(url, environment.get(MODEL, "").strip(), environment.get(KEY, "").strip())


def chat(endpoint: Endpoint, messages: Sequence[Message]) -> str:
    """What the model says. Raises PolicyError, in one line and without the key, where it says nothing in time."""
    wanted = {"model": endpoint.model or "default", "messages": list(messages), "temperature": 0, "max_tokens": MOST_TOKENS, "stream": False}
    try:
        said = json.loads(_in_time(endpoint, wanted))["choices"][0]["message"]["content"]
    except httpx.TimeoutException as error:
        raise PolicyError(f"the language model did not answer within {endpoint.seconds:g} seconds") from error
    except httpx.HTTPError as error:
        raise PolicyError(f"the language model at {httpx.URL(endpoint.url).host} could not be reached ({type(error).__name__})") from error
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise PolicyError("the language model answered with something that is no chat completion") from error
    if not isinstance(said, str) or not said.strip():
        raise PolicyError("the language model said nothing")
    return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # half of a surrogate pair can't be printed


def _in_time(endpoint: Endpoint, wanted: Mapping[str, object]) -> bytes:
    """The body of the response, within the time allowed for all of it: the time that httpx knows is that of one read, and servers trickle."""
    found: list[bytes | Exception] = []
    thread = threading.Thread(target=_post, args=(endpoint, wanted, found), daemon=True)
    thread.start()
    thread.join(endpoint.seconds)
    if not found:
        raise httpx.ReadTimeout("it trickles")
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


def _post(endpoint: Endpoint, wanted: Mapping[str, object], found: list[bytes | Exception]) -> None:
    """Put the body of the response into `found`, or what went wrong."""
    until = time.monotonic() + endpoint.seconds
    timeout = httpx.Timeout(endpoint.seconds, connect=min(CONNECT_SECONDS, endpoint.seconds))
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    body = b""
    try:
        with (
            httpx.Client(timeout=timeout, follow_redirects=False) as client,
            client.stream("POST", endpoint.address, json=wanted, headers=headers) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise PolicyError(f"the language model answered with the status {response.status_code}")
            for piece in response.iter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    raise PolicyError(f"the language model answered with more than {MOST_BYTES:,} bytes")
                if time.monotonic() > until:
                    return
        found.append(body)
    except (httpx.HTTPError, PolicyError) as error:
        found.append(error)
    except Exception as error:  # a thread has no caller, and what a proxy, a certificate or a key is wrong with comes in many kinds
        found.append(PolicyError(f"the language model can't be asked ({type(error).__name__}); check {KEY}, and the proxy and certificates in use"))
