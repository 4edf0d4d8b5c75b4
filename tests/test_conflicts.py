"""Conflicts: what is one and what is not, what becomes of its claims, and the command."""

from __future__ import annotations

import csv
import io
import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import ROOT, Run
from treatyrdf.build import build, compose
from treatyrdf.conflicts import Conflict
from treatyrdf.errors import DataError
from treatyrdf.findings import check_shapes
from treatyrdf.names import trt
from treatyrdf.publish import Published, publish
from treatyrdf.when import day_bounds

INF = ROOT / "tests" / "cases" / "inf-treaty"
HEADER = """\
id: two
base: https://example.org/two/
title: Two lists
description: Made up.
version: 1.0.0
issued: 2026-11-28
licence: https://creativecommons.org/publicdomain/zero/1.0/
creator: nobody
conflicts: keep
absent: [Citation, Clause, Content, FictionalEntity, PoliticalRelation, Provision, Silence, Work]
"""
SOURCES = "sources:\n" + "".join(
    f"  {name}:\n    label: {name}\n    rights: none\n    sha256: '{n:064}'\n    bytes: 9\n    passages:\n"
    f"      '1': {{start: 0, end: 9, sha256: '{n:064}'}}\n" for n, name in enumerate(("one", "two", "three")))
THINGS = """\
things:
  Treaty: {treaty: Treaty}
  Polity: {albania: Albania}
  Signing: {signing: Signing}
  EntryIntoForce: {force: Entry into force}
  Withdrawal: {leaving: Withdrawal}
  Membership: {membership: Membership}
  Proposal: {proposal: Proposal}
"""
FACTS = """\
claims:
- {subject: treaty, signedIn: signing, entersIntoForceIn: force, at: "one#1"}
- {subject: force, changes: treaty, initiatesState: in-force, at: "one#1"}
- {subject: leaving, changes: membership, endsState: in-force, at: "one#1"}
- {subject: proposal, date: 1949, at: "one#1"}
"""


