"""
Settings: YAML, environment and secret files, checked on start; every fault at once, with its path and the mend.

Each key can come from the environment (LIUHEN_WECOM__SECRET for wecom.secret), a secret also from a file
(LIUHEN_WECOM__SECRET_FILE names it). The environment wins over the file. config.example.yaml documents every key.
"""

from __future__ import annotations

import json
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from bot.wecom.codec import Codec
from policy.approval_kinds import read_kinds
from policy.parameters import Parameters, unusable
from storage.engine import EMBEDDED

WECOM_API = "https://qyapi.weixin.qq.com"


class Section(BaseModel):
    """A part of the settings: unknown keys are refused, values never change, faults never show what was typed."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)


def _database(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if text != EMBEDDED and not text.startswith(("postgresql://", "postgresql+psycopg://")):
        raise ValueError("write embedded, or postgresql+psycopg://user:password@host/database")
    return value


def _redis(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if text != EMBEDDED and not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("write embedded, or redis://…, rediss://… (TLS), unix://…")
    return value


def _address(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("write an address that begins with https:// or http://")
    return value.rstrip("/")


def _aes_key(value: SecretStr) -> SecretStr:
    try:
        Codec("", value.get_secret_value(), "")
    except ValueError:
        raise ValueError("copy the EncodingAESKey of the app's 接收消息 page: 43 letters and digits") from None
    return value


def _given(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().strip():
        raise ValueError("is empty; copy it from WeCom's admin page")
    return value


class FiguresRefused(ValueError):
    """Figures of the policy that cannot be used: (name, what to do) each."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name} {mend}" for name, mend in faults))
        self.faults = tuple(faults)


def _kinds_as_text(value: Any) -> Any:
    """Keep `kinds` as the JSON text a version of the policy stores; what is wrong in it is told on start."""
    if not isinstance(value, dict) or not value.get("kinds"):
        return value
    own = value["kinds"]
    text = own if isinstance(own, str) else json.dumps(own, ensure_ascii=False, sort_keys=True)
    read_kinds(text)
    return {**value, "kinds": text}


def _figures(value: Parameters) -> Parameters:
    faults = unusable(value)
    if faults:
        raise FiguresRefused(faults)
    return value


Address = Annotated[str, AfterValidator(_address)]
Given = Annotated[SecretStr, AfterValidator(_given)]


class Company(Section):
    """Whose records these are."""

    name: str = Field(min_length=1)
    """Shown to people."""
    timezone: Literal["Asia/Shanghai"] = "Asia/Shanghai"
    """Company time; other zones are not supported."""


class Server(Section):
    """The web."""

    host: str = "127.0.0.1"
    """Address to listen on; put a reverse proxy with HTTPS in front."""
    port: int = Field(8600, ge=1, le=65535)
    """Port to listen on."""
    public_url: Address
    """The address people and WeCom reach us at, without a path."""
    threads: int = Field(24, ge=2, le=64)
    """Callbacks answered at once."""
    proxies: int = Field(0, ge=0, le=4)
    """Reverse proxies in front, each adding itself to X-Forwarded-For: whose address is kept of a look (6.1d)."""
    stale_after_seconds: int = Field(300, ge=30, le=3600)
    """Older callbacks are refused."""
    metrics_token: SecretStr | None = None
    """Asked as a bearer token of /metrics' callers that are not on this machine; unset refuses them."""


class WeCom(Section):
    """The self-built app (企业微信管理后台 › 应用管理)."""

    corp_id: str = Field(min_length=1)
    """企业ID."""
    agent_id: int
    """AgentId of the app."""
    secret: Given
    """Secret of the app."""
    token: Given
    """Token of the app's 接收消息 page."""
    encoding_aes_key: Annotated[SecretStr, AfterValidator(_aes_key)]
    """EncodingAESKey of the app's 接收消息 page."""
    api_base_url: Address = WECOM_API
    """Where the API is."""
    login_base_url: Address | None = None
    """Where people log in to pages. Default: WeCom's own addresses, or api_base_url when that is not WeCom's."""
    card_update: Literal["both", "reply", "api"] = "both"
    """How a tapped card changes: in the exchange, by the API, or both."""


