"""requests without sockets: an adapter that calls a WSGI application directly, all in one process."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Flask
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from werkzeug.test import Client, EnvironBuilder


class WsgiAdapter(BaseAdapter):
    """Mount it on a session: every request to that prefix goes to the application."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._client = Client(app)

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, verify: Any = True,
        cert: Any = None, proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """
        Return the application's answer.

        Raises:
            ConnectionError: (of requests) the application let the answer be lost.
        """
        url = urlsplit(request.url or "")
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        builder = EnvironBuilder(
            url.path, f"{url.scheme}://{url.netloc}", url.query, request.method or "GET",
            headers=list(request.headers.items()), data=body,
        )
        environ = builder.get_environ()
        answer = self._client.open(environ)
        if environ.get("sandbox.lost"):
            raise requests.ConnectionError("the answer was lost", request=request)
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers = CaseInsensitiveDict(answer.headers.items())
        response.raw = BytesIO(answer.get_data())
        response.url = request.url or ""
        response.request = request
        response.encoding = "utf-8"
        return response

    def close(self) -> None:
        """Nothing is open."""
