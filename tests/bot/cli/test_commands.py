"""Every command: --help with an example, one line for a failure, no traceback, exit codes (contract, The program)."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bot import bootstrap
from bot.bootstrap import Part
from bot.cli import program as whole_program
from bot.settings import schema
from bot.settings_sources import load
from tests.bot.cli.conftest import ROOT, Company, Program, fill

NEED_DATABASE = (
    "org show", "org sync", "controls", "policy show", "outbox list", "outbox retry 1", "outbox drop 1",
    "outbox release", "audit verify", "audit export bundle", "policy diff",
    "policy replay --set list_hours=3 --since 2026-07-01",
)


def names(group: click.Group, before: str = "") -> list[str]:
    """Return every command's whole name, those of the sandbox left out."""
    found = []
    for name, command in group.commands.items():
        found += names(command, f"{before}{name} ") if isinstance(command, click.Group) else [f"{before}{name}"]
    return found


COMMANDS = names(whole_program())


def test_the_contracts_commands_are_there() -> None:
    assert set(COMMANDS) >= {
        "init", "up", "web", "worker", "clock", "check", "org import", "org sync", "org show", "controls",
        "policy show", "outbox list", "outbox retry", "outbox drop", "outbox release", "audit verify", "audit export",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_it_does_with_an_example_that_is_that_command(program: Program, name: str) -> None:
    said = program(*name.split(), "--help")
    assert said.code == 0
    assert f"Usage: liuhen {name}" in said.out
    (example,) = [line.strip() for line in said.out.splitlines() if line.strip().startswith("Example: ")]
    assert example.startswith(f"Example: liuhen {name}")
    if name != "init":
        assert "--config" in said.out
        assert "LIUHEN_CONFIG" in said.out
        assert "--config config.yaml" in " ".join(said.out.split())


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "init"])
def test_a_missing_config_is_one_line(program: Program, name: str, tmp_path: Path) -> None:
    replayed = ["--set", "authority.director_from=10万", "--since", "2026-07-01"]
    more = {"org import": ["x.yaml"], "audit export": ["x"], "policy replay": replayed}.get(name, [])
    more = ["1"] if name in ("outbox retry", "outbox drop") else more
    said = program(*name.split(), *more, "--config", str(tmp_path / "none.yaml"))
    assert said.code == 1
    assert said.error == (
        f"{tmp_path / 'none.yaml'}: cannot be read (No such file or directory); name the settings file with --config"
    )


@pytest.mark.parametrize("name", NEED_DATABASE)
def test_without_a_database_a_command_says_how_to_get_one_and_makes_nothing(
    program: Program, tmp_path: Path, name: str
) -> None:
    assert program("init", str(tmp_path / "c")).code == 0
    fill(tmp_path / "c" / "config.yaml", "http://127.0.0.1:9")
    said = program(*name.split(), "--config", str(tmp_path / "c" / "config.yaml"))
    assert said.code == 1
    assert said.error == f"there is no database in {tmp_path / 'c' / 'data'} yet; start `liuhen up` once"
    assert [path.name for path in (tmp_path / "c" / "data").iterdir()] == ["keys"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ups", "No such command 'ups'"), ("outbox retry x", "'x' is not a valid integer"),
        ("audit verify --anchor 12", "write COUNT:HASH with at least 16 hex digits"),
        ("worker --lanes fast", "one or more of urgent,default,bulk"), ("org import", "Missing argument 'FILE'"),
        ("check --jason", "No such option"),
    ],
)
def test_wrong_words_are_refused_with_exit_code_2(company: Company, line: str, said: str) -> None:
    answer = company(*shlex.split(line))
    assert answer.code == 2
    assert said in answer.error


def test_the_config_is_found_by_its_variable_too(company: Company) -> None:
    assert company.program("org", "show", LIUHEN_CONFIG=str(company.config)).code == 0


