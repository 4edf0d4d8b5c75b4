"""Tables as source facts: every cell is accounted for and cited; broken tables are named by row and column."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import ROOT, Run
from treatyrdf.build import build, compose
from treatyrdf.errors import DataError, Problems
from treatyrdf.findings import check_shapes
from treatyrdf.formats import Dialect
from treatyrdf.gather import Tables
from treatyrdf.ledger import KINDS
from treatyrdf.names import trt
from treatyrdf.propose import mapping_yaml
from treatyrdf.publish import publish
from treatyrdf.read import read_dataset
from treatyrdf.survey import survey
from treatyrdf.tabular import read_table

TABLES = ROOT / "tests" / "tables"
SHARED = ROOT.parent / "shared" / "data"
HEADER = """\
id: rivers
base: https://example.org/rivers/
title: Rivers
description: Made up.
version: 1.0.0
issued: 2026-11-28
licence: https://creativecommons.org/publicdomain/zero/1.0/
creator: nobody
absent: [Citation, Clause, Content, FictionalEntity, PoliticalRelation, Provision, Silence, Work,
         initiatesState]
"""
MAPPING = """\
tables:
  list:
    file: list.csv
    label: A list
    rights: none
    null: [NA]
    key: [no]
    columns:
      no: No
      title: Title
      signed: {titles: Signed, date: [yyyy-MM-dd, dd.MM.yyyy]}
      amends: {titles: Amends, separator: ", ", link: list}
      party: {titles: Party, lookup: parties}
      note: {titles: Note, ignore: remarks of the list}
    things:
    - as: agreement
      id: agreement-$(no)
      type: Treaty
      label: $(title)
      facts:
      - prefLabel: $(title)
      - signedIn: $(signing)
      - amends: $(amends)
      - hasParty: $(party)
    - as: signing
      id: signing-$(no)
      type: Signing
      label: signing of $(agreement)
      where: signed
      facts:
      - date: $(signed)
things:
  Polity: {albania: Albania, belgium: Belgium}
lookups:
  parties: {ALB: albania, BEL: belgium}