def made(folder: Path, facts: str, header: str = "", more: str = "") -> Path:
    folder.mkdir(parents=True)
    for name, text in (("dataset", HEADER + header), ("sources", SOURCES), ("things", THINGS),
                       ("claims", FACTS + facts + more)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def dated(event: str, *dates: str) -> str:
    return "".join(f'- {{id: {event}-{n}, subject: {event}, date: "{date}", at: "{source}#1"}}\n'
                   for n, (date, source) in enumerate(zip(dates, ("one", "two", "three"), strict=False)))


def asserted(published: Published, event: str) -> set[str]:
    return {c.object.split('"')[1] for c in published.claims
            if c.asserted and c.object and c.subject.endswith(f"/{event}>") and c.predicate == trt("date")}


def only(published: Published) -> Conflict:
    assert len(published.conflicts) == 1, published.conflicts
    return published.conflicts[0]


def test_two_dates_of_one_event_are_kept_and_neither_is_asserted(tmp_path: Path) -> None:
    published = publish(made(tmp_path / "d", dated("signing", "1950-03-14", "1950-03-20")))
    conflict = only(published)
    assert (conflict.key, conflict.kind, conflict.status, conflict.days) == (
        "signing.date", "DifferentDates", "OpenConflict", 6)
    assert asserted(published, "signing") == set()
    marked = [c for c in published.claims if "DisputedClaim" in c.kinds]
    assert {c.id for c in marked} == {f"signing-{n}{end}" for n in (0, 1) for end in ("", ".earliestYear", ".latestYear")}
    assert check_shapes(published).conforms
    bounds = [c for c in published.claims if c.computed and c.subject.endswith("/signing>") and not c.assumes]
    assert bounds == [], "no bound is firm that one of them would not give"


@pytest.mark.parametrize(("dates", "firm"), [
    (("1950-03", "1950-03-14"), {"1950-03", "1950-03-14"}), (("1950", "1950"), {"1950"}),
    (("1950", "unknown"), {"1950"}), (("1950/1952", "1951/1953"), {"1950/1952", "1951/1953"})])
def test_coarser_equal_unknown_and_overlapping_dates_are_no_conflict(tmp_path: Path, dates: tuple[str, ...],
                                                                      firm: set[str]) -> None:
    published = publish(made(tmp_path / "d", dated("signing", *dates)))
    assert published.conflicts == () and asserted(published, "signing") >= firm


def test_a_preferred_source_wins(tmp_path: Path) -> None:
    published = publish(made(tmp_path / "d", dated("signing", "1950", "1951", "1952"), "prefer: [two, one]\n"))
    assert only(published).status == "ResolvedConflict" and only(published).preferred == ("signing-1",)
    assert asserted(published, "signing") == {"1951"}
    assert check_shapes(published).conforms


def test_an_explanation_is_published(tmp_path: Path) -> None:
    published = publish(made(tmp_path / "d", dated("signing", "1950", "1951"), more="""\
conflicts:
- {about: signing.date, because: The second is the day of the last signature., holds: [signing-0]}
"""))
    assert only(published).status == "ExplainedConflict" and asserted(published, "signing") == {"1950"}
    told = {(p.rpartition("#")[2], o) for s, p, o, _ in published.quads if s.endswith("/conflict/signing.date>")}
    assert ("comment>", '"The second is the day of the last signature."@en') in told
    assert ("prefers>", "<https://example.org/two/claim/signing-0>") in told


def test_force_before_signature_is_an_impossible_order(tmp_path: Path) -> None:
    published = publish(made(tmp_path / "d", dated("signing", "1950-03-14") + dated("force", "1950-03-04")))
    conflict = only(published)
    assert (conflict.kind, conflict.days, len(conflict.claims)) == ("ImpossibleOrder", 10, 2)
    assert asserted(published, "signing") == asserted(published, "force") == set()


def test_a_withdrawal_may_come_before_a_second_entry(tmp_path: Path) -> None:
    more = """\
things:
  EntryIntoForce: {first: First entry, second: Second entry}
"""
    folder = made(tmp_path / "d", dated("leaving", "1955") + dated("first", "1950") + dated("second", "1960") + """\
- {subject: first, changes: membership, initiatesState: in-force, at: "one#1"}
- {subject: second, changes: membership, initiatesState: in-force, at: "one#1"}
""")
    (folder / "more.yaml").write_text(more)
    assert publish(folder).conflicts == ()


def test_an_affirmed_and_a_denied_claim(tmp_path: Path) -> None:
    published = publish(made(tmp_path / "d", """\
- {id: yes-it-is, subject: treaty, hasParty: albania, at: "one#1"}
- {id: no-it-is-not, subject: treaty, hasParty: albania, polarity: denied, at: "two#1"}
"""))
    assert only(published).kind == "AffirmedAndDenied"
    assert not any(c.asserted for c in published.claims if c.predicate == trt("hasParty"))


def test_without_tables_firm_contradictions_still_stop_the_build(tmp_path: Path) -> None:
    folder = made(tmp_path / "d", dated("signing", "1950", "1951"))
    header = folder / "dataset.yaml"
    header.write_text(header.read_text().replace("conflicts: keep\n", ""))
    with pytest.raises(DataError, match="TRT045"):
        publish(folder)
    header.write_text(header.read_text() + "conflicts: kept\n")
    with pytest.raises(DataError, match="TRT048 `kept` is not what becomes of conflicts; did you mean `keep`"):
        publish(folder)


def test_what_rests_on_a_disputed_claim_is_not_firm(tmp_path: Path) -> None:
    published = publish(made(tmp_path / "d", dated("signing", "1950", "1951") + """\
- {id: follows, subject: treaty, hasParty: albania, basis: inferred, premises: [signing-0], rule: chain, at: "one#1"}
""".replace("rule: chain", "rule: " + _rule())))
    assert not next(c for c in published.claims if c.id == "follows").asserted


def _rule() -> str:
    from treatyrdf.files import ontology_files
    from treatyrdf.vocabulary import read_vocabulary

    return next(iter(read_vocabulary(ontology_files()).schemes["RuleScheme"]))


DATE = st.sampled_from(["1950", "1950-03", "1950-03-14", "1950-04", "1951", "1949/1952", "[..1950]", "1951-01-01"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DATE, min_size=1, max_size=3))
def test_dates_conflict_exactly_when_two_share_no_day(tmp_path_factory: pytest.TempPathFactory, dates: list[str]) -> None:
    def apart(one: str, other: str) -> bool:
        (a, b), (c, d) = day_bounds(one), day_bounds(other)
        return (a is not None and d is not None and a > d) or (c is not None and b is not None and c > b)

    published = publish(made(tmp_path_factory.mktemp("any") / "d", dated("signing", *dates)))
    rivals = {f"signing-{n}" for pair in combinations(range(len(dates)), 2) if apart(dates[pair[0]], dates[pair[1]])
              for n in pair}
    assert {c.id for conflict in published.conflicts for c in conflict.claims} == rivals
    firm = {c.id for c in published.claims if c.asserted and c.predicate == trt("date") and "signing" in c.subject}
    assert firm == {f"signing-{n}" for n in range(len(dates))} - rivals


def test_a_doubtful_rival_takes_nothing_from_a_firm_claim(tmp_path: Path) -> None:
    doubtful = '- {id: signing-9, subject: signing, date: "1951", certainty: possible, at: "two#1"}\n'
    published = publish(made(tmp_path / "d", dated("signing", "1950") + doubtful))
    assert only(published).kind == "DifferentDates" and asserted(published, "signing") == {"1950"}


def test_rivals_cannot_both_be_held_to_be_right(tmp_path: Path) -> None:
    folder = made(tmp_path / "d", dated("signing", "1950", "1951"), more="""\
conflicts:
- {claims: [signing-0, signing-1], because: Both are right., holds: [signing-0, signing-1]}
""")
    with pytest.raises(DataError, match="TRT049 claims that are held to be right contradict each other: signing-0, signing-1"):
        publish(folder)


def test_each_conflict_has_a_key_of_its_own(tmp_path: Path) -> None:
    denied = "".join(f'- {{id: not-{n}, subject: signing, date: "{d}", polarity: denied, at: "three#1"}}\n'
                     for n, d in enumerate(("1950", "1951")))
    published = publish(made(tmp_path / "d", dated("signing", "1950", "1951") + denied))
    assert sorted(c.key for c in published.conflicts) == ["denied.signing-0", "denied.signing-1", "signing.date"]
    assert check_shapes(published).conforms


# --- the command, the description ---------------------------------------------------------------


def test_the_command_in_three_forms_and_its_gate(tmp_path: Path, treatyrdf: Run) -> None:
    folder = made(tmp_path / "d", dated("signing", "1950-03-14", "1950-03-15"))
    text = treatyrdf("conflicts", folder)
    assert text.returncode == 0
    assert text.stdout == ("Signing: date (different dates, open, 1 day apart) new\n  - 1950-03-14  [one 1]\n"
                           "  - 1950-03-15  [two 1]\n")
    assert "one and two on Signing: 1 dated by both: 1 different" in text.stderr
    rows = list(csv.DictReader(io.StringIO(treatyrdf("conflicts", folder, "--csv").stdout)))
    assert [(r["claim"], r["days"], r["new"]) for r in rows] == [("signing-0", "1", "new"), ("signing-1", "1", "new")]
    value = json.loads(treatyrdf("conflicts", folder, "--json").stdout)[0]
    assert value["kind"] == "DifferentDates" and len(value["claims"]) == 2
    assert treatyrdf("conflicts", folder, "--fail-on", "open").returncode == 1
    assert treatyrdf("conflicts", folder, "--fail-on", "new").returncode == 1
    out = tmp_path / "out"
    assert treatyrdf("build", folder, "--out", out).returncode == 0
    assert treatyrdf("conflicts", folder, "--fail-on", "new", "--since", out).returncode == 0
    assert treatyrdf("conflicts", folder, "--since", tmp_path / "nowhere").returncode == 2
    claims = folder / "claims.yaml"
    claims.write_text(claims.read_text() + '- {id: third, subject: signing, date: "1950-03-16", at: "three#1"}\n')
    assert treatyrdf("conflicts", folder, "--fail-on", "new", "--since", out).returncode == 1


def test_conflicts_are_counted_and_can_be_asked_for() -> None:
    files = compose(INF)
    assert b"quality.open-conflicts" in files["dataset.ttl"]
    rows = list(csv.DictReader(io.StringIO(files["questions/conflicts.csv"].decode())))
    assert {r["days"] for r in rows} == {"30"} and len(rows) == 2


def test_each_record_has_a_page(tmp_path: Path) -> None:
    build(INF, tmp_path / "out")
    page = (tmp_path / "out" / "site" / "conflict" / "suspension-by-russia.date.html").read_text(encoding="utf-8")
    for claim in ("suspended-by-russia-at-once.date", "suspended-by-russia-by-decree"):
        assert f"claim/{claim}.html" in page
    assert "different dates" in page and "open" in page