def test_up_web_worker_and_clock_never_import_the_sandbox() -> None:
    code = (
        "import sys; from bot.cli import program; import click\n"
        "for name in ('up', 'web', 'worker', 'clock'):\n"
        "    group = program(); ctx = click.Context(group); assert group.get_command(ctx, name)\n"
        "    group.main([name, '--help'], standalone_mode=False)\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'sandbox'))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "[]"


class TestInit:
    def test_writes_settings_keys_and_a_sample_org_that_work_once_filled(
        self, program: Program, tmp_path: Path
    ) -> None:
        folder = tmp_path / "company"
        said = program("init", str(folder))
        assert said.code == 0
        assert said.out.splitlines() == [
            f"{folder / 'config.yaml'}: fill in what is in capitals",
            f"{folder / 'org.yaml'}: a sample company; put your people in",
            f"{folder / 'data/keys'}: fresh keys; without them the data cannot be read, keep a copy elsewhere",
            f"then: liuhen up --config {folder / 'config.yaml'}",
        ]
        assert json.loads((folder / "config.schema.json").read_text()) == schema()
        private = ["config.yaml", "org.yaml", "data/keys/keyring.json", "data/keys/database.key"]
        assert [oct((folder / name).stat().st_mode & 0o777) for name in private] == ["0o600"] * 4
        assert oct((folder / "data/keys").stat().st_mode & 0o777) == "0o700"

    def test_what_is_in_capitals_is_refused_until_it_is_filled(self, program: Program, tmp_path: Path) -> None:
        program("init", str(tmp_path / "c"))
        said = program("up", "--config", str(tmp_path / "c" / "config.yaml"))
        assert said.code == 1
        assert said.err.splitlines() == [
            "Error: wecom.agent_id: must be a whole number",
            "wecom.encoding_aes_key: copy the EncodingAESKey of the app's 接收消息 page: 43 letters and digits",
        ]

    @pytest.mark.parametrize("name", ["config.yaml", "org.yaml", "config.schema.json", "data/keys/keyring.json"])
    def test_overwrites_nothing(self, program: Program, tmp_path: Path, name: str) -> None:
        kept = tmp_path / name
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text("mine")
        said = program("init", str(tmp_path))
        assert said.code == 1
        assert "already; nothing is overwritten, name another folder" in said.error
        assert kept.read_text() == "mine"

    def test_a_folder_that_cannot_be_made_is_one_line(self, program: Program, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        assert "file" in program("init", str(tmp_path / "file")).error
        assert program("init", str(tmp_path / "file" / "below")).error == (
            f"{tmp_path / 'file' / 'below'}: Not a directory; mend the path or its rights"
        )


class TestCheck:
    def test_names_each_fault_with_its_mend_and_exits_1(self, company: Company) -> None:
        said = company("check")
        assert said.code == 1
        lines = {line.split()[1].rstrip(":"): line for line in said.out.splitlines()}
        assert list(lines) == [
            "config", "keys", "database", "migrations", "redis", "workers", "clock", "wecom", "org", "callback",
            "calendar", "disk", "time",
        ]
        for name in ("config", "keys", "database", "migrations", "wecom", "org", "calendar", "disk", "time"):
            assert lines[name].startswith("ok  "), lines[name]
        assert lines["workers"] == (
            "FAIL workers: nobody serves urgent, default, bulk → start `liuhen up`, or `liuhen worker`"
        )
        assert lines["clock"] == "FAIL clock: none is alive → start `liuhen up`, or `liuhen clock`"
        assert all(" → " in line for line in said.out.splitlines() if line.startswith("FAIL"))

    def test_speaks_json_to_programs(self, company: Company) -> None:
        said = company("check", "--json")
        found = {each["name"]: each for each in json.loads(said.out)}
        assert said.code == 1
        assert found["keys"]["ok"] is True
        assert found["clock"] == {
            "name": "clock", "ok": False, "said": "none is alive", "mend": "start `liuhen up`, or `liuhen clock`",
        }

    def test_every_fault_of_the_settings_is_json_too(self, company: Company) -> None:
        text = company.config.read_text()
        company.config.write_text(text.replace("corp_id:", "corpid:", 1) + "server_port: 80\n")
        said = company("check", "--json", LIUHEN_WECOM__AGENT_ID="one")
        assert (said.code, said.err) == (1, "")
        assert json.loads(said.out) == [
            {"name": "config", "ok": False, "said": path, "mend": mend} for path, mend in [
                ("wecom.corp_id", "is missing; set it"), ("wecom.agent_id", "must be a whole number"),
                ("wecom.corpid", "is not a setting; did you mean corp_id?"),
                ("server_port", "is not a setting; did you mean server?"),
            ]
        ]
        plain = company("check", LIUHEN_WECOM__AGENT_ID="one")
        assert (plain.code, plain.out) == (1, "")
        assert plain.err.splitlines()[:2] == [
            "Error: wecom.corp_id: is missing; set it", "wecom.agent_id: must be a whole number",
        ]

    def test_a_settings_file_that_cannot_be_read_is_json_too(self, program: Program, tmp_path: Path) -> None:
        said = program("check", "--json", "--config", str(tmp_path / "none.yaml"))
        assert (said.code, said.err) == (1, "")
        assert json.loads(said.out) == [{
            "name": "config", "ok": False, "said": str(tmp_path / "none.yaml"),
            "mend": "cannot be read (No such file or directory); name the settings file with --config",
        }]

    def test_a_wrong_secret_is_said_without_showing_it(self, company: Company) -> None:
        company.platform.secret = "another"
        line = next(line for line in company("check").out.splitlines() if " wecom:" in line)
        assert line.startswith("FAIL wecom: gettoken: errcode 40001")
        assert "the-secret-of-the-app" not in line

    def test_open_keys_and_another_kind_of_database_are_said(self, company: Company) -> None:
        (company.folder / "data/keys/keyring.json").chmod(0o644)
        assert "FAIL keys: KeysUnusable → " in company("check").out
        (company.folder / "data/keys/keyring.json").chmod(0o600)
        assert "FAIL database: WrongDatabase → this database was born as a real one" in company(
            "check", LIUHEN_REHEARSAL__ENABLED="true"
        ).out


class TestTheOthers:
    def test_org_show_lists_everyone_by_department(self, company: Company) -> None:
        said = company("org", "show")
        assert said.code == 0
        assert "销售部 (sales)" in said.out
        assert "苏主管" in said.out
        assert "finance_approver" in said.out

    def test_controls_lists_all_66(self, company: Company) -> None:
        said = company("controls")
        assert said.code == 0
        assert said.out.splitlines()[-1].endswith(" of 66 in force")
        rows = json.loads(company("controls", "--json").out)
        assert len(rows) == 66
        assert next(row for row in rows if row["id"] == "3.1a")["triggers"]

    def test_policy_show_prints_the_figures_and_their_versions(self, company: Company) -> None:
        assert "5000000" in company("policy", "show").out
        said = company("policy", "show")
        assert "director_from" in said.out
        assert "version 1" in said.out

    def test_outbox_says_that_nothing_is_stuck(self, company: Company) -> None:
        assert company("outbox", "list").out == "everything was delivered or is on its way\n"
        assert company("outbox", "release").out == "nothing was held\n"
        assert company("outbox", "retry", "17").error == (
            "message 17 is neither failed nor parked; see: liuhen outbox list"
        )

    def test_the_trail_is_verified_exported_and_checked_by_a_script_that_stands_alone(self, company: Company) -> None:
        assert "nothing was changed" in company("audit", "verify").out
        bundle = company.folder / "bundle"
        said = company("audit", "export", str(bundle))
        assert said.code == 0, said.err
        script = bundle / "standalone_verifier.py"
        assert said.out.splitlines()[-1] == f"check it anywhere with: python3 {script} {bundle}"

        def alone() -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-I", str(script), str(bundle)], cwd="/", capture_output=True, text=True, check=False
            )

        assert alone().returncode == 0, alone().stdout
        again = company("audit", "export", str(bundle))
        assert again.code == 1
        assert str(bundle) in again.error
        trail = next(path for path in sorted(bundle.iterdir()) if "org.changed" in path.read_text(errors="ignore"))
        trail.write_text(trail.read_text().replace("org.changed", "org.chonged"))
        changed = alone()
        assert changed.returncode != 0
        assert "Traceback" not in changed.stderr

    def test_a_damaged_database_is_one_line(self, company: Company) -> None:
        path = company.folder / "data" / "liuhen.db"
        path.write_bytes(b"damaged" * 1000)
        assert company("org", "show").error.startswith(f"{path} is not encrypted with this key; put the keys")

    def test_a_database_that_is_away_is_one_line_without_its_password(self, company: Company) -> None:
        url = "postgresql+psycopg://u:hidden@127.0.0.1:9/x"
        for command in (("web",), ("org", "show"), ("outbox", "list")):
            said = company(*command, LIUHEN_DATABASE__URL=url)
            assert said.error.startswith("the database is not reached (")
            assert said.error.endswith("; start it, or mend database.url")
            assert "hidden" not in said.err
        checked = company("check", LIUHEN_DATABASE__URL=url)
        assert "FAIL database: TryAgainLater → the database is not reached (" in checked.out
        assert "hidden" not in checked.out + checked.err

    def test_a_surprise_is_a_number_that_the_log_knows(self, company: Company) -> None:
        part = Part(bootstrap.build_house(load(company.config, {})))
        with part.store.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE policy_version")
        part.close()
        said = company("policy", "show")
        log, line = said.err.splitlines()
        assert (said.code, said.out) == (1, "")
        reference = line.rsplit(" ", 1)[1]
        assert line == (
            "Error: this did not work and nothing is known to be half done; "
            f"the log has the reason under {reference}"
        )
        assert json.loads(log)["reference"] == reference