"""
LIST = """\
No,Title,Signed,Amends,Party,Note
1,First Agreement,1950-03-14,NA,ALB,x
2,Second Agreement,02.05.1951,1,BEL,NA
3,Third Agreement,some day,"1, 9",XXX,
"""


@pytest.fixture
def rivers(tmp_path: Path) -> Path:
    """Return a small data set with one table."""
    return made(tmp_path / "rivers")


def made(folder: Path, table: str | bytes = LIST, mapping: str = MAPPING, name: str = "list.csv") -> Path:
    (folder / "tables").mkdir(parents=True)
    (folder / "dataset.yaml").write_text(HEADER, encoding="utf-8")
    (folder / "tables.yaml").write_text(mapping.replace("list.csv", name), encoding="utf-8")
    (folder / "tables" / name).write_bytes(table.encode() if isinstance(table, str) else table)
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        publish(folder)
    return [str(p) for p in caught.value.problems]


# --- what a cell becomes ------------------------------------------------------------------------


def test_each_fact_is_cited_to_its_cell(rivers: Path) -> None:
    published = publish(rivers)
    date = next(c for c in published.claims if c.id == "signing-2.date.list.signed")
    passage = date.evidence[0].passage
    assert (passage.at, passage.fragment) == ("3.3", "cell=3,3")
    assert passage.sha256 == sha256(b"02.05.1951").hexdigest()
    assert date.object and date.object.startswith('"1951-05-02"')
    assert date.qualifiers["originalWording"].startswith('"02.05.1951"') and date.asserted
    assert date.fact.id.position.path.endswith("list.csv") and date.fact.id.position.line == 3
    told = {(p, o) for s, p, o, _ in published.quads if s.endswith("passage/list.3.3>")}
    assert ("<http://www.w3.org/1999/02/22-rdf-syntax-ns#value>", '"cell=3,3"') in told
    assert ("<http://purl.org/dc/terms/conformsTo>", "<http://tools.ietf.org/rfc/rfc7111>") in told
    assert check_shapes(published).conforms


def test_what_no_rule_reads_is_kept_unknown_and_remarked(rivers: Path) -> None:
    published = publish(rivers)
    unknown = {c.subject.rpartition("/")[2][:-1]: c for c in published.claims if c.object == trt("UnknownValue")}
    wordings = {c.qualifiers["originalWording"].partition("@")[0].strip('"') for c in published.claims
                if c.object == trt("UnknownValue")}
    assert wordings == {"some day", "9", "XXX"}
    assert unknown and all(c.qualifiers["certainty"] == trt("Unknown") for c in unknown.values())
    ledger = published.dataset.ledger
    assert ledger is not None
    told = [(r.row, r.column, r.code, r.text) for r in ledger.remarks]
    assert told == [(4, 3, "TRT153", "some day"), (4, 4, "TRT154", "9"), (4, 5, "TRT155", "XXX")]


def test_the_ledger_adds_up_and_is_published(rivers: Path) -> None:
    files = compose(rivers)
    rows = list(csv.DictReader(io.StringIO(files["ledger.csv"].decode())))
    assert [int(r["rows"]) for r in rows] == [3] * 6
    assert all(sum(int(r[kind]) for kind in KINDS) == 3 for r in rows)
    assert [(r["title"], r["ignored"]) for r in rows if r["ignored"] != "0"] == [("Note", "3")]
    assert len(list(csv.DictReader(io.StringIO(files["remarks.csv"].decode())))) == 3
    assert b"/tmp" not in files["remarks.csv"], "no path of a machine"


def test_the_same_statement_in_several_rows_is_one_claim(tmp_path: Path) -> None:
    folder = made(tmp_path / "twice", LIST + "4,First Agreement,NA,NA,ALB,\n",
                  MAPPING.replace("id: agreement-$(no)", "id: agreement-$(title)").replace("    key: [no]\n", "")
                  .replace(", link: list", "").replace("      - amends: $(amends)\n", "")
                  .replace('{titles: Amends, separator: ", "}', "{titles: Amends, ignore: not here}"))
    claims = [c for c in publish(folder).claims if c.predicate.endswith("prefLabel>")]
    assert len(claims) == 3 and {str(c.evidence[0].passage.at) for c in claims} == {"2.2", "3.2", "4.2"}


def test_links_beyond_the_limit_are_no_remarks(rivers: Path) -> None:
    ledger = read_dataset(rivers, Tables(None, 2)).ledger
    assert ledger is not None and ledger.rows == {"list": 2} and not ledger.remarks
    shutil.copy(rivers / "tables" / "list.csv", rivers / "tables" / "whole.csv")
    (rivers / "tables" / "list.csv").write_text(LIST.replace("2,Second Agreement,02.05.1951,1", "2,Second,02.05.1951,3"))
    ledger = read_dataset(rivers, Tables(None, 2)).ledger
    assert ledger is not None and not ledger.remarks and ledger.totals["list"]["beyond"] == 1


def test_curated_facts_may_cite_cells(rivers: Path) -> None:
    (rivers / "more.yaml").write_text("claims:\n- {subject: agreement-1, prefLabel: Erste, at: 'list#2.6'}\n")
    claim = next(c for c in publish(rivers).claims if c.object and "Erste" in c.object)
    assert claim.evidence[0].passage.fragment == "cell=2,6"


def test_all_formats_give_the_same_claims(tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(LIST)))
    lines = "".join(json.dumps(dict(zip(rows[0], row, strict=True))) + "\n" for row in rows[1:])
    told = {}
    for name, table in (("list.csv", LIST), ("list.csv.gz", gzip.compress(LIST.encode(), mtime=0)),
                        ("list.tsv", LIST.replace('"1, 9"', "1; 9").replace(",", "\t").replace(";", ",")),
                        ("list.jsonl", lines)):
        folder = made(tmp_path / name, table, name=name)
        told[name] = {(c.id, c.subject, c.predicate, c.object) for c in publish(folder).claims}
    assert len({frozenset(t) for t in told.values()}) == 1, {n: len(t) for n, t in told.items()}


def test_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    import pyarrow.parquet as parquet

    rows = list(csv.DictReader(io.StringIO(LIST)))
    buffer = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(rows), buffer)
    one = {(c.id, c.object) for c in publish(made(tmp_path / "p", buffer.getvalue(), name="list.parquet")).claims}
    assert one == {(c.id, c.object) for c in publish(made(tmp_path / "c")).claims}


def test_a_cell_that_no_rule_wants_is_told(tmp_path: Path) -> None:
    folder = made(tmp_path / "d", LIST.replace("ALB", ""), MAPPING.replace("where: signed", "where: [signed, party]"))
    ledger = read_dataset(folder).ledger
    assert ledger is not None and ledger.totals["list"]["unused"] == 1
    assert [(r.row, r.column, r.text) for r in ledger.remarks if r.code == "TRT156"] == [(2, 3, "1950-03-14")]
    told = problems(made(tmp_path / "e", LIST, MAPPING.replace("      - hasParty: $(party)\n", "")))
    assert "TRT148 no rule uses the column `party`; use it, or write `ignore: why`" in told[0]


# --- any table, any mapping: nothing is lost ----------------------------------------------------

CELL = st.sampled_from(["", "NA", "1", "2", "9", "x", "1, 2", "1950-03-14", "14.03.1950", "1950-13-40", "ALB", "BEL, ALB"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL), max_size=6), where=st.sampled_from(["signed", "title", "party"]))
def test_the_ledger_balances_for_any_table(tmp_path_factory: pytest.TempPathFactory, where: str,
                                           rows: list[tuple[str, ...]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [("No", "Title", "Signed", "Amends", "Party", "Note"), *((str(n), *row) for n, row in enumerate(rows))])
    folder = made(tmp_path_factory.mktemp("any") / "d", out.getvalue(), MAPPING.replace("where: signed", f"where: {where}"))
    dataset = read_dataset(folder)
    assert dataset.ledger is not None and dataset.ledger.balanced
    cited = {(f.at.rpartition("#")[2]) for f in dataset.facts}
    assert set(dataset.sources["list"].passages) == cited
    for remark in dataset.ledger.remarks:
        assert remark.text in rows[remark.row - 2][remark.column - 2]


def test_the_same_bytes_on_any_hash_seed(rivers: Path, tmp_path: Path) -> None:
    sums = set()
    for seed in ("0", "1"):
        out = tmp_path / seed
        subprocess.run([sys.executable, "-m", "treatyrdf", "build", str(rivers), "--out", str(out)], check=True,
                       capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
        sums.add((out / "SHA256SUMS").read_text())
    assert len(sums) == 1


# --- broken tables and mappings -----------------------------------------------------------------

BROKEN = {
    "ragged": (LIST + "5,short\n", r"list\.csv:5:3: TRT143 the row has 2 cells, the header 6; "),
    "duplicate header": (LIST.replace("Note", "Title"), r"list\.csv:1:6: TRT145 the header `Title` stands twice"),
    "duplicate key": (LIST + "1,Again,NA,NA,ALB,\n", r"list\.csv:5:1: TRT146 the key 1 stands twice, first in row 2"),
    "no key": (LIST + ",Nameless,NA,NA,ALB,\n", r"list\.csv:5:1: TRT146 the row has no `no`, which is its key"),
    "latin-1": (LIST.replace("First", "F\xefrst").encode("latin-1"), r"list\.csv:2:2: TRT144 the byte 0xEF is not of the"),
    "utf-16": (LIST.encode("utf-16"), r"list\.csv: TRT142 begins with the mark of utf-16, not utf-8"),
    "nul": (LIST.replace("First", "Fi\0rst"), r"list\.csv:2(:2)?: TRT14[34] "),
    "huge cell": (LIST + f"5,{'x' * (2**20 + 1)},NA,NA,ALB,\n", r"list\.csv:5:2: TRT144 the cell has 1048577 signs"),
    "open quote": (LIST + '5,"never closed,NA,NA,ALB,\n', r"list\.csv:5: TRT143 the row of line 5 has a quote that is never"),
    "empty": ("", r"list\.csv: TRT145 the table is empty"),
    "column gone": (LIST.replace("Signed", "Sign"), r"tables\.yaml:11:\d+: TRT149 no column of .* has the title `Signed`; did you "
                    "mean `Sign`"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_table_is_named_by_row_and_column(tmp_path: Path, name: str) -> None:
    table, wanted = BROKEN[name]
    told = problems(made(tmp_path / "d", table))
    assert any(re.search(wanted, line) for line in told), told


def test_a_bom_and_other_line_ends_are_read(tmp_path: Path) -> None:
    for n, table in enumerate((b"\xef\xbb\xbf" + LIST.encode(), LIST.replace("\n", "\r\n").encode(),
                               LIST.replace("\n", "\r").encode())):
        assert len(publish(made(tmp_path / str(n), table)).claims) == len(publish(made(tmp_path / f"x{n}")).claims)


def test_truncated_gzip_and_a_folder(tmp_path: Path) -> None:
    cut = gzip.compress(LIST.encode() * 50, mtime=0)[:-20]
    assert "TRT142 the gzipped file is cut off" in problems(made(tmp_path / "a", cut, name="list.csv.gz"))[0]
    folder = made(tmp_path / "b")
    (folder / "tables" / "list.csv").unlink()
    (folder / "tables" / "list.csv").mkdir()
    assert "TRT140 the table is not there" in problems(folder)[0]
    lines = made(tmp_path / "c", '{"No": 1}\n{"No": \n[1]\n', name="list.jsonl")
    assert [line for line in problems(lines) if "list.jsonl:2" in line and "TRT143 the line is not JSON" in line]


@pytest.mark.parametrize("encoding", ["rot13", "hex", "klingon"])
def test_an_encoding_that_gives_no_text(tmp_path: Path, encoding: str) -> None:
    mapping = MAPPING.replace("    null: [NA]", f"    dialect: {{encoding: {encoding}}}\n    null: [NA]")
    assert f"TRT142 nobody knows the encoding `{encoding}`" in problems(made(tmp_path / "d", LIST, mapping))[0]


@pytest.mark.parametrize(("line", "wanted"), [
    ('{"No": 1, "Title": "One", "Title": "Other"}', "the key `Title` stands twice"),
    ('{"No": {"a": 1, "a": 2}}', "the key `a` stands twice"),
    ('{"No": ' + "[" * 900 + "]" * 900 + "}", "too deep"),
    ('{"No": ' + "[" * 100_000 + "]" * 100_000 + "}", "too deep")])
def test_a_line_of_json_that_would_lose_a_value(tmp_path: Path, line: str, wanted: str) -> None:
    told = problems(made(tmp_path / "d", line + "\n", name="list.jsonl"))
    assert "list.jsonl:1: TRT143 the line is not JSON: " + wanted in told[0], told


def test_a_table_that_changed_since_it_was_hashed(tmp_path: Path) -> None:
    digest = sha256(LIST.encode()).hexdigest()
    mapping = MAPPING.replace("    null: [NA]", f"    sha256: {digest}\n    null: [NA]")
    assert publish(made(tmp_path / "a", LIST, mapping))
    told = problems(made(tmp_path / "b", LIST + "5,Fifth,NA,NA,ALB,\n", mapping))
    assert "TRT141" in told[0] and "is not the file that was hashed" in told[0]


@pytest.mark.parametrize(("old", "new", "wanted"), [
    ("titles: Signed", "title: Signed", "TRT020 unknown key `title` in column `signed`; did you mean `titles`?"),
    ("- prefLabel:", "- prefLable:", "TRT020 unknown property `prefLable`; did you mean `prefLabel`?"),
    ("where: signed", "where: sigend", "TRT149 no column is named `sigend`; did you mean `signed`?"),
    ("link: list", "link: lists", "TRT149 `lists` is no table with a key of one column, and no column of a table; did you mean `list`"),
    ("lookup: parties", "lookup: party", "TRT149 unknown look-up `party`; did you mean `parties`?"),
    ("yyyy-MM-dd", "yy-MM-dd", "TRT150 `yy-MM-dd` leaves the century open"),
    ("      note: {titles: Note, ignore: remarks of the list}\n", "", "TRT148 the mapping says nothing of the column `Note`"),
    ("type: Signing", "type: Siging", "TRT032 unknown class `Siging`; did you mean `Signing`?"),
    ("id: signing-$(no)", "id: agreement-$(no)", "TRT147 `agreement-1` is a Treaty"),
    ("file: list.csv", "file: ../../secret.csv", "TRT011 leads out of the folder of tables"),
])
def test_a_mistake_in_the_mapping_is_named(tmp_path: Path, old: str, new: str, wanted: str) -> None:
    assert old in MAPPING
    told = problems(made(tmp_path / "d", LIST, MAPPING.replace(old, new, 1)))
    assert any(wanted in line for line in told), told
    assert all("tables.yaml:" in line or "list.csv:" in line for line in told)


def test_broken_input_writes_nothing(tmp_path: Path, treatyrdf: Run) -> None:
    folder = made(tmp_path / "d", LIST + "5,short\n6,short\n")
    done = treatyrdf("build", folder, "--out", tmp_path / "out")
    assert done.returncode == 1 and done.stderr.count("TRT143") == 2 and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_cells_that_begin_a_formula_are_data(tmp_path: Path) -> None:
    folder = made(tmp_path / "d", LIST.replace("First Agreement", "=HYPERLINK(1)"))
    assert any(c.object and c.object.startswith('"=HYPERLINK(1)"') for c in publish(folder).claims)


# --- a first mapping ----------------------------------------------------------------------------


def test_a_proposal_builds_as_it_stands(tmp_path: Path, treatyrdf: Run) -> None:
    made_ = treatyrdf("map", TABLES / "agreements.csv", TABLES / "members.csv", "--new", tmp_path / "mine")
    assert made_.returncode == 0, made_.stderr
    assert build(tmp_path / "mine", tmp_path / "out", tables=Tables(TABLES))
    text = (tmp_path / "mine" / "tables.yaml").read_text()
    for line in ("key: [no]   # each of the 6 rows has its own", "date: [dd.MM.yyyy]",
                 "link: agreements}   # 9 of 9 values are keys of agreements", 'null: ["31.12.9999"]'):
        assert line in text


def test_day_or_month_first_is_said_when_nothing_decides(tmp_path: Path) -> None:
    for days, wanted in ((("01/02/1950", "03/04/1951"), True), (("01/02/1950", "13/04/1951"), False)):
        path = tmp_path / f"{wanted}.csv"
        path.write_text("No,Title,Signed\n" + "".join(f"{n},T{n},{d}\n" for n, d in enumerate(days)))
        text = mapping_yaml(survey([path], Problems()))
        assert ("day or month first: nothing decides" in text) == wanted, text


@pytest.mark.parametrize("raw", [b"", b"a,b\n", b"a,a\n1,2\n", b"\xff\xfe\x00", b"a,b\n1\n", b'a,b\n"1,2\n', b"a\0b,c\n1,2\n"])
def test_map_names_what_is_broken(tmp_path: Path, treatyrdf: Run, raw: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(raw)
    done = treatyrdf("map", tmp_path / "t.csv")
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1) and (done.returncode == 0 or "t.csv" in done.stderr)


def test_map_on_the_shared_tables() -> None:
    if not SHARED.is_dir():
        assert not os.environ.get("CI"), "CI has the shared tables"
        pytest.skip("the shared tables are not here")
    files = [SHARED / f for f in ("ieadb-treaties.csv", "geng-agreements.csv", "huggo-environment-members.csv")]
    ieadb, geng, huggo = survey(files, Problems())
    assert ieadb.key == ("IEA# (click for add'l info)",) and geng.key == ("GENG",) and huggo.key != ("treatyID", "stateID")
    links = {(s.name, link.title, link.table): link for s in (ieadb, geng, huggo) for link in s.links}
    met = links["geng-agreements", "IEA", "ieadb-treaties"]
    assert (met.match, met.meeting) == ("IEA-0*([0-9]+)", 1832)
    assert ("huggo-environment-members", "ieaID", "ieadb-treaties") in links
    assert [s.pattern for s, _ in huggo.column("stateRat").dates][:1] == ["dd.MM.yyyy"]
    assert read_table(files[0], "x", Dialect(), Problems()) is not None
