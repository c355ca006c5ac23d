"""A client that keeps its connections: sealed callbacks made beforehand, latencies taken around each exchange."""

from __future__ import annotations

import http.client
import itertools
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.wecom.codec import Codec, cdata

Request = tuple[str, bytes]  # path with query, body


@dataclass(frozen=True)
class Measured:
    """Latencies in milliseconds, and how many exchanges were finished per second."""

    p50: float
    p99: float
    per_second: float
    answers: tuple[bytes, ...]


class Mill:
    """Makes sealed text callbacks, each with a MsgId of its own."""

    def __init__(self, codec: Codec, corp_id: str, agent_id: int, machine_seconds: Callable[[], float]) -> None:
        self._codec = codec
        self._corp_id = corp_id
        self._agent_id = agent_id
        self._seconds = machine_seconds
        self._serial: Iterator[int] = itertools.count(7_000_000_000_000)
        self._things = 0

    def purchase(self, sender: str) -> Request:
        """Return a 采购 of a thing nobody has asked for before: thousands of the same one would be a split order."""
        self._things += 1
        thing = "".join(chr(0x4E00 + (self._things * step) % 20_000) for step in (7919, 104_729, 1_299_709))
        return self.text(sender, f"采购 {thing} 3.5万 扩容")

    def text(self, sender: str, content: str) -> Request:
        """Return one callback with a text message."""
        created = int(self._seconds())
        serial = next(self._serial)
        xml = (
            f"<xml><ToUserName>{cdata(self._corp_id)}</ToUserName><FromUserName>{cdata(sender)}</FromUserName>"
            f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>{cdata(content)}</Content>"
            f"<MsgId>{serial}</MsgId><AgentID>{self._agent_id}</AgentID></xml>"
        )
        encrypt = self._codec.encrypt(xml.encode())
        nonce = str(serial)
        signature = self._codec.sign(str(created), nonce, encrypt)
        body = (
            f"<xml><ToUserName>{cdata(self._corp_id)}</ToUserName><AgentID>{self._agent_id}</AgentID>"
            f"<Encrypt>{cdata(encrypt)}</Encrypt></xml>"
        )
        return f"/wecom/callback?msg_signature={signature}&timestamp={created}&nonce={nonce}", body.encode()


def run(port: int, requests: Sequence[Request], connections: int) -> Measured:
    """
    Send the requests over so many kept connections and return what it took.

    Raises:
        RuntimeError: an answer was not 200.
    """
    shares = [requests[index::connections] for index in range(connections)]
    times: list[list[float]] = [[] for _ in range(connections)]
    answers: list[list[bytes]] = [[] for _ in range(connections)]
    failed: list[str] = []
    ready = threading.Barrier(connections + 1)

    def drive(index: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.connect()
        ready.wait()
        for path, body in shares[index]:
            began = time.perf_counter()
            connection.request("POST", path, body, {"Content-Type": "text/xml"})
            response = connection.getresponse()
            content = response.read()
            times[index].append(time.perf_counter() - began)
            if response.status != 200:
                failed.append(f"{response.status}")
                return
            answers[index].append(content)
        connection.close()

    threads = [threading.Thread(target=drive, args=(index,)) for index in range(connections)]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if failed:
        raise RuntimeError(f"answers that are not 200: {failed[:5]}")
    every = sorted(one for share in times for one in share)
    return Measured(
        statistics.median(every) * 1000, every[int(len(every) * 0.99)] * 1000, len(every) / seconds,
        tuple(answer for share in answers for answer in share),
    )
