"""Compiled shapes and pySHACL find the same, result by result; what is not compiled goes to pySHACL and is said."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery

from conftest import ALLIANCE, ROOT
from test_shapes import HERE, UPDATES, updated
from treatyrdf import slices
from treatyrdf.compiled import Compiled
from treatyrdf.files import ontology_files, shape_files
from treatyrdf.findings import check_shapes
from treatyrdf.joins import UnsureError, join_of
from treatyrdf.judge import fill, judge
from treatyrdf.names import TRT, XSD
from treatyrdf.parameters import UnknownError
from treatyrdf.publish import publish
from treatyrdf.results import Report
from treatyrdf.selects import algebra_of, is_whole
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
    assert published.count > 1
    for broken in ((), ("polarity",), ("evidence", "label", "start")):
        lost = {n: tuple(q for q in published.part(n) if not q[1].rstrip(">").endswith(broken or ("#none",)))
                for n in range(published.count)}
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


def test_what_is_compiled_is_not_left_as_well(tmp_path: Path) -> None:
    file = tmp_path / "shapes.ttl"
    file.write_text(PREFIXES + r"""ex:C a rdfs:Class, sh:NodeShape ; sh:property [ sh:path ex:p ; sh:maxCount 0 ] .
        ex:S a rdfs:Class, sh:NodeShape ; sh:property [ sh:path ex:p ; sh:pattern '^\\w+$' ] .""", encoding="utf-8")
    tester, data = Held([file], VOCABULARY, "compiled"), Graph()
    fill(data, PREFIXES + "ex:a a ex:C, ex:S ; ex:p '-' .")
    assert tester.compiled is not None and [*tester.compiled.targets] == ["<https://example.org/C>"]
    assert [f.component for f in judge(data, tester.judged)] == ["PatternConstraintComponent"]
    assert len([*judge(data, tester.shapes)]) == 2


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

    assert is_whole(algebra_of(f"PREFIX ex: <https://example.org/>\n{query}")) == WHOLE[query]
    lines = [f"{t.subject} {t.predicate} {t.object} .\n" for t in ox.parse(GRAPH, format=ox.RdfFormat.TURTLE)]
    shapes = f"""ex: sh:declare [ sh:prefix 'ex' ; sh:namespace '{"https://example.org/"}'^^xsd:anyURI ] .
    ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:q, ex:r ; sh:targetNode ex:none ;
      sh:sparql [ sh:prefixes ex: ; sh:message 'it is {{?value}}' ; sh:select '{query}' ] ."""
    compiled, judged = both(lines, shapes, tmp_path)
    assert compiled.findings == judged.findings
    assert any(f.component == "SPARQLConstraintComponent" for f in compiled.findings)


JOINED = {
    "SELECT $this ?v WHERE { $this ex:p ?v FILTER (?v > 2) }": True,
    "SELECT $this ?v ?w WHERE { $this ex:p ?v ; ex:q ?w . ?w ex:p ?v }": True,
    "SELECT $this ?w WHERE { ?w ex:q $this . ?w ex:p ?n FILTER (?n >= 2 && !(?n = 3)) }": True,
    "SELECT DISTINCT $this WHERE { $this ex:q ?w . ?w ex:p ?n }": True,
    "SELECT $this WHERE { $this ex:q ?w . ?w ex:p ?n }": True,
    "SELECT $this ?r WHERE { $this ?r ?w . ?w ex:q ex:a FILTER (?r != ex:r) }": True,
    "SELECT $this ?r WHERE { $this ex:q ?w . $this ?r ?w }": True,
    "SELECT $this ?x ?r WHERE { $this ex:q ?w . ?x ?r $this }": True,
    "SELECT $this WHERE { $this ex:q ?w FILTER NOT EXISTS { $this ex:p ?v . ?w ex:p ?v } }": True,
    "SELECT $this WHERE { $this ex:q ?w FILTER (EXISTS { ?w ex:q ?z } || NOT EXISTS { ?w ?any 3 . }) }": False,
    "SELECT $this WHERE { $this ex:q ?w FILTER (EXISTS { ?w ex:q ?z } || NOT EXISTS { ?w ?any ex:c }) }": True,
    "SELECT $this WHERE { $this ex:q ?w FILTER NOT EXISTS { ?s ex:p ?v } }": False,
    "SELECT $this WHERE { $this ex:q $this }": True,
    "SELECT $this WHERE { $this ex:q ?w . ?w ex:q ?w }": True,
    "SELECT $this WHERE { $this ex:q ?w . ?a ex:p ?a }": False,
    "SELECT $this ?z WHERE { $this ex:q ?w OPTIONAL { ?w ex:q ?z } }": False,
    "SELECT $this (?v + 1 AS ?w) WHERE { $this ex:p ?v }": False,
    "SELECT $this WHERE { $this ex:p ?v FILTER (STRLEN(STR(?v)) > 0) }": False,
    "SELECT $this WHERE { $this ex:p 3 }": False,
    "SELECT $this WHERE { $this ex:q* ?w }": False,
    "SELECT $this WHERE { $this ex:p ?v } LIMIT 1": False,
}
NODES = [f"<https://example.org/{name}>" for name in "abcd"]
TRIPLES = st.lists(st.tuples(
    st.sampled_from(NODES), st.sampled_from([f"<https://example.org/{name}>" for name in "pqr"]),
    st.sampled_from([*NODES, *(f'"{n}"^^<{XSD}integer>' for n in (1, 2, 3)), f'"2.5"^^<{XSD}decimal>'])), max_size=16)


READ = {f"PREFIX ex: <https://example.org/>\n{query}": known for query, known in JOINED.items()}
JOINS = {query: join_of(prepareQuery(query).algebra) for query in READ}


@pytest.mark.parametrize("query", list(READ))
def test_what_is_asked_of_the_index_is_known(query: str) -> None:
    assert (JOINS[query] is not None) == READ[query]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(TRIPLES)
def test_the_index_answers_as_a_store_does(triples: list[tuple[str, str, str]]) -> None:
    data, nodes = Triples(triples), {*NODES, *(o for _, _, o in triples)}
    for query, join in JOINS.items():
        if join is not None:
            try:
                found = join.solutions(data, nodes)
            except UnsureError:  # a number is compared with what is none
                assert "?v > 2" in query or "?n >= 2" in query
                continue
            assert sorted((node, sorted(row.items())) for node, row in found) == of_store(triples, query), query


def test_what_the_index_is_unsure_of_is_asked_of_a_store(tmp_path: Path) -> None:
    import pyoxigraph as ox

    query = "SELECT $this ?value WHERE { $this <https://example.org/p> ?value FILTER (?value > 2) }"
    triples = sorted((str(t.subject), str(t.predicate), str(t.object)) for t in ox.parse(GRAPH, format=ox.RdfFormat.TURTLE))
    join = join_of(prepareQuery(query).algebra)
    assert join is not None
    with pytest.raises(UnsureError):  # is the text 'c' more than 2? rdflib says so, SPARQL that it cannot be compared
        join.solutions(Triples(triples), set(NODES))
    (file := tmp_path / "shapes.ttl").write_text(
        f"{PREFIXES} ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql [ sh:select '{query}' ] .", encoding="utf-8")
    found = Held([file], VOCABULARY, "compiled").test(triples).findings
    assert sorted((f.focus[-1], f.value) for f in found) == [("a", "3"), ("b", "3")]


def of_store(triples: list[tuple[str, str, str]], query: str) -> list[tuple[str, list[tuple[str, str]]]]:
    import pyoxigraph as ox

    store = ox.Store()
    store.load("".join(f"{s} {p} {o} .\n" for s, p, o in triples), format=ox.RdfFormat.N_TRIPLES)
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    names = [v.value for v in found.variables]
    rows = [dict(zip(names, map(str, row), strict=True)) for row in found]
    return sorted((row["this"], sorted(row.items())) for row in rows)


def test_a_query_that_cannot_be_read_is_left() -> None:
    with pytest.raises(UnknownError, match="cannot be read"):
        is_whole(algebra_of("SELECT $this WHERE { $this "))
    with pytest.raises(UnknownError, match="does not select"):
        is_whole(algebra_of("SELECT ?v WHERE { $this ?p ?v }"))


def test_triples_may_be_told_twice_and_in_any_order() -> None:
    p, a, b, c = "p", "a", "b", "c"
    data = Triples([(a, p, b), (a, p, c), (b, p, c), (a, p, b), (b, p, c, "graph")]).values(p)
    assert [*data] == [(a, b), (a, c), (b, c)] and len(data) == 3
    assert (data.get(a), data.get(b), data.get(c)) == ([b, c], (c,), ())
    assert (data.has(a, b), data.has(b, c), data.has(b, b), data.has(c, c)) == (True, True, False, False)
    assert data.of({a, c}) == {b, c} and sorted(data.inverse.get(c)) == [a, b] and data.back({b}).get(c) == ()
    joined = data.beside(Triples([(b, p, a), (b, p, c), (c, p, c)]).values(p))
    assert [(node, sorted(joined.get(node))) for node in (a, b, c)] == [(a, [b, c]), (b, [a, c]), (c, [c])]


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
