"""Settings: every fault at once with its path and the mend; file, environment and secret files (contract)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from bot.settings import Settings, schema
from bot.settings_sources import SettingsRefused, load
from policy.parameters import Parameters

ROOT = Path(__file__).resolve().parents[2]
GOOD: Mapping[str, Any] = {
    "company": {"name": "示例公司"}, "data_dir": "data", "server": {"public_url": "https://records.example.com"},
    "wecom": {
        "corp_id": "ww1", "agent_id": 1000002, "secret": "the-secret", "token": "the-token",
        "encoding_aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    },
}
REST = "remove it, or see config.example.yaml for the right name"


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path, environ: Mapping[str, str] | None = None, **sections: Any) -> Settings:
    given = {name: value for name, value in {**GOOD, **sections}.items() if value is not None}
    return load(written(folder, yaml.safe_dump(given, allow_unicode=True)), environ or {})


def faults(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    with pytest.raises(SettingsRefused) as refused:
        load(written(folder, text), environ or {})
    return list(refused.value.faults)


def fault(folder: Path, section: str, value: Any, environ: Mapping[str, str] | None = None) -> tuple[str, str]:
    """Return the only fault of good settings with one section changed."""
    given = {**GOOD, section: value}
    (found,) = faults(folder, yaml.safe_dump(given, allow_unicode=True), environ)
    return found


def test_what_only_begins_like_embedded_is_no_address_of_redis(tmp_path: Path) -> None:
    assert fault(tmp_path, "redis", {"url": "embedded-in-the-cloud"})[0] == "redis.url"


def test_the_least_settings_are_taken_with_their_defaults(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    assert settings.data_dir == tmp_path / "data"
    assert settings.keys_folder == tmp_path / "data" / "keys"
    assert (settings.database_url, settings.redis_url, settings.server.port) == ("embedded", "embedded", 8600)
    assert settings.policy == Parameters()


def test_nothing_shows_a_secret(tmp_path: Path) -> None:
    shown = repr(loaded(tmp_path, database={"url": "postgresql://u:hidden@h/d"}))
    assert not re.search(r"the-secret|the-token|hidden|jWmYm7", shown)


def test_every_fault_is_said_at_once_with_its_path(tmp_path: Path) -> None:
    text = """
