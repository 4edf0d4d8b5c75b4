"""Compiled shapes and pySHACL find the same, result by result; what is not compiled goes to pySHACL and is said."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import ALLIANCE, ROOT
from test_shapes import HERE, UPDATES, updated
from treatyrdf import slices
from treatyrdf.compiled import Compiled
from treatyrdf.files import ontology_files, shape_files
from treatyrdf.findings import check_shapes
from treatyrdf.names import TRT, XSD
from treatyrdf.parameters import UnknownError
from treatyrdf.publish import publish
from treatyrdf.results import Report
from treatyrdf.selects import is_whole
from treatyrdf.triples import Triples
from treatyrdf.validate import Tester as Held
from treatyrdf.validate import validate
from treatyrdf.vocabulary import read_vocabulary
from treatyrdf.xsd import compare, is_well_formed

VOCABULARY = read_vocabulary(ontology_files())
COMPILED = Held(shape_files(), VOCABULARY, "compiled")
PYSHACL = Held(shape_files(), VOCABULARY)
PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def terms(lines: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return the triples of N-Triples lines."""
    split = (line.removesuffix(" .\n").split(" ", 2) for line in lines)
    return sorted({(s, p, o) for s, p, o in split})


def both(lines: list[str], shapes: str, tmp_path: Path) -> tuple[Report, Report]:
    file = tmp_path / "shapes.ttl"
    file.write_text(PREFIXES + shapes, encoding="utf-8")
    compiled, judged = (validate(lines, [file], VOCABULARY, validator=name) for name in ("compiled", "pyshacl"))
    return compiled, judged


def test_every_shape_is_compiled() -> None:
    assert COMPILED.compiled is not None
    assert COMPILED.compiled.left == {}
    assert len(COMPILED.compiled.targets) > 90


@pytest.mark.parametrize("path", [None, *UPDATES], ids=lambda p: p.stem if p else "valid")
def test_on_every_fixture(path: Path | None) -> None:
    triples = terms(updated(path.read_text(encoding="utf-8")) if path else updated())
    found, wanted = COMPILED.test(triples), PYSHACL.test(triples)
    assert found == wanted
    assert bool(found.findings) == (path is not None)


VALID = terms(updated())
TERMS = sorted({o for _, _, o in VALID} | {s for s, _, _ in VALID} | {
    f'"{text}"^^<{XSD}{kind}>' for kind, text in (
        ("integer", "-1"), ("integer", "x"), ("date", "2020-02-30"), ("gYear", "2020"), ("decimal", "1.5"))}
    | {'"a"', '"a"@en', '"b"@en', '""', f"<{TRT}UnknownValue>", f"<{TRT}AssertedClaim>", "<https://example.org/none>"})
CHANGES = st.lists(st.tuples(st.sampled_from(("drop", "value", "subject", "property", "copy")), st.sampled_from(VALID),
                             st.sampled_from(TERMS), st.sampled_from(sorted({p for _, p, _ in VALID}))),
                   min_size=1, max_size=8)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(CHANGES)
def test_on_mutations(changes: list[tuple[str, tuple[str, str, str], str, str]]) -> None:
    triples = set(VALID)
    for how, (s, p, o), term, predicate in changes:
        if how != "copy":
            triples.discard((s, p, o))
        triples |= {"drop": set(), "value": {(s, p, term)}, "copy": {(s, p, term)}, "property": {(s, predicate, o)},
                    "subject": {(term, p, o)} if term.startswith("<") else set()}[how]
    assert COMPILED.test(sorted(triples)) == PYSHACL.test(sorted(triples))


@pytest.mark.parametrize("folder", [ALLIANCE, ROOT / "tests" / "cases" / "inf-treaty"], ids=lambda p: p.name)
def test_on_a_data_set_cut_into_slices(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "WHOLE", 0)
    monkeypatch.setattr(slices, "ENOUGH", 7)
    published = publish(folder)
    assert len(published.slices) > 1
    for broken in ((), ("polarity",), ("evidence", "label", "start")):
        lost = {n: tuple(q for q in published.part(n) if not q[1].rstrip(">").endswith(broken or ("#none",)))
                for n in range(len(published.slices))}
        seen = [[tester.test(lost[n], lost[0] if n else ()) for n in lost] for tester in (COMPILED, PYSHACL)]
        assert seen[0] == seen[1]
        assert any(s.findings for s in seen[0]) == bool(broken)
    assert check_shapes(published) == check_shapes(published, validator="pyshacl")


ILL = (("gYear", "20"), ("gYearMonth", "2020-13"), ("date", "2020-02-30"), ("dateTime", "2020-01-01T25:00:00"),
       ("integer", "12.0"), ("decimal", "1e3"), ("double", "one"))


