"""`org import`, `org sync`: people from YAML, CSV, XLSX and the address book; bad files leave nothing behind."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
import yaml

from bot.org_files import OrgRefused, read_org
from policy.terms import DepartmentKind, Grade, Post
from tests.bot.cli.conftest import ROOT, Company
from tests.bot.wecom.platform import said

SAMPLE = yaml.safe_load((ROOT / "tests" / "data" / "org.yaml").read_text(encoding="utf-8"))
HEADER = ["账号", "姓名", "部门", "部门类别", "职级", "上级", "岗位", "区域", "部门负责人", "手机", "入职日期"]
ROWS = [
    ["Zhao", "赵总", "总经办", "executive", "高管", "", "ceo", "", "是", "13800000001", "2020-01-06"],
    ["Su", "苏主管", "销售部", "sales", "主管", "zhao", "", "华东、总部", "yes", "", ""],
    ["", "", "", "", "", "", "", "", "", "", ""],
    ["Xu", "许专员", "销售部", "", "专员", "SU", "", "华东", "", "", "2026-03-01"],
]


def as_csv(rows: Sequence[Sequence[object]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    """Return a sheet as a spreadsheet program stores it, in its smallest form."""
    cells = []
    for row in rows:
        written = "".join(
            f"<c><v>{cell}</v></c>" if isinstance(cell, int | float)
            else f'<c t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>' for cell in row
        )
        cells.append(f"<row>{written}</row>")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{sheet}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="people" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(cells)}</sheetData></worksheet>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def refused(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(OrgRefused) as caught:
        read_org(path)
    return list(caught.value.faults)


def changed(**changes: Any) -> dict[str, Any]:
    """Return the sample with one person's row changed: changed(xu={"manager": "nobody"})."""
    people = [{**row, **changes.get(row["userid"], {})} for row in SAMPLE["people"]]
    return {"departments": SAMPLE["departments"], "people": people}


def in_yaml(folder: Path, content: Any) -> Path:
    path = folder / "org.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


class TestTables:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("people.csv", as_csv([HEADER, *ROWS])), ("excel.csv", as_csv([HEADER, *ROWS], "utf-8-sig")),
            ("china.csv", as_csv([HEADER, *ROWS], "gb18030")), ("people.xlsx", as_xlsx([HEADER, *ROWS])),
            ("numbers.xlsx", as_xlsx([HEADER, [*ROWS[0][:9], 13800000001, "2020-01-06"], *ROWS[1:]])),
        ],
    )
    def test_are_read_with_their_departments(self, tmp_path: Path, name: str, content: bytes) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        departments, people = read_org(path)
        assert [(each.id, each.kind, each.head) for each in departments] == [
            ("总经办", DepartmentKind.EXECUTIVE, "zhao"), ("销售部", DepartmentKind.SALES, "su"),
        ]
        zhao, su, xu = people
        assert (zhao.userid, zhao.shown_id, zhao.mobile, zhao.posts) == ("zhao", "Zhao", "13800000001", {Post.CEO})
        assert (su.grade, su.regions, xu.manager) == (Grade.SUPERVISOR, ("华东", "总部"), "su")
        assert str(xu.joined) == "2026-03-01"

    @pytest.mark.parametrize(
        ("rows", "place", "mend"),
        [
            ([], "people.csv", "is empty; its first row must name the columns"),
            ([HEADER], "people", "nobody is in it"),
            ([[*HEADER, "薪水"], *ROWS], "people.csv row 1", "column '薪水' is not known; one of"),
            ([["姓名", "部门", "职级"], ["许", "销售部", "专员"]], "people.csv row 2", "userid is missing"),
            ([HEADER, ["a", "甲", "部", "", "将军", *[""] * 6]], "people.csv row 2",
             "grade '将军' is not known; one of specialist, supervisor, director, executive"),
            ([HEADER, ["a", "甲", "部", "", "专员", *[""] * 5, "去年"]], "people.csv row 2",
             "joined '去年' is not a date; write it as 2026-03-01"),
        ],
    )
    def test_with_faults_are_refused_with_the_row(
        self, tmp_path: Path, rows: Sequence[Sequence[str]], place: str, mend: str
    ) -> None:
        path = tmp_path / "people.csv"
        path.write_bytes(as_csv(rows))
        found = refused(path)
        assert any(where == place and what.startswith(mend) for where, what in found), found

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("people.xlsx", b"no spreadsheet", "is no XLSX file"),
            ("people.xls", b"", "must end in .yaml, .csv or .xlsx"),
            ("people.csv", b"\xff\xfe\x00\x81", "is no CSV file"), ("org.yaml", b"a: [", "is not YAML"),
            ("org.yaml", b"x", "must have departments and people, and nothing else"),
            ("org.yaml", b"people: 5", "must be a list"), ("org.yaml", b"people: [5]", "must be a group of keys"),
            ("org.yaml", b"", "must have departments and people"),
            ("org.yaml", b"people: []\nstaff: []", "must have departments and people, and nothing else"),
            ("org.yaml", "people: [{name: 示例}]".encode("gb18030"), "is not UTF-8"),
        ],
    )
    def test_that_are_no_tables_are_refused(self, tmp_path: Path, name: str, content: bytes, said: str) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        assert said in str(refused(path))


