"""Every word of the ontology and every shape is documented once, as the files have it, with its use."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from page_stub import Reader, render, text_of
from treatyrdf.files import ontology_files, shape_files
from treatyrdf.names import PREFIXES, RDF, TRT, Names
from treatyrdf.publish import Published
from treatyrdf.reference import Page, Reference, ontology_pages, ontology_reference
from treatyrdf.shapes import Group, shape_pages, shapes_reference

SH, OWL, SKOS = PREFIXES["sh"], PREFIXES["owl"], PREFIXES["skos"]
LIMIT = 100_000


def place(local: str) -> str:
    return local if "/" in local else f"thing/{local}"


def triples(files: list[Path]) -> list[ox.Triple]:
    return [triple for file in files for triple in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)]


@pytest.fixture(scope="module")
def reference(alliance: Published) -> Reference:
    return ontology_reference(ontology_files(), alliance.quads, alliance.names, place)


@pytest.fixture(scope="module")
def groups(reference: Reference) -> tuple[Group, ...]:
    return shapes_reference(shape_files(), reference)


@pytest.fixture(scope="module")
def pages(reference: Reference, groups: tuple[Group, ...]) -> dict[str, str]:
    made = [*ontology_pages(reference), *shape_pages(groups)]
    assert len({name.lower() for name, _, _ in made}) == len(made)
    return {name: render(name, template, context) for name, template, context in made}


Written = Callable[..., list[Page]]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def make(ontology: str, shapes: str = "", quads: tuple[tuple[str, str, str, str], ...] = ()) -> list[Page]:
        prefixes = "".join(f"@prefix {p}: <{n}> .\n" for p, n in PREFIXES.items())
        (tmp_path / "o.ttl").write_text(prefixes + ontology, encoding="utf-8")
        (tmp_path / "s.ttl").write_text(prefixes + shapes, encoding="utf-8")
        made = ontology_reference([tmp_path / "o.ttl"], quads, Names("https://e.org/", "e"), place)
        return [*ontology_pages(made), *shape_pages(shapes_reference([tmp_path / "s.ttl"], made))]
    return make


def test_each_term_is_documented_once_and_has_a_page(reference: Reference, pages: dict[str, str]) -> None:
    own = {t.subject.value.removeprefix(TRT) for t in triples(ontology_files())
           if isinstance(t.subject, ox.NamedNode) and t.subject.value.startswith(TRT)}
    ids = Reader(pages["ontology.html"]).ids
    assert len(ids) == len(set(ids))
    assert {i for i in ids if not i.startswith("-")} == own == {t.name for t in reference.terms.values()}
    assert not reference.others
    assert {name for name in pages if name.startswith("ontology/")} == {t.page for t in reference.terms.values()}
    assert reference.terms[TRT + "Claim"].page == "ontology/Claim.html"


def test_names_that_differ_in_case_only_do_not_share_a_file(reference: Reference) -> None:
    assert reference.terms[TRT + "Evidence"].page == "ontology/Evidence.html"
    assert reference.terms[TRT + "evidence"].page == "ontology/evidence-property.html"


def test_no_page_weighs_too_much(pages: dict[str, str]) -> None:
    assert max(len(page.encode()) for page in pages.values()) < LIMIT


def test_pages_have_no_style_no_script_and_no_event(pages: dict[str, str]) -> None:
    for page in pages.values():
        read = Reader(page)
        assert {"script", "style"}.isdisjoint(read.tags)
        assert not {a for a in read.attributes if a == "style" or a.startswith("on")}


def test_every_link_between_the_pages_leads_somewhere(alliance: Published, pages: dict[str, str]) -> None:
    local = {q[0][1:-1].removeprefix(alliance.names.base) for q in alliance.quads}
    known = {f"{place(name)}.html" for name in local}
    ids = {name: set(Reader(page).ids) for name, page in pages.items()}
    elsewhere = {"search.html"}
    for name, page in pages.items():
        for link in Reader(page).links:
            if link.startswith("https://") or link.startswith("http://"):
                continue
            path, _, anchor = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            assert target in ids or target in known | elsewhere, (name, link)
            assert not anchor or anchor in ids[target], (name, link)


def test_definitions_and_labels_are_those_of_the_vocabulary(alliance: Published, reference: Reference) -> None:
    for name, term in {**alliance.vocabulary.classes, **alliance.vocabulary.properties}.items():
        if term.iri.startswith(TRT):
            ours = reference.terms[term.iri]
            assert (ours.name, ours.label, ours.definition) == (name, term.label, term.definition)
    for scheme, concepts in alliance.vocabulary.schemes.items():
        members = next(members for own, members in reference.schemes if own.name == scheme)
        assert {(t.iri, t.definition) for t in members} == {(t.iri, t.definition) for t in concepts.values()}


def test_everything_said_of_a_term_is_on_its_page(reference: Reference, pages: dict[str, str]) -> None:
    quiet = {RDF + "type", PREFIXES["rdfs"] + "isDefinedBy", SKOS + "topConceptOf"}
    texts = {term.iri: (text_of(pages[term.page]), Reader(pages[term.page]).links)
             for term in reference.terms.values()}
    for triple in triples(ontology_files()):
        if triple.subject.value in texts and triple.predicate.value not in quiet:
            text, links = texts[triple.subject.value]
            value = triple.object.value
            if isinstance(triple.object, ox.Literal):
                assert " ".join(value.split()) in text
            else:
                own = reference.terms.get(value)
                assert (f"../{own.page}" if own else value) in links, triple


def test_both_ends_of_a_link_show_it(reference: Reference) -> None:
    def linked(name: str, heading: str) -> set[str]:
        return {link.name for link in dict(reference.terms[TRT + name].links)[heading]}

    assert linked("Alliance", "Is a kind of") == {"PoliticalRelation"}
    assert "Alliance" in linked("PoliticalRelation", "Kinds of it")
    assert "Treaty" in linked("Provision", "Apart from") and "Provision" in linked("Treaty", "Apart from")
    assert "bearer" in linked("Provision", "Properties of every one")
    assert "basis" in linked("BasisScheme", "Words for the values of")
    assert linked("Claim", "Close match") == {"schema:Claim"}


def test_counts_are_those_of_the_quads(alliance: Published, reference: Reference) -> None:
    store = ox.Store()
    store.bulk_load("".join(f"{s} {p} {o} .\n" for s, p, o, _ in alliance.quads).encode(), ox.RdfFormat.N_TRIPLES)
    for file in ontology_files():
        store.bulk_load(path=str(file), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("urn:ontology"))

    def counted(query: str) -> Counter[str]:
        return Counter({row[0].value: int(row[1].value) for row in store.query(query)})

    instances = counted(
        "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?d . GRAPH <urn:ontology> "
        "{ ?d <http://www.w3.org/2000/01/rdf-schema#subClassOf>* ?c } } GROUP BY ?c")
    properties = counted("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")
    objects = counted(
        f"SELECT ?o (COUNT(*) AS ?n) {{ ?s ?p ?o . FILTER(ISIRI(?o)) FILTER(?p NOT IN (<{RDF}type>, "
        f"<{RDF}predicate>, <{RDF}object>)) }} GROUP BY ?o")
    claims = {what: counted(f"SELECT ?o (COUNT(*) AS ?n) {{ ?c a <{TRT}Claim> ; <{RDF}{what}> ?o }} GROUP BY ?o")
              for what in ("predicate", "object")}
    assert sum(instances.values()) > 1000 and sum(claims["predicate"].values()) > 200
    for address, term in reference.terms.items():
        if term.kind == "concept scheme":
            members = [m.iri for own, many in reference.schemes if own is term for m in many]
            assert term.usage.statements == sum(objects[m] for m in members)
            continue
        usage = term.usage
        assert usage.instances == (instances[address] if term.kind == "class" else 0), term.name
        assert usage.statements == properties[address] + objects[address], term.name
        assert usage.claims == claims["predicate"][address] + claims["object"][address], term.name


def test_examples_are_things_that_use_the_term(alliance: Published, reference: Reference) -> None:
    about = {f"{place(s[1:-1].removeprefix(alliance.names.base))}.html": s for s, _, _, _ in alliance.quads}
    party = reference.terms[TRT + "hasParty"]
    assert 0 < len(party.usage.examples) <= 3
    for label, document in party.usage.examples:
        said = [q for q in alliance.quads if q[0] == about[document]]
        assert any(q[1] == f"<{party.iri}>" for q in said) and any(label in q[2] for q in said)


def test_what_has_no_page_is_no_example(alliance: Published) -> None:
    bare = ontology_reference(ontology_files(), alliance.quads, alliance.names,
                              lambda local: None if local.startswith("claim/") else place(local))
    assert bare.terms[TRT + "Claim"].usage.instances and not bare.terms[TRT + "Claim"].usage.examples
    assert all(not href.startswith("claim/") for t in bare.terms.values() for _, href in t.usage.examples)


def test_every_shape_is_told_with_its_message_and_an_anchor(groups: tuple[Group, ...], pages: dict[str, str]) -> None:
    read, text = Reader(pages["shapes.html"]), text_of(pages["shapes.html"])
    named = {t.subject.value for t in triples(shape_files()) if isinstance(t.subject, ox.NamedNode)
             and t.predicate.value == RDF + "type"}
    assert len(read.ids) == len(set(read.ids))
    assert {name.removeprefix(PREFIXES["trsh"]) for name in named} == {s.name for g in groups for s in g.shapes}
    assert {s.name for g in groups for s in g.shapes} <= set(read.ids)
    assert [g.file for g in groups] == [file.name for file in shape_files()] and all(g.purpose for g in groups)
    for triple in triples(shape_files()):
        if triple.predicate.value == SH + "message":
            assert triple.object.value in text


def test_no_constraint_of_the_shapes_is_left_without_words(groups: tuple[Group, ...]) -> None:
    for group in groups:
        for shape in group.shapes:
            assert shape.targets and shape.constraints, shape.name
            said = "".join(link.text for phrase in shape.constraints for link in phrase)
            assert "sh:" not in said and "_:" not in said and "is anything" not in said, (shape.name, said)


def sentences(groups: tuple[Group, ...], name: str) -> list[str]:
    shape = next(s for g in groups for s in g.shapes if s.name == name)
    return ["".join(link.text for link in phrase) for phrase in (*shape.targets, *shape.constraints)]


@pytest.mark.parametrize(("name", "said"), [
    ("ClaimBasis", ["every claim", "It has exactly one value of basis.",
                    "Each value of basis is one of stated, reported, inferred, supposed."]),
    ("ContentUsed", ["every content", "It is the rdf:object of at least one thing.",
                     "Each thing that it is the rdf:object of is a claim."]),
    ("ContentIsNoEvent", ["every content", "It is not an event."]),
    ("StateHasBegin", ["every relation state", "It meets at least one of these: it has at least one value of "
                       "beganWith; it has not yet in force as a value of state."]),
    ("PassageStart", ["every passage", "It has at most one value of oa:start.",
                      "Each value of oa:start is a literal of type xsd:integer.",
                      "Each value of oa:start is at least 0.",
                      "Each value of oa:start is less than each value of oa:end."]),
    ("PassageHash", ["every passage", "It has exactly one value of sha256.",
                     "Each value of sha256 matches ^[0-9a-f]{64}$."]),
    ("BoundsOrdered", ["everything that has earliestYear", "It has at most one value of earliestYear.",
                       "Each value of earliestYear is a literal of type xsd:integer.",
                       "Each value of earliestYear is no more than each value of latestYear."]),
    ("RelationParties", ["every political relation", "It has at least 2 values of hasParty.",
                         "Each value of hasParty is an agent."]),
    ("WorkIsReal", ["every work", "It is not a fictional entity."]),
])
def test_constraints_in_plain_english(groups: tuple[Group, ...], name: str, said: list[str]) -> None:
    assert sentences(groups, name) == said


OTHER_SHAPES = """
trsh:Odd a sh:NodeShape ; sh:targetObjectsOf trt:near ; rdfs:label "odd" ; sh:description "why" ;
  sh:property [ sh:path ( trt:near [ sh:zeroOrMorePath trt:near ] ) ; sh:maxCount 0 ] ;
  sh:not [ sh:and ( [ sh:class trt:A ] [ sh:nodeKind sh:IRI ] ) ] ; sh:node trsh:Other ;
  sh:sparql [ sh:message "too near" ; sh:select "SELECT $this { $this ?p 1 FILTER(1 < 2) }" ] .