@pytest.mark.parametrize(("kind", "text"), ILL)
def test_ill_formed_literals_are_found(kind: str, text: str, tmp_path: Path) -> None:
    shapes = f"ex:S a sh:PropertyShape ; sh:targetSubjectsOf ex:p ; sh:path ex:p ; sh:datatype xsd:{kind} ; sh:message 'm' ."
    line = f'<https://example.org/a> <https://example.org/p> "{text}"^^<{XSD}{kind}> .\n'
    compiled, judged = both([line], shapes, tmp_path)
    assert [f.value for f in compiled.findings if f.shape] == [text]
    if kind in ("gYear", "gYearMonth", "decimal"):  # pySHACL passes them: SHACL, section 4.1.2, wants them well-formed
        assert [f for f in judged.findings if f.shape] == []
    else:
        assert compiled.findings == judged.findings


def test_well_formed_literals_pass() -> None:
    for kind, text in (("gYear", "-0044"), ("gYear", "2020Z"), ("gYearMonth", "2020-12"), ("date", "2020-02-29"), ("boolean", "1"),
                       ("dateTime", "2020-01-01T24:00:00"), ("integer", "+5"), ("decimal", "5."), ("double", "INF"),
                       ("string", " a\\n"), ("anyURI", "a b"), ("language", "de-AT"), ("nobody-knows", "?")):
        assert is_well_formed(f'"{text}"^^<{XSD}{kind}>'), (kind, text)
    for kind, text in (("integer", " 5"), ("integer", "1_000"), ("integer", "\u0663"), ("double", "1_0"), ("token", "a  b"),
                       ("normalizedString", "a\\tb"), ("byte", "300"), ("gMonthDay", "--02-30"), ("boolean", "True")):
        assert not is_well_formed(f'"{text}"^^<{XSD}{kind}>'), (kind, text)


def test_order_of_literals() -> None:
    def typed(kind: str, text: str) -> str:
        return f'"{text}"^^<{XSD}{kind}>'

    assert compare(typed("byte", "7"), typed("double", "7.0E0")) == 0
    assert compare(typed("date", "2020-01-02"), typed("date", "2020-01-01")) == 1
    assert compare(typed("dateTime", "2020-01-01T12:00:00+02:00"), typed("dateTime", "2020-01-01T11:00:00Z")) == -1
    for one, other in ((typed("dateTime", "2020-01-01T12:00:00"), typed("dateTime", "2020-01-01T11:00:00Z")),
                       (typed("date", "2020-01-01"), typed("gYear", "2020")), (typed("boolean", "true"), typed("integer", "1")),
                       ('"a"@en', '"b"@en'), ("<https://example.org/>", '"a"'), (typed("double", "NaN"), typed("double", "NaN")),
                       (typed("integer", "x"), typed("integer", "1"))):
        assert compare(one, other) is None


# --- what is left to pySHACL --------------------------------------------------------------------

LEFT = {
    "names itself": "ex:S sh:property [ sh:path ex:p ; sh:node ex:S ] .",
    "has the pattern": r"ex:S sh:property [ sh:path ex:p ; sh:pattern '\\w+' ] .",
    "has the pattern a q": "ex:S sh:property [ sh:path ex:p ; sh:pattern 'a' ; sh:flags 'q' ] .",
    "has https": "ex:S ex:longest 3 . ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:longest ] ; "
                 "sh:validator [ a sh:SPARQLAskValidator ; sh:ask 'ASK { FILTER (STRLEN(STR($value)) < $longest) }' ] .",
    "has js": "ex:S sh:js [ ] .",
    "has a SPARQL": "ex:S sh:sparql [ sh:select 'SELECT $this WHERE { $this ?p ?v MINUS { ?v ?q ?z } }' ] .",
}