class Database(Section):
    """Where records are kept."""

    url: Annotated[SecretStr, AfterValidator(_database)] = SecretStr(EMBEDDED)
    """embedded (an encrypted file in data_dir), or postgresql+psycopg://…"""
    encrypted_at_rest: bool = False
    """With PostgreSQL: you attest that its disks and backups are encrypted (6.1c)."""


class Redis(Section):
    """The doorbell between web and workers; nothing is kept there."""

    url: Annotated[SecretStr, AfterValidator(_redis)] = SecretStr(EMBEDDED)
    """embedded, or redis://…, rediss://…, unix://…"""


class OrgSource(Section):
    """People and departments."""

    file: Path | None = None
    """YAML, CSV or XLSX; imported on start when the org is empty."""


class Workers(Section):
    """Who delivers."""

    count: int = Field(default=2, ge=1, le=32)
    """With two or more, the first serves urgent messages only."""


class Rehearsal(Section):
    """演练: company time can be moved; its database refuses to be opened as a real one, and the reverse."""

    enabled: bool = False
    """Cards, pages and the audit trail say 演练."""
    clock_offset_file: Path | None = None
    """A whole number of seconds added to the machine's time; read again every 0.5 s. Default: in data_dir."""


class Calendar(Section):
    """Exceptions to the published holidays and make-up days, and office hours."""

    rest_days: tuple[date, ...] = ()
    """Days the company rests although the published calendar says it works."""
    work_days: tuple[date, ...] = ()
    """Days the company works although the published calendar says it rests."""
    opens: time = time(9, 0)
    """Office hours begin."""
    closes: time = time(18, 0)
    """Office hours end."""

    @model_validator(mode="after")
    def _in_order(self) -> Calendar:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
        both = sorted(set(self.rest_days) & set(self.work_days))
        if both:
            raise ValueError(f"{both[0]} is in rest_days and in work_days; leave it in one")
        return self


class Phone(Section):
    """How phones ring for alarms (7.1b)."""

    driver: Literal["wecom", "webhook", "off"] = "wecom"
    """wecom: 紧急通知 of the app (it must be linked there); webhook: your own voice service; off: chat only."""
    url: Address | None = None
    """webhook: where calls are asked for; bot/webhook_phone.py says how."""
    secret: SecretStr | None = None
    """webhook: signs each request (HMAC-SHA256 over time and body)."""

    @model_validator(mode="after")
    def _complete(self) -> Phone:
        if self.driver == "webhook" and (self.url is None or self.secret is None):
            raise ValueError("driver webhook needs url and secret")
        return self


class Watchdog(Section):
    """How a standstill is told when neither clock nor worker can."""

    hook: SecretStr | None = None
    """Web hook address of a WeCom group robot."""


class Logging(Section):
    """What is written to standard error, as JSON lines."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """From which level on."""


class Settings(Section):
    """Everything. Paths that are not absolute are taken from the settings file's folder."""

    company: Company
    data_dir: Path
    """Holds database, keys, attachments; backed up as one."""
    keys_dir: Path | None = None
    """The keys, apart from the data if you like; default: keys in data_dir."""
    server: Server
    wecom: WeCom
    database: Database = Database()
    redis: Redis = Redis()
    org: OrgSource = OrgSource()
    workers: Workers = Workers()
    rehearsal: Rehearsal = Rehearsal()
    calendar: Calendar = Calendar()
    phone: Phone = Phone()
    watchdog: Watchdog = Watchdog()
    logging: Logging = Logging()
    policy: Annotated[Parameters, BeforeValidator(_kinds_as_text), AfterValidator(_figures)] = Parameters()
    """Figures of the policy that differ from its defaults; a change becomes a new version (P.2)."""

    @property
    def keys_folder(self) -> Path:
        """Return where the keys lie."""
        return self.keys_dir or self.data_dir / "keys"

    @property
    def database_url(self) -> str:
        """Return the database's URL in clear."""
        return self.database.url.get_secret_value()

    @property
    def redis_url(self) -> str:
        """Return Redis' URL in clear."""
        return self.redis.url.get_secret_value()


def schema() -> dict[str, Any]:
    """Return the JSON schema of the settings file."""
    return Settings.model_json_schema()