class TestTheWhole:
    @pytest.mark.parametrize(
        ("changes", "mend"),
        [
            ({"xu": {"manager": "nobody"}}, "manager 'nobody' is not among the people"),
            ({"xu": {"manager": "xu"}}, "manager is the person itself"),
            ({"xu": {"deputy": "nobody"}}, "deputy 'nobody' is not among the people"),
            ({"xu": {"department": "moon"}}, "department 'moon' is not among the departments"),
            ({"lin": {"manager": "xu"}}, "manager goes in a circle: lin → xu → su → lin"),
            ({"xu": {"userid": "SU"}}, "userid 'su' is there 2 times; WeCom ignores upper and lower case"),
            ({"xu": {"posts": ["king"]}}, "post 'king' is not known; one of ceo"),
            ({"xu": {"name": ""}}, "name is missing"), ({"xu": {"salary": 1}}, "salary is not known; one of"),
            ({"xu": {"userid": "x" * 65}}, "userid is longer than 64 characters"),
            ({"xu": {"name": ["a"]}}, "name must be one value"),
        ],
    )
    def test_a_fault_is_said_with_the_person(
        self, tmp_path: Path, changes: dict[str, dict[str, Any]], mend: str
    ) -> None:
        assert any(mend in what for _, what in refused(in_yaml(tmp_path, changed(**changes))))

    def test_a_circle_is_told_once(self, tmp_path: Path) -> None:
        found = refused(in_yaml(tmp_path, changed(lin={"manager": "xu"})))
        assert [what for _, what in found if "circle" in what] == ["manager goes in a circle: lin → xu → su → lin"]

    @pytest.mark.parametrize(
        ("department", "mend"),
        [
            ({"head": "nobody"}, "head 'nobody' is not among the people"),
            ({"parent": "moon"}, "parent 'moon' is not a department"),
            ({"kind": "secret"}, "kind 'secret' is not known; one of records"),
            ({"id": "finance"}, "department 'finance' is there 2 times"),
            ({"budget": 1}, "budget is not known"),
        ],
    )
    def test_departments_are_checked_too(self, tmp_path: Path, department: dict[str, Any], mend: str) -> None:
        first, *others = SAMPLE["departments"]
        content = {"departments": [{**first, **department}, *others], "people": SAMPLE["people"]}
        assert any(mend in what for _, what in refused(in_yaml(tmp_path, content)))


class TestImport:
    def test_says_what_changed_and_twice_changes_nothing(self, company: Company) -> None:
        content = changed(xu={"title": "销售代表"})
        content["people"] = [row for row in content["people"] if row["userid"] != "wei"]
        content["people"].append({"userid": "new", "name": "新人", "department": "rd", "grade": "specialist"})
        path = in_yaml(company.folder / "data", content)
        assert company("org", "import", str(path)).out == "1 joined, 1 changed, 1 left\n"
        assert company("org", "import", str(path)).out == "0 joined, 0 changed, 0 left\n"
        assert "left" in next(line for line in company("org", "show").out.splitlines() if "魏工" in line)

    def test_a_bad_file_changes_nothing_and_says_every_fault(self, company: Company) -> None:
        before = company("org", "show").out
        path = in_yaml(company.folder / "data", changed(xu={"manager": "nobody"}, su={"grade": "general"}))
        said_ = company("org", "import", str(path))
        assert said_.code == 1
        assert "manager 'nobody' is not among the people" in said_.err
        assert "grade 'general' is not known" in said_.err
        assert company("org", "show").out == before

    def test_a_file_that_is_not_there_is_one_line(self, company: Company) -> None:
        assert company("org", "import", "/none.yaml").error == "/none.yaml: cannot be read (No such file or directory)"