trsh:Other a sh:PropertyShape ; sh:path [ sh:alternativePath ( trt:near trt:far ) ] ;
  sh:qualifiedValueShape [ sh:class trt:A ] ; sh:qualifiedMinCount 1 ; sh:pattern "a<b" ; sh:flags "i" ;
  sh:minLength 2 ; sh:strange 5 ; sh:severity sh:Info .
"""


def test_rarer_constraints_have_words_too(written: Written) -> None:
    pages = {name: render(name, t, c) for name, t, c in written('trt:A a owl:Class ; rdfs:label "apple" .', OTHER_SHAPES)}
    text = text_of(pages["shapes.html"])
    for said in ("everything that is trt:near of something",
                 "It has no value of trt:near, then trt:near (any number of steps).",
                 "It does not meet this: it meets all of these: it is an apple; it is an IRI.",
                 "It conforms to Other.", "too near", "SELECT $this { $this ?p 1 FILTER(1 < 2) }", "info",
                 "It has at least one value of trt:near or trt:far that is an apple.",
                 "Each value of trt:near or trt:far matches a<b (flags i).", "has at least 2 characters",
                 "meets sh:strange 5"):
        assert said in text, (said, text)


def test_a_large_ontology_keeps_every_anchor(written: Written) -> None:
    ontology = "".join(f'trt:Class{n} a owl:Class ; rdfs:label "class {n}" ; skos:definition "{"word " * 40}" .\n'
                       for n in range(700))
    name, template, context = written(ontology)[0]
    page = render(name, template, context)
    assert context["brief"] and len(page.encode()) < LIMIT
    assert len([i for i in Reader(page).ids if i.startswith("Class")]) == 700


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\\\"'{{ 7*7 }}"


def test_hostile_words_are_only_words(written: Written) -> None:
    quads = (("<https://e.org/x>", f"<{RDF}type>", f"<{TRT}A>", "<https://e.org/g>"),
             ("<https://e.org/x>", f"<{PREFIXES['rdfs']}label>", f'"{HOSTILE}"@en', "<https://e.org/g>"))
    made = written(f'''trt:A a owl:Class ; rdfs:label "{HOSTILE}" ; skos:definition "{HOSTILE}" ; skos:example "{HOSTILE}" ;
        skos:closeMatch <javascript:alert(3)> ; rdfs:seeAlso <data:text/html,x> .''',
                   f'trsh:S a sh:NodeShape ; rdfs:label "{HOSTILE}" ; sh:message "{HOSTILE}" ; sh:hasValue "{HOSTILE}" .', quads)
    assert len(made) == 3
    for name, template, context in made:
        page = render(name, template, context)
        read = Reader(page)
        assert {"script", "img"}.isdisjoint(read.tags) and "onerror" not in read.attributes
        assert not [link for link in read.links if link.startswith(("javascript:", "data:"))]
        assert "<script>alert(1)" in text_of(page.replace("&lt;", "\0")).replace("\0", "<") and "{{ 7*7 }}" in page


def test_terms_that_are_not_used_say_so(reference: Reference, pages: dict[str, str]) -> None:
    unused = [t for t in reference.terms.values() if not (t.usage.instances or t.usage.statements or t.usage.claims)]
    assert unused and "Not used." in pages[unused[0].page]
    assert "Not used." not in pages["ontology/Claim.html"]


def test_schema_org_names_the_term_and_its_set(reference: Reference) -> None:
    made = {name: context["ld"] for name, _, context in ontology_pages(reference)}
    assert made["ontology.html"]["@type"] == "DefinedTermSet" and made["ontology.html"]["version"]
    term = made["ontology/Claim.html"]
    assert term["@id"] == TRT + "Claim" and term["inDefinedTermSet"]["@id"] == made["ontology.html"]["@id"]


def test_same_input_same_pages(alliance: Published, reference: Reference) -> None:
    again = ontology_reference(ontology_files(), iter(alliance.quads), alliance.names, place)
    assert again == reference
    assert shapes_reference(shape_files(), again) == shapes_reference(shape_files(), reference)
