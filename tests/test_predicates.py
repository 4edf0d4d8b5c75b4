"""What queries can see of a dump: the predicates they name, or everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from treatyrdf import ask
from treatyrdf.ask import answer_csv, open_for, open_store, read_questions
from treatyrdf.predicates import predicates_of

ROOT = Path(__file__).resolve().parent.parent
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

NAMED = {
    "SELECT * { ?s <x:a> ?o }": {"<x:a>"},
    "SELECT * { ?s a ?o }": {TYPE},
    "PREFIX x: <x:> SELECT * { ?s x:a/^x:b ?o . ?o (x:c|x:d)+ ?e }": {"<x:a>", "<x:b>", "<x:c>", "<x:d>"},
    "PREFIX : <x:> SELECT * { ?s :a [ :b ?x ], ( ?y [ :c ?z ] ) }": {"<x:a>", "<x:b>", "<x:c>"},
    "SELECT ?g { GRAPH ?g { ?s <x:a> ?o } }": {"<x:a>"},
    "SELECT * { ?s <x:a> ?o OPTIONAL { ?o <x:b> ?e } FILTER NOT EXISTS { ?o <x:c> 1 } }": {"<x:a>", "<x:b>", "<x:c>"},
    "SELECT * { { SELECT ?s { ?s <x:a> 1 } } UNION { ?s <x:b> 2 } MINUS { ?s <x:c> 3 } }": {"<x:a>", "<x:b>", "<x:c>"},
    "SELECT * { ?s <x:a> ?o BIND(EXISTS { ?o <x:b> 1 } AS ?is) }": {"<x:a>", "<x:b>"},
    r"SELECT * { ?s <x:\u0061> ?o }": {"<x:a>"},
}
EVERYTHING = (
    "SELECT * { ?s ?p ?o }",
    "SELECT * { ?s <x:a> ?o ; ?p ?e }",
    "SELECT * { ?s !<x:a> ?o }",
    "SELECT * { ?s <x:a>* ?o }",
    "SELECT * { ?s <x:a>/<x:b>? ?o }",
    "SELECT ?g { GRAPH ?g { } }",
    "SELECT * { ?s <x:a> [ ?p 1 ] }",
    "SELECT * { ?s <x:a> ( [ <x:b> [ ?p 1 ] ] ) }",
    "SELECT * { ?s <x:a> ?o FILTER NOT EXISTS { ?o ?p 1 } }",
    "SELECT * { BIND(EXISTS { ?s ?p 1 } AS ?is) }",
    "SELECT * { ?s <x:a> ?o MINUS { GRAPH ?g { ?s ?p 1 } } }",
    "SELECT * { VALUES ?p { <x:a> } ?s ?p ?o }",
    "BASE <x:> SELECT * { ?s <a> ?o }",
    r"PREFIX x: <x:> SELECT * { ?s x:a\-b ?o }",
    "DESCRIBE <x:a>",
    "CONSTRUCT WHERE { ?s <x:a> ?o }",
    "no query",
)


@pytest.mark.parametrize("query", NAMED)
def test_a_query_sees_what_it_names(query: str) -> None:
    """Some other IRIs may be among them, but never one less."""
    found = predicates_of([query])
    assert found is not None and NAMED[query] <= found and "<x:e>" not in found


@pytest.mark.parametrize("query", EVERYTHING)
def test_a_query_may_see_everything(query: str) -> None:
    """One such query among others is enough."""
    assert predicates_of([query]) is None
    assert predicates_of([next(iter(NAMED)), query]) is None


@pytest.mark.parametrize("folder", ["datasets/alliance", "tests/cases/inf-treaty"])
def test_answers_are_those_of_the_whole_dump(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store with only what the questions see, on the disk or not, answers as one with all in memory."""
    from treatyrdf.build import compose

    files = compose(ROOT / folder)
    dump = next(content for name, content in files.items() if name.endswith(".nq"))
    questions = read_questions(ROOT / folder)
    lines = dump.splitlines(keepends=True)
    all_ = open_store(dump)
    for many in (0, 10**6):
        monkeypatch.setattr(ask, "MANY", many)
        some = open_for(predicates_of(q.sparql for q in questions), lines, tmp_path / "store")
        assert (tmp_path / "store").exists() and 0 < len(some) < len(all_) == len(lines)
        for question in questions:
            assert answer_csv(question, some) == answer_csv(question, all_), question.name


def test_one_question_that_sees_everything_gets_everything(tmp_path: Path) -> None:
    """Nothing is left out for it."""
    from dataclasses import replace

    question = replace(read_questions(ROOT / "datasets" / "alliance")[0], sparql="SELECT * { ?s ?p ?o }")
    lines = [b"<x:s> <x:%d> <x:o> <x:g> .\n" % n for n in range(7)]
    assert len(open_for(predicates_of([question.sparql]), lines, tmp_path / "store")) == len(lines)