BOOK = {
    "departments": [
        {"id": 1, "name": "示例公司", "parentid": 0}, {"id": 2, "name": "销售部", "parentid": 1},
        {"id": 9, "name": "法务部", "parentid": 1, "department_leader": ["Fang"]},
    ],
    "fang": {
        "userid": "Fang", "name": "方总监", "department": [9], "is_leader_in_dept": [1], "main_department": 9,
        "direct_leader": ["zhao"], "position": "法务总监", "status": 1,
    },
}


def lay_out(company: Company, members: Sequence[dict[str, Any]], departments: Any = BOOK["departments"]) -> None:
    company.platform.lay_out("department/list", said(department=departments))
    nobody = [said(userlist=[]) for _ in departments[1:]]
    # One call each time for every department; all members are seen in the first.
    company.platform.lay_out("user/list", *[said(userlist=list(members)), *nobody] * 3)


def everybody() -> list[dict[str, Any]]:
    return [
        {"userid": row["userid"], "name": row["name"], "department": [2 if row["department"] == "sales" else 1],
         "status": 1, **({"direct_leader": [row["manager"]]} if "manager" in row else {})}
        for row in SAMPLE["people"]
    ]


class TestSync:
    def test_takes_newcomers_and_changes_and_keeps_what_only_the_policy_knows(self, company: Company) -> None:
        more = {"name": "许晴", "position": "客户经理"}
        book = [row if row["userid"] != "xu" else {**row, **more} for row in everybody()]
        lay_out(company, [row for row in book if row["userid"] != "wei"] + [BOOK["fang"]])
        tried = company("org", "sync", "--dry-run")
        assert tried.code == 0, tried.err
        assert "new department 法务部: give its kind in an org file (finance, procurement …)" in tried.out
        assert "new person 方总监 (Fang): grade taken as director; confirm it in an org file" in tried.out
        assert "许晴" not in company("org", "show").out
        assert company("org", "sync").out.splitlines()[-1] == tried.out.splitlines()[-1]
        shown = company("org", "show").out
        assert "finance_approver" in shown
        assert "许晴" in shown
        assert "left" in next(line for line in shown.splitlines() if "魏工" in line)
        assert "方总监" in shown

    def test_a_visible_range_that_has_shrunk_does_not_empty_the_company(self, company: Company) -> None:
        lay_out(company, everybody()[:10])
        assert company("org", "sync").error == (
            "9 of 19 people are not visible and would leave; widen the app's visible range (应用管理 › 可见范围), "
            "or say --many-may-leave"
        )
        assert company("org", "sync", "--many-may-leave").out.splitlines()[-1].endswith("9 left")

    def test_an_empty_address_book_is_refused(self, company: Company) -> None:
        lay_out(company, [])
        assert company("org", "sync", "--many-may-leave").error == (
            "the address book shows nobody; widen the app's visible range (应用管理 › 可见范围)"
        )

    def test_a_platform_that_refuses_is_one_line_and_nothing_changes(self, company: Company) -> None:
        before = company("org", "show").out
        company.platform.lay_out("department/list", said(60011, "no privilege"))
        said_ = company("org", "sync")
        assert said_.code == 1
        assert said_.error.startswith("the address book was not read (department/list: errcode 60011")
        assert said_.error.endswith("see: liuhen check")
        assert company("org", "show").out == before

    def test_a_line_that_goes_in_a_circle_is_refused(self, company: Company) -> None:
        book = [row if row["userid"] != "zhao" else {**row, "direct_leader": ["xu"]} for row in everybody()]
        lay_out(company, book)
        said_ = company("org", "sync")
        assert said_.code == 1
        assert "manager goes in a circle" in said_.error