@pytest.mark.parametrize("why", list(LEFT))
def test_what_is_not_known_is_left_and_said(why: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "shapes.ttl"
    file.write_text(f"{PREFIXES} ex:S a sh:NodeShape ; sh:targetNode ex:a .\n{LEFT[why]}\n"
                    "ex:T a sh:PropertyShape ; sh:targetNode ex:a ; sh:path ex:p ; sh:maxCount 0 ; sh:message 'm' .", encoding="utf-8")
    with caplog.at_level(logging.WARNING, "treatyrdf"):
        tester = Held([file], VOCABULARY, "compiled")
    assert tester.compiled is not None and [*tester.compiled.left] == ["<https://example.org/S>"]
    assert why in tester.compiled.left["<https://example.org/S>"] and "pySHACL" in caplog.text
    assert [*tester.compiled.targets] == ["<https://example.org/T>"]


def test_what_is_left_is_not_skipped(tmp_path: Path) -> None:
    lines = ['<https://example.org/a> <https://example.org/p> "abc" .\n', '<https://example.org/a> <https://example.org/p> "-" .\n']
    shapes = (r"ex:S a sh:PropertyShape ; sh:targetNode ex:a ; sh:path ex:p ; sh:pattern '^\\w+$' ; sh:message 'm' ."
              "ex:T a sh:PropertyShape ; sh:targetNode ex:a ; sh:path ex:p ; sh:maxCount 1 ; sh:message 'n' .")
    compiled, judged = both(lines, shapes, tmp_path)
    assert compiled.findings == judged.findings
    assert {(f.shape[-1], f.value) for f in compiled.findings if f.shape} == {("S", "-"), ("T", "")}


# --- SPARQL -------------------------------------------------------------------------------------

WHOLE = {
    "SELECT $this ?value WHERE { $this ex:p ?value FILTER (ISNUMERIC(?value) && ?value > 2) }": True,
    "SELECT DISTINCT $this WHERE { $this ex:p ?v . FILTER NOT EXISTS { $this ex:q ?w . ?w ex:p ?v } }": True,
    "SELECT $this ?value WHERE { $this ex:p ?v OPTIONAL { ?v ex:q ?value } FILTER (!BOUND(?value)) }": True,
    "SELECT $this ?value WHERE { { $this ex:p ?value } UNION { $this ex:q ?value } FILTER (ISIRI(?value)) }": True,
    "SELECT $this (?n + 1 AS ?value) WHERE { $this ex:p ?n }": True,
    "SELECT $this ?value WHERE { ?value ex:q $this . $this (ex:q/ex:p)* ?x FILTER (?x = 3) }": True,
    "SELECT $this ?path ?value WHERE { $this ?path ?value FILTER (?path = ex:q) }": True,
    "SELECT $this ?value WHERE { $this ex:p* ?value FILTER (ISLITERAL(?value)) }": False,
    "SELECT $this ?value WHERE { ?value ex:p ?n FILTER (?value = $this && ?n = 3) }": False,
    "SELECT $this WHERE { FILTER NOT EXISTS { $this ex:p ?v } }": False,
    "SELECT $this ?value WHERE { { $this ex:p ?value } UNION { ?value ex:q ex:a FILTER (?value != $this) } }": False,
    "SELECT $this ?value WHERE { ?value ex:p ?n OPTIONAL { $this ex:q ?x } FILTER (!BOUND(?x)) }": False,
}
GRAPH = """@prefix ex: <https://example.org/> . ex:a ex:p 1, 2, 3 ; ex:q ex:b . ex:b ex:p 3 ; ex:q ex:a, ex:c . ex:c ex:p 'c' ; ex:q ex:c . ex:d ex:r ex:a ."""


@pytest.mark.parametrize("query", list(WHOLE))
def test_a_query_asked_once_gives_what_it_gives_for_each_node(query: str, tmp_path: Path) -> None:
    import pyoxigraph as ox

    assert is_whole(f"PREFIX ex: <https://example.org/>\n{query}") == WHOLE[query]
    lines = [f"{t.subject} {t.predicate} {t.object} .\n" for t in ox.parse(GRAPH, format=ox.RdfFormat.TURTLE)]
    shapes = f"""ex: sh:declare [ sh:prefix 'ex' ; sh:namespace '{"https://example.org/"}'^^xsd:anyURI ] .
    ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:q, ex:r ; sh:targetNode ex:none ;
      sh:sparql [ sh:prefixes ex: ; sh:message 'it is {{?value}}' ; sh:select '{query}' ] ."""
    compiled, judged = both(lines, shapes, tmp_path)
    assert compiled.findings == judged.findings
    assert any(f.component == "SPARQLConstraintComponent" for f in compiled.findings)


def test_a_query_that_cannot_be_read_is_left() -> None:
    with pytest.raises(UnknownError, match="cannot be read"):
        is_whole("SELECT $this WHERE { $this ")
    with pytest.raises(UnknownError, match="does not select"):
        is_whole("SELECT ?v WHERE { $this ?p ?v }")


def test_paths_lead_where_they_should() -> None:
    p, q = "<https://example.org/p>", "<https://example.org/q>"
    a, b, c = (f"<https://example.org/{x}>" for x in "abc")
    data = Triples(sorted([(a, p, b), (b, p, c), (c, p, a), (b, q, a)]))
    assert data.follow(("oneOrMore", p), a) == [b, c, a]
    assert data.follow(("zeroOrMore", ("inverse", p)), a) == [a, c, b]
    assert data.follow(("sequence", p, q), a) == [a]
    assert data.follow(("inverse", ("sequence", p, q)), a) == [a]
    assert data.follow(("alternative", q, p), b) == [a, c]
    assert data.follow(("zeroOrOne", q), c) == [c]


def test_shapes_are_compiled_from_the_graph_alone() -> None:
    assert Compiled(Triples(())).targets == {}
    assert (HERE / "valid.ttl").is_file()


def test_a_tester_can_be_sent_to_another_machine() -> None:
    triples = terms(updated(UPDATES[0].read_text(encoding="utf-8")))
    assert pickle.loads(pickle.dumps(COMPILED)).test(triples) == COMPILED.test(triples)
