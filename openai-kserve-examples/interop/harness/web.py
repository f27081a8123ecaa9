"""Plain HTTP with JSON bodies and server-sent events."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any, Iterator

LIMIT = 60


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def error(self) -> dict[str, Any]:
        """Returns OpenAI's error object."""
        error: dict[str, Any] = self.body["error"]
        return error


class Stream:
    """A streamed answer; closing it early is how a client leaves."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection
        self._response = connection.getresponse()
        self.status = self._response.status
        self.done = False

    def events(self) -> Iterator[dict[str, Any]]:
        """Returns the events as JSON, and notes whether the stream ends with [DONE]."""
        if self.status != 200:
            raise AssertionError(f"status {self.status}: {self._response.read()[:300]!r}")
        for line in self._response:
            if line.startswith(b"data: [DONE]"):
                self.done = True
            elif line.startswith(b"data: "):
                yield json.loads(line[6:])

    def close(self) -> None:
        """Closes the connection, whatever is still to come."""
        self._response.close()
        self._connection.close()


class Web:
    """A client of one server on this machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str) -> Answer:
        """Sends a GET."""
        return self._whole("GET", path, None)

    def post(self, path: str, body: Any = None) -> Answer:
        """Sends a POST and reads the whole answer."""
        return self._whole("POST", path, body)

    def send(self, path: str, body: bytes, content_type: str) -> Answer:
        """Sends a POST with a body of another type and reads the whole answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        connection.request("POST", path, body, {"content-type": content_type})
        return self._read(connection)

    def stream(self, path: str, body: dict[str, Any]) -> Stream:
        """Sends a POST with `stream: true`."""
        return Stream(self._send("POST", path, {**body, "stream": True}))

    def _send(self, method: str, path: str, body: Any) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"content-type": "application/json"})
        return connection

    def _whole(self, method: str, path: str, body: Any) -> Answer:
        return self._read(self._send(method, path, body))

    def _read(self, connection: http.client.HTTPConnection) -> Answer:
        try:
            response = connection.getresponse()
            text = response.read().decode()
            headers = {k.lower(): v for k, v in response.getheaders()}
            try:
                return Answer(response.status, headers, json.loads(text) if text else None)
            except ValueError:
                return Answer(response.status, headers, text)
        finally:
            connection.close()