company: {name: 示例公司, timezone: Asia/Tokyo, nmae: x}
data_dir: data
server: {port: 99999, public_url: "example.com", threads: many}
wecom: {corp_id: "", agent_id: abc, secret: S, token: , encoding_aes_key: short, secrt: x}
database: {url: "mysql://x"}
redis: {url: 5}
org: [a]
workers: {count: 0}
rehearsal: {enabled: maybe}
calendar: {rest_days: [2026-13-01], work_days: 2026-01-01, opens: "25:00"}
policy: {director_from: x, foo: 1}
bogus: 1
"""
    assert faults(tmp_path, text) == [
        ("company.timezone", "must be one of 'Asia/Shanghai'"),
        ("company.nmae", "is not a setting; did you mean name?"),
        ("server.port", "must be 65535 or less"),
        ("server.public_url", "write an address that begins with https:// or http://"),
        ("server.threads", "must be a whole number"),
        ("wecom.corp_id", "is missing; set it"),
        ("wecom.agent_id", "must be a whole number"),
        ("wecom.token", "is missing; set it"),
        ("wecom.encoding_aes_key",
         "copy the EncodingAESKey of the app's 接收消息 page: 43 letters and digits"),
        ("wecom.secrt", "is not a setting; did you mean secret?"),
        ("database.url", "write embedded, or postgresql+psycopg://user:password@host/database"),
        ("redis.url", "write embedded, or redis://…, rediss://… (TLS), unix://…"),
        ("org", "must be a group of keys"),
        ("workers.count", "must be 1 or more"),
        ("rehearsal.enabled", "must be true or false"),
        ("calendar.rest_days.0", "must be a date such as 2026-10-10"),
        ("calendar.work_days", "must be a list"),
        ("calendar.opens", "must be a time such as 09:00"),
        ("policy.director_from", "must be a whole number"),
        ("policy.foo", f"is not a setting; {REST}"),
        ("bogus", f"is not a setting; {REST}"),
    ]


def test_an_empty_file_is_told_every_key_that_it_lacks(tmp_path: Path) -> None:
    assert [path for path, mend in faults(tmp_path, "") if mend == "is missing; set it"] == [
        "company.name", "data_dir", "server.public_url", "wecom.corp_id", "wecom.agent_id", "wecom.secret",
        "wecom.token", "wecom.encoding_aes_key",
    ]


@pytest.mark.parametrize(
    ("text", "place", "mend"),
    [
        ("a: [", "config.yaml line 1", "is not YAML; check indents, colons and quotes there"),
        ("company:\n  name: x\n bad", "config.yaml line 3", "is not YAML; check indents, colons and quotes there"),
        ("- a", "config.yaml", "must be a group of keys; see config.example.yaml"),
        ("x", "config.yaml", "must be a group of keys; see config.example.yaml"),
        ("server: {port: 1}\nserver: {port: 2}", "config.yaml line 2", "server is there twice; remove one"),
        ("server:\n  port: 1\n  port: 2", "config.yaml line 3", "port is there twice; remove one"),
    ],
)
def test_a_file_that_cannot_be_read_is_the_only_fault(tmp_path: Path, text: str, place: str, mend: str) -> None:
    assert faults(tmp_path, text) == [(str(tmp_path / place), mend)]


def test_a_missing_file_and_another_encoding_are_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused) as refused:
        load(tmp_path / "none.yaml", {})
    assert str(refused.value) == (
        f"{tmp_path / 'none.yaml'}: cannot be read (No such file or directory); name the settings file with --config"
    )
    path = tmp_path / "gbk.yaml"
    path.write_bytes("company: {name: 示例公司}".encode("gb18030"))
    with pytest.raises(SettingsRefused, match="is not UTF-8; save it as UTF-8"):
        load(path, {})


@pytest.mark.parametrize(
    ("figures", "place", "mend"),
    [
        ({"department_signature": "never"}, "policy.department_signature", "must be one of by_amount, always_head"),
        ({"digest_at": "25:00"}, "policy.digest_at", "must be a time such as 09:00"),
        ({"digest_at": "9"}, "policy.digest_at", "must be a time such as 09:00"),
        ({"effective_on": "2026-02-30"}, "policy.effective_on", "must be a date such as 2026-10-10"),
        ({"director_from": 0}, "policy.director_from", "must be 1 or more"),
        ({"urges_per_item": -1}, "policy.urges_per_item", "must be 0 or more"),
        ({"key_process_target": 101}, "policy.key_process_target", "must be 100 or less"),
    ],
)
def test_figures_of_the_policy_that_make_no_sense_are_refused(
    tmp_path: Path, figures: Mapping[str, Any], place: str, mend: str
) -> None:
    assert fault(tmp_path, "policy", figures) == (place, mend)


@pytest.mark.parametrize(
    ("section", "value", "place", "mend"),
    [
        ("calendar", {"opens": "18:00", "closes": "09:00"}, "calendar", "opens must be before closes"),
        ("calendar", {"rest_days": ["2026-10-10"], "work_days": ["2026-10-10"]}, "calendar",
         "2026-10-10 is in rest_days and in work_days; leave it in one"),
        ("server", {"public_url": "https://x", "stale_after_seconds": 5}, "server.stale_after_seconds",
         "must be 30 or more"),
        ("logging", {"level": "loud"}, "logging.level", "must be one of 'debug', 'info', 'warning' or 'error'"),
        ("wecom", {**GOOD["wecom"], "secret": " "}, "wecom.secret", "is empty; copy it from WeCom's admin page"),
        ("wecom", {**GOOD["wecom"], "card_update": "x"}, "wecom.card_update",
         "must be one of 'both', 'reply' or 'api'"),
        ("wecom", "x", "wecom", "must be a group of keys"),
    ],
)
def test_each_wrong_value_has_its_mend(tmp_path: Path, section: str, value: Any, place: str, mend: str) -> None:
    assert fault(tmp_path, section, value) == (place, mend)


class TestTheEnvironment:
    def test_wins_over_the_file(self, tmp_path: Path) -> None:
        settings = loaded(
            tmp_path,
            {
                "LIUHEN_WECOM__SECRET": "another", "LIUHEN_SERVER__PORT": "9000", "LIUHEN_WORKERS__COUNT": "3",
                "LIUHEN_CALENDAR__REST_DAYS": "[2026-12-31]", "LIUHEN_CALENDAR__OPENS": "08:30",
                "LIUHEN_POLICY__DIRECTOR_FROM": "100", "LIUHEN_REHEARSAL__ENABLED": "true", "HOME": "/x",
                "LIUHEN_CONFIG": "elsewhere",
            },
        )
        assert settings.wecom.secret.get_secret_value() == "another"
        assert (settings.server.port, settings.workers.count, settings.policy.director_from) == (9000, 3, 100)
        assert settings.calendar.rest_days == (date(2026, 12, 31),)
        assert settings.calendar.opens == time(8, 30)
        assert settings.rehearsal.enabled is True

    def test_may_hold_everything(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        environ = {"LIUHEN_DATA_DIR": "there"}
        for section, values in GOOD.items():
            if isinstance(values, dict):
                environ |= {f"LIUHEN_{section}__{name}".upper(): str(value) for name, value in values.items()}
        assert load(None, environ).data_dir == tmp_path / "there"

    def test_names_files_of_secrets(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("from-a-file\n")
        wecom = {name: value for name, value in GOOD["wecom"].items() if name != "secret"}
        settings = loaded(tmp_path, {"LIUHEN_WECOM__SECRET_FILE": str(tmp_path / "secret")}, wecom=wecom)
        assert settings.wecom.secret.get_secret_value() == "from-a-file"

    def test_names_a_setting_that_itself_ends_in_file(self, tmp_path: Path) -> None:
        settings = loaded(tmp_path, {"LIUHEN_REHEARSAL__CLOCK_OFFSET_FILE": "offset", "LIUHEN_ORG__FILE": "/a.yaml"})
        assert settings.rehearsal.clock_offset_file == tmp_path / "offset"
        assert settings.org.file == Path("/a.yaml")

    @pytest.mark.parametrize(
        ("name", "value", "place", "mend"),
        [
            ("LIUHEN_WECOM_SECRET", "x", "LIUHEN_WECOM_SECRET", "is no setting; did you mean LIUHEN_WECOM__SECRET?"),
            ("LIUHEN_ZZZ", "x", "LIUHEN_ZZZ", f"is no setting; {REST}"),
            ("LIUHEN_WECOM", "x", "LIUHEN_WECOM", "is no setting; did you mean LIUHEN_WECOM__TOKEN?"),
            ("LIUHEN_SERVER__PORT", "x", "server.port", "must be a whole number"),
            ("LIUHEN_WECOM__SECRET", "", "wecom.secret", "is empty; copy it from WeCom's admin page"),
            ("LIUHEN_WECOM__SECRET_FILE", "/none", "wecom.secret",
             "the file that LIUHEN_WECOM__SECRET_FILE names cannot be read; check its path and rights"),
            ("LIUHEN_CALENDAR__WORK_DAYS", "[2026-12-3", "calendar.work_days",
             "LIUHEN_CALENDAR__WORK_DAYS is no list; write it as [2026-10-10, 2026-10-11]"),
        ],
    )
    def test_faults_name_the_variable_or_the_key(
        self, tmp_path: Path, name: str, value: str, place: str, mend: str
    ) -> None:
        assert fault(tmp_path, "company", GOOD["company"], {name: value}) == (place, mend)

    def test_a_secret_and_its_file_together_are_refused(self, tmp_path: Path) -> None:
        environ = {"LIUHEN_WECOM__SECRET": "x", "LIUHEN_WECOM__SECRET_FILE": "/none"}
        assert fault(tmp_path, "company", GOOD["company"], environ) == (
            "wecom.secret", "comes from LIUHEN_WECOM__SECRET_FILE and from the variable itself; unset one",
        )


# --- what is written down about them ----------------------------------------------------------------------------------


def leaves(model: Any, path: str = "") -> dict[str, Any]:
    """Return every key of a model with its default, in its order."""
    found: dict[str, Any] = {}
    if is_dataclass(model):
        # When a version holds is the program's to say, not the file's.
        return {f"{path}{each.name}": each.default for each in fields(model)
                if each.name not in ("version", "effective_on")}
    for name, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and (issubclass(kind, BaseModel) or is_dataclass(kind)):
            found |= leaves(kind, f"{path}{name}.")
        else:
            found[f"{path}{name}"] = info.default
    return found


def documented() -> list[str]:
    """Return every key of config.example.yaml, those behind a comment sign included."""
    found, section = [], ""
    for line in (ROOT / "config.example.yaml").read_text(encoding="utf-8").splitlines():
        matched = re.match(r"(\s*)(?:# )?([a-z_]+):(?:\s+(\S.*)?)?$", line)
        if matched is None:
            continue
        indent, key, value = matched.groups()
        if not indent and (value is None or value.startswith("#")):
            section = key
        else:
            found.append(f"{section}.{key}" if indent else key)
    return found


def test_the_example_documents_every_key_and_no_other() -> None:
    assert sorted(documented()) == sorted(leaves(Settings)), "say it in config.example.yaml and bot/data/config.yaml"


def test_the_example_shows_the_defaults() -> None:
    shown = yaml.safe_load((ROOT / "config.example.yaml").read_text(encoding="utf-8"))
    for path, default in leaves(Settings).items():
        section, _, key = path.rpartition(".")
        group = shown[section] if section else shown
        value = (group or {}).get(key)
        if value is None or default is PydanticUndefined or str(value).isupper():
            continue
        if hasattr(default, "get_secret_value"):
            default = default.get_secret_value()
        if isinstance(default, time):
            default = default.strftime("%H:%M")
        assert value == (list(default) if isinstance(default, tuple) else default), path


def test_the_example_is_what_init_writes_from() -> None:
    assert (ROOT / "config.example.yaml").read_bytes() == (ROOT / "bot" / "data" / "config.yaml").read_bytes()


def test_the_schema_describes_every_key() -> None:
    made = schema()
    assert made["additionalProperties"] is False
    for name, section in made["$defs"].items():
        for key, described in section["properties"].items():
            assert name == "Parameters" or described.get("description"), f"{name}.{key}"
