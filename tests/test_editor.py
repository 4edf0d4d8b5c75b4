"""What the SPARQL page is told of a data set."""

from __future__ import annotations

import json
from pathlib import Path

from treatyrdf.ask import Question
from treatyrdf.documents import RECORDS
from treatyrdf.editor import MOST_BYTES, MOST_THINGS, editor_data
from treatyrdf.files import ontology_files
from treatyrdf.names import FOLDERS, Names
from treatyrdf.vocabulary import read_vocabulary

NAMES = Names("https://example.org/t/", "tiny")
ASKED = [Question("why", "Why </script>?", {}, "SELECT * { }", Path("why.rq"))]
LABELS = {"<https://example.org/t/b>": "B", "<https://example.org/t/a>": "A", "<https://example.org/t/claim/c>": "C",
          "<https://elsewhere.org/x>": "X"}


def data(labels: dict[str, str] = LABELS) -> dict:  # type: ignore[type-arg]
    text = editor_data(ASKED, read_vocabulary(ontology_files()), NAMES, labels, frozenset({"thing", "claim"}), 7)
    made: dict = json.loads(text)  # type: ignore[type-arg]
    return made


def test_things_are_what_stands_directly_below_the_base() -> None:
    assert data()["things"] == [["tiny:a", "A"], ["tiny:b", "B"]]


def test_terms_have_label_definition_and_kind() -> None:
    terms = {name: rest for name, *rest in data()["terms"]}
    assert terms["trt:Claim"][0] == "claim" and terms["trt:Claim"][2] == "class"
    assert terms["trt:Claim"][1].endswith(".")
    assert terms["trt:proposedBy"][2] == "property" and terms["trt:Assist"][2] == "concept"
    assert terms["rdf:type"][2] == "property"


def test_the_page_knows_prefixes_questions_dump_and_folders() -> None:
    made = data()
    assert ["tiny", "https://example.org/t/"] in made["prefixes"]
    assert ["claim", "https://example.org/t/claim/"] in made["prefixes"]
    assert made["questions"] == [{"name": "why", "words": "Why </script>?", "sparql": "SELECT * { }"}]
    assert made["dump"] == {"path": "file/tiny.nq", "bytes": 7, "most": MOST_BYTES}
    assert made["sharded"] == ["claim", "thing"]
    assert set(made["paged"]) == set(RECORDS) < set(FOLDERS)


def test_too_many_things_are_cut_and_counted() -> None:
    made = data({f"<https://example.org/t/thing-{n}>": "a thing" for n in range(MOST_THINGS + 3)})
    assert (len(made["things"]), made["left_out"]) == (MOST_THINGS, 3)
    assert data()["left_out"] == 0


def test_the_order_of_labels_does_not_matter() -> None:
    assert data() == data(dict(reversed(LABELS.items())))
