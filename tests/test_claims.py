"""What is claimed, what is asserted, and what must never be."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ALLIANCE
from treatyrdf.errors import DataError
from treatyrdf.names import RDF, RDFS, TRT, curie, trt
from treatyrdf.publish import Published, publish

TYPE = curie("rdf:type")


def graph(published: Published, name: str) -> set[tuple[str, str, str]]:
    return {q[:3] for q in published.quads if q[3] == published.names.graph(name)}


def nodes(published: Published, kind: str) -> dict[str, dict[str, set[str]]]:
    """Return the records of a class as predicate -> objects."""
    found: dict[str, dict[str, set[str]]] = {
        s: {} for s, p, o in graph(published, "claims") if p == TYPE and o == trt(kind)}
    for s, p, o in graph(published, "claims"):
        if s in found:
            found[s].setdefault(p, set()).add(o)
    return found


# --- completeness -------------------------------------------------------------------------------


def test_100_facts_and_12_silences_are_there(alliance: Published) -> None:
    numbers = Counter(str(c.fact.words["number"]) for c in alliance.claims if "number" in c.fact.words)
    assert {n for n in numbers if n[0] == "F"} == {f"F{n:03}" for n in range(1, 101)}
    assert {n for n in numbers if n[0] == "N"} == {f"N{n:02}" for n in range(1, 13)}
    for claim in alliance.claims:
        assert claim.evidence, claim.id
        number = str(claim.fact.words.get("number", ""))
        assert (claim.object is None) == number.startswith("N")


def test_each_fact_stands_where_the_reference_has_it(alliance: Published, shared: Path) -> None:
    with (shared / "facts.tsv").open(encoding="utf-8", newline="") as file:
        rows = {r["id"]: r for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    scopes = {"inline": {"Inline"}, "sentence tail": {"Inline", "Sentence"}, "paragraph tail": {"Paragraph"},
              "prose mention": {"Prose", "Uncited"}, "none": {"Uncited"}}
    bases = {"stated": {"Stated"}, "reported": {"Reported"}, "inferred": {"Inferred"},
             "possible": {"Supposed"}, "negated": {"Stated"}}
    told: dict[str, set[str]] = {}
    denied = False
    for claim in alliance.claims:
        row = rows.get(str(claim.fact.words.get("number")))
        if row is None:
            continue
        evidence = claim.evidence[0]
        assert evidence.passage.at == row["locator"], claim.id
        assert (evidence.passage.start, evidence.passage.end) == (int(row["start"]), int(row["end"]))
        assert evidence.passage.sha256.startswith(row["sha8"])
        assert row["claimant"] == "dataset" or claim.holders[0] == "article", claim.id
        if claim.object is None:
            continue
        found = {e.scope.rpartition("#")[2][:-1] for e in claim.evidence}
        # A sentence's own citation may also stand at the end of its paragraph.
        assert found <= scopes[row["cite_scope"]] | {"Sentence"}, claim.id
        if row["cite_scope"] != "prose mention":
            cited = {str(w) for e in claim.evidence if e.citation for w in e.citation.works}
            assert len(cited) == len([w for w in row["cites"].split("; ") if w]), claim.id
        told.setdefault(row["id"], set()).add(claim.qualifiers["basis"].rpartition("#")[2][:-1])
        if row["modality"] == "negated":
            denied |= claim.qualifiers["polarity"] == trt("Denied")
    for number, row in rows.items():
        if number.startswith("F"):
            assert told[number] & bases[row["modality"]], number
    assert denied


def test_every_sentence_is_covered(alliance: Published) -> None:
    at = {str(e.passage.at) for c in alliance.claims for e in c.evidence}
    assert at == set(alliance.dataset.sources["article"].passages) and len(at) == 21


# --- the invariants, both ways ------------------------------------------------------------------


@pytest.fixture(params=["alliance", "small"])
def published(request: pytest.FixtureRequest) -> Published:
    value = request.getfixturevalue(request.param)
    return value if isinstance(value, Published) else publish(value)


def test_each_plain_triple_has_a_claim(published: Published) -> None:
    claimed = {(c.subject, c.predicate, c.object) for c in published.claims if c.asserted}
    things = {published.names.thing(t) for t in published.dataset.things}
    own = {TYPE, f"<{RDFS}label>", f"<{RDFS}comment>"}
    for triple in graph(published, "facts"):
        assert triple in claimed or (
            triple[1] in own and (triple[0] in things or "/state/" in triple[0])), triple


def test_each_admitted_claim_has_its_plain_triple(published: Published) -> None:
    facts = graph(published, "facts")
    asserted = 0
    for node, about in nodes(published, "Claim").items():
        triple = tuple(next(iter(about[f"<{RDF}{p}>"])) for p in ("subject", "predicate", "object"))
        marked = trt("AssertedClaim") in about[TYPE]
        asserted += marked
        if marked:
            assert triple in facts, node
        admitted = (about[trt("basis")] <= {trt("Stated"), trt("Inferred")}
                    and about[trt("certainty")] == {trt("Certain")}
                    and about[trt("polarity")] == {trt("Affirmed")} and trt("restsOn") not in about
                    and trt("UnknownValue") not in about[f"<{RDF}object>"])
        if not admitted:
            assert not marked, node
    assert asserted > 5


def test_nothing_asserted_rests_on_anything_unasserted(published: Published) -> None:
    by_id = {c.id: c for c in published.claims}
    unknown = trt("UnknownValue")
    for claim in published.claims:
        if claim.asserted:
            assert len(claim.holders) == 1 and not claim.rests_on
            for premise in claim.premises:
                assert by_id[premise].asserted or by_id[premise].object == unknown or (
                    by_id[premise].qualifiers["polarity"] == trt("Denied")), claim.id


def test_all_graphs_hold_what_they_should(alliance: Published) -> None:
    assert {q[3] for q in alliance.quads} == {alliance.names.graph(n)
                                              for n in ("facts", "claims", "sources", "dataset")}
    for subject, _, _ in graph(alliance, "claims"):
        assert re.search(r"/(claim|silence|evidence|attribution)/", subject)


# --- what must never be -------------------------------------------------------------------------


def test_no_killing_is_asserted(alliance: Published) -> None:
    facts = graph(alliance, "facts")
    event = {s for s, p, o in facts if p == TYPE and alliance.vocabulary.is_a(
        o.removeprefix("<" + TRT)[:-1], ("Event",))}
    about = {s for s, p, o in facts if "unnamed-ambassador" in o or "gowron" in o}
    assert not about & event
    assert not any("assassination" in s or "killing" in s for s in event)
    planned = alliance.names.thing("planned-assassination")
    assert {p for s, p, _ in facts if s == planned} == {TYPE, f"<{RDFS}label>"}


def test_no_identity_is_asserted(alliance: Published) -> None:
    for _, predicate, _ in {q[:3] for q in alliance.quads}:
        assert "sameAs" not in predicate
    for predicate in ("identifiedWith", "connectedWith", "contemporaneousWith"):
        assert not any(p == trt(predicate) for _, p, _ in graph(alliance, "facts"))


def test_no_signing_year_is_asserted(alliance: Published) -> None:
    signing = alliance.names.thing("treaty-signing")
    treaty = alliance.names.thing("treaty-of-alliance")
    for subject, predicate, object_ in graph(alliance, "facts"):
        if subject in (signing, treaty):
            assert predicate not in {trt("date"), trt("earliestYear")}
            # That it was signed before the alliance broke is all that is sure.
            assert predicate != trt("latestYear") or object_.startswith('"2372"')


def test_no_klingon_right_of_inspection(alliance: Published) -> None:
    klingons = alliance.names.thing("klingon-empire")
    inspections = {c.subject for c in alliance.claims if c.object == trt("Inspect")}
    bearers = {(c.subject, c.object) for c in alliance.claims if c.predicate == trt("bearer")}
    assert inspections and not {(i, klingons) for i in inspections} & bearers


def test_no_citation_is_dealt_out_of_a_block(alliance: Published) -> None:
    for source in alliance.dataset.sources.values():
        block = source.citations["balance-block"]
        assert len(block.works) == 4
        tail = source.citations["dominion-block"]
        assert len(tail.works) == 2
    cites = {(q[0], q[2]) for q in alliance.quads if q[1] == trt("cites")}
    assert all("/citation/" in s for s, _ in cites)
    evidence = {q[0] for q in alliance.quads if q[1] == trt("citation")}
    assert all("/evidence/" in s for s in evidence)


def test_no_state_contradicts_what_a_reader_knows(alliance: Published) -> None:
    facts = graph(alliance, "facts")
    treaty = alliance.names.thing("treaty-of-alliance")
    assert not any(p == trt("hasState") for _, p, _ in facts)
    assert not any(p == trt("changes") and o == treaty for _, p, o in facts)
    years = {s.rpartition("/")[2][:-1]: o for s, p, o in facts if p == trt("latestYear")}
    assert years["alliance-breakdown"].startswith('"2372"') and years["alliance-resumption"].startswith('"2373"')


def test_romulans_are_not_made_an_empire(alliance: Published) -> None:
    attack = alliance.names.thing("romulan-attack-on-outpost")
    assert {o for s, p, o in graph(alliance, "facts") if s == attack and p == trt("conductedBy")} == {
        alliance.names.thing("romulan-attackers")}
    spock = alliance.names.thing("spock")
    assert not any(s == spock and p == trt("describedAs") for s, p, _ in graph(alliance, "facts"))


# --- the policy, on any claims ------------------------------------------------------------------

STANDING = st.fixed_dictionaries({
    "basis": st.sampled_from(["stated", "reported", "inferred", "supposed"]),
    "polarity": st.sampled_from(["affirmed", "denied"]),
    "certainty": st.sampled_from(["certain", "probable", "possible"])})


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(STANDING, st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5))), min_size=2,
                max_size=6))
def test_firmness_never_grows_along_a_chain(tmp_path_factory: pytest.TempPathFactory,
                                            entries: list[tuple[dict[str, str], set[int], set[int]]]) -> None:
    folder = tmp_path_factory.mktemp("policy")
    for file in ("dataset.yaml", "sources.yaml", "things.yaml"):
        (folder / file).write_text((Path(__file__).parent / "errors" / "base" / file).read_text())
    lines = ["claims:"]
    for number, (drawn, premises, assumes) in enumerate(entries):
        earlier = sorted(n for n in premises if n < number)
        standing = drawn if earlier or drawn["basis"] != "inferred" else {**drawn, "basis": "stated"}
        lines += [f"- id: c{number}", "  subject: treaty", f"  hasParty: {('spain', 'france')[number % 2]}",
                  '  at: "1.1"', "  cites: tail", *(f"  {k}: {v}" for k, v in standing.items())]
        if earlier:
            lines += [f"  premises: [{', '.join(f'c{n}' for n in earlier)}]", "  rule: presupposition"]
        if taken := sorted(n for n in assumes if n < number):
            lines.append(f"  assumes: [{', '.join(f'c{n}' for n in taken)}]")
    (folder / "claims.yaml").write_text("\n".join(lines) + "\n")
    claims = {c.id: c for c in publish(folder).claims}
    for claim in claims.values():
        if claim.asserted:
            assert claim.qualifiers["certainty"] == trt("Certain") and not claim.rests_on
            assert claim.qualifiers["basis"] in (trt("Stated"), trt("Inferred"))
            for premise in claim.premises:
                assert claims[premise].qualifiers["certainty"] == trt("Certain")
        for reason in (*claim.premises, *claim.assumes):
            assert set(claims[reason].rests_on) <= set(claim.rests_on)


def test_a_long_chain_of_premises_is_no_recursion(small: Path) -> None:
    lines = ["claims:"]
    for n in range(3000):
        lines += [f"- id: c{n}", "  subject: fishery-agreement", "  hasParty: france", "  at: '1.1'"]
        lines += ["  basis: inferred", f"  premises: c{n - 1}", "  rule: presupposition"] if n else []
    (small / "more.yaml").write_text("\n".join(lines) + "\n")
    assert sum(c.asserted for c in publish(small).claims) > 3000


def test_all_problems_are_collected(small: Path) -> None:
    claims = small / "claims.yaml"
    text = claims.read_text().replace("hasParty", "hasPartty").replace("date: 1951-09-24", "date: soon")
    claims.write_text(text.replace("about: fishery-agreement", "about: agreement"))
    with pytest.raises(DataError) as refused:
        publish(small)
    assert [p.code for p in refused.value.problems] == ["TRT020", "TRT037", "TRT030"]


def test_the_folder_is_the_default() -> None:
    assert (ALLIANCE / "dataset.yaml").is_file()
