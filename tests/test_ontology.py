"""The ontology: complete metadata, no known pitfall, consistent, and the same words as everywhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Dataset, Graph, URIRef

from conftest import ROOT
from ontology_pitfalls import pitfalls
from treatyrdf.dump import nquads
from treatyrdf.files import ontology_files
from treatyrdf.names import ONTOLOGY, PREFIXES, TRT
from treatyrdf.publish import Published, publish
from treatyrdf.vocabulary import Vocabulary, read_vocabulary

FOLDER = ROOT / "ontology"
WORDS, SCHEMES, ALIGNMENTS = FOLDER / "treaty.ttl", FOLDER / "schemes.ttl", FOLDER / "alignments.ttl"


@pytest.fixture(scope="module")
def words() -> Graph:
    return Graph().parse(WORDS)


@pytest.fixture(scope="module")
def schemes() -> Graph:
    return Graph().parse(SCHEMES)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_vocabulary(ontology_files())


@pytest.fixture(scope="module")
def data(alliance: Published) -> Graph:
    graph = Graph()
    merged = Dataset(default_union=True)
    merged.parse(data=nquads(alliance.quads), format="nquads")
    for triple in merged.triples((None, None, None)):
        graph.add(triple)
    return graph


def test_no_pitfalls(words: Graph, data: Graph) -> None:
    assert pitfalls(words, ONTOLOGY, data) == []


BAD = {
    "OM1": "DELETE WHERE { ?o dcterms:title ?x }", "OM2": "DELETE WHERE { ?o owl:versionInfo ?x }",
    "OM3": "DELETE WHERE { ?o dcterms:publisher ?x }",
    "P38": "DELETE DATA { <%s> a owl:Ontology }" % ONTOLOGY,
    "P41": 'DELETE { ?o dcterms:license ?x } INSERT { ?o dcterms:license "free" } WHERE { ?o dcterms:license ?x }',
    "VER1": "INSERT DATA { <%s> owl:versionIRI <%s> }" % (ONTOLOGY, ONTOLOGY),
    "P22": "INSERT DATA { trt:bad_Name a owl:Class }", "P21": "INSERT DATA { trt:OtherEvent a owl:Class }",
    "VOC3": "DELETE WHERE { trt:Treaty rdfs:label ?x }", "VOC4": "DELETE WHERE { trt:Treaty skos:definition ?x }",
    "P20": 'INSERT DATA { trt:X a owl:Class ; rdfs:label "x thing" ; skos:definition "x thing" }',
    "EXAMPLE": "DELETE WHERE { trt:Treaty skos:example ?x }", "LO01": "DELETE WHERE { trt:Treaty rdfs:isDefinedBy ?x }",
    "P32": 'INSERT DATA { trt:X a owl:Class ; rdfs:label "treaty"@en }',
    "P06": "INSERT DATA { trt:PoliticalRelation rdfs:subClassOf trt:Alliance }",
    "P04": "INSERT DATA { trt:Lonely a owl:Class }", "P24": "INSERT DATA { trt:Treaty owl:disjointWith trt:Treaty }",
    "P10": "DELETE WHERE { ?a owl:disjointWith ?b }",
    "JUSTIFY": "INSERT DATA { trt:War owl:disjointWith trt:Signing }",
    "P19": "INSERT DATA { trt:bearer rdfs:domain trt:Event }",
    "P11": "INSERT DATA { trt:loose a owl:ObjectProperty }",
    "P25": "INSERT DATA { trt:bearer owl:inverseOf trt:bearer }",
    "P26": "INSERT DATA { trt:connectedWith owl:inverseOf trt:x }",
    "P28": "INSERT DATA { trt:bearer a owl:SymmetricProperty }",
    "P29": "INSERT DATA { trt:before a owl:TransitiveProperty }",
    "OW02": "INSERT DATA { trt:bearer a owl:DatatypeProperty }",
    "OW06": "INSERT DATA { trt:year a owl:DatatypeProperty ; rdfs:range xsd:gYear }",
    "P40": "INSERT DATA { prov:Entity rdfs:subClassOf trt:Treaty }",
    "HARD": "INSERT DATA { trt:Treaty rdfs:subClassOf <http://example.org/T> }",
    "P34": "INSERT DATA { trt:Treaty rdfs:subClassOf prov:Thing }",
    "P35": "INSERT DATA { trt:Treaty <http://example.org/p> trt:War }",
    "OW05": "INSERT DATA { <%s> owl:imports <http://example.org/o> }" % ONTOLOGY,
    "P27": "INSERT DATA { trt:Treaty owl:sameAs trt:Alliance }",
}


@pytest.mark.parametrize("code", BAD)
def test_the_checker_finds_a_seeded_pitfall(words: Graph, data: Graph, code: str) -> None:
    spoilt = Graph()
    for triple in words:
        spoilt.add(triple)
    head = "".join(f"PREFIX {p}: <{n}>\n" for p, n in PREFIXES.items())
    spoilt.update(head + BAD[code])
    assert code in {found for found, _ in pitfalls(spoilt, ONTOLOGY, data)}


def test_every_code_of_the_checker_is_seeded() -> None:
    text = (Path(__file__).parent / "ontology_pitfalls.py").read_text()
    codes = {*re.findall(r'yield "([A-Z0-9]+)"', text), "OM1", "OM2", "OM3", "P29"} - {"PURL1", "P36"}
    assert codes == set(BAD)


def test_symmetric_properties_have_an_example_in_the_data(words: Graph, data: Graph) -> None:
    for prop in words.subjects(RDF.type, OWL.SymmetricProperty):
        said = (None, prop, None) in data or (None, RDF.predicate, prop) in data
        assert said, prop


def test_schemes_are_complete(schemes: Graph) -> None:
    concepts = set(schemes.subjects(RDF.type, SKOS.Concept))
    assert len(concepts) > 60
    for concept in concepts:
        for predicate in (SKOS.prefLabel, SKOS.notation, SKOS.definition, SKOS.inScheme, SKOS.topConceptOf):
            assert len(list(schemes.objects(concept, predicate))) == 1, (concept, predicate)
        scheme = schemes.value(concept, SKOS.inScheme)
        assert (scheme, RDF.type, SKOS.ConceptScheme) in schemes
    for scheme in schemes.subjects(RDF.type, SKOS.ConceptScheme):
        notations = [str(schemes.value(c, SKOS.notation)) for c in schemes.subjects(SKOS.inScheme, scheme)]
        assert len(notations) == len(set(notations)), scheme
        assert (scheme, SKOS.definition, None) in schemes


@pytest.mark.parametrize("path", [SCHEMES, ALIGNMENTS], ids=lambda p: p.stem)
def test_the_other_files_declare_what_they_use(path: Path) -> None:
    found = pitfalls(Graph().parse(path), ONTOLOGY.replace("ontology", path.stem))
    codes = {(code, term) for code, term in found if code in ("P34", "P35", "P38", "P41", "PURL1", "VER1")}
    assert codes == set()


def test_alignments_entail_nothing(words: Graph) -> None:
    mapping = {SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}
    known = set(words.subjects()) | set(Graph().parse(SCHEMES).subjects())
    graph = Graph().parse(ALIGNMENTS)
    ontology = next(graph.subjects(RDF.type, OWL.Ontology))
    found = 0
    for subject, predicate, object_ in graph:
        if subject == ontology or predicate == RDF.type:
            continue
        found += 1
        assert predicate in mapping and subject in known and isinstance(object_, URIRef)
        assert not str(object_).startswith(TRT)
    assert found > 50
    assert not {OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs, SKOS.exactMatch} & set(graph.predicates())


def test_context_terms_are_the_ontology_s_terms(vocabulary: Vocabulary) -> None:
    context = json.loads((FOLDER / "context.jsonld").read_text())["@context"]
    own = {rule["@id"].removeprefix("trt:"): rule for rule in context.values()
           if isinstance(rule, dict) and str(rule.get("@id")).startswith("trt:")}
    assert set(own) == {p.name for p in vocabulary.properties.values() if p.iri.startswith(TRT)}
    for name, rule in own.items():
        prop = vocabulary.properties[name]
        wanted = {"thing": {"@type": "@id"}, "concept": {"@type": "@vocab"}, "text": {"@language": "en"},
                  "edtf": {"@type": "edtf:EDTF"}, "integer": {"@type": "xsd:integer"},
                  "iri": {"@type": "xsd:anyURI"}, "string": {}}[prop.kind]
        assert rule == {"@id": f"trt:{name}", **wanted}, name
        assert context[name] == rule
    assert context["@vocab"] == TRT


def test_prefix_is_not_taken_by_another_vocabulary() -> None:
    from rdflib.namespace import NamespaceManager

    taken = {p: str(n) for p, n in NamespaceManager(Graph(), bind_namespaces="rdflib").namespaces()}
    assert "trt" not in taken
    for prefix, namespace in PREFIXES.items():
        if prefix in taken and prefix not in ("schema",):
            assert taken[prefix] == namespace, prefix


def test_a_new_property_needs_no_python(tmp_path: Path, vocabulary: Vocabulary, small: Path,
                                        monkeypatch: pytest.MonkeyPatch) -> None:
    extra = tmp_path / "extra.ttl"
    extra.write_text(f"""@prefix trt: <{TRT}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> .
        @prefix skos: <{SKOS}> .
        trt:depositedWith a owl:ObjectProperty ; rdfs:label "deposited with"@en ;
            skos:definition "Joins a treaty to its keeper."@en ; rdfs:domain trt:Treaty ;
            rdfs:range trt:Agent .""")
    monkeypatch.setattr("treatyrdf.publish.ontology_files", lambda: [*ontology_files(), extra])
    claims = small / "claims.yaml"
    claims.write_text(claims.read_text().replace("  signedIn: signing\n",
                                                 "  signedIn: signing\n  depositedWith: france\n"))
    quads = publish(small).quads
    assert any(p == f"<{TRT}depositedWith>" and o.endswith("/france>") for _, p, o, _ in quads)


# --- consistency --------------------------------------------------------------------------------


def contradictions(*graphs: Graph) -> list[str]:
    import owlrl

    merged = Graph()
    for graph in graphs:
        for triple in graph:
            merged.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(merged)
    error = URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")
    return [str(o) for s in merged.subjects(RDF.type, error) for o in merged.objects(s)
            if o != error] + [f"nothing: {s}" for s in merged.subjects(RDF.type, OWL.Nothing)
                              if not isinstance(s, BNode)]


@pytest.fixture(scope="module")
def facts_only(alliance: Published) -> Graph:
    facts = [q for q in alliance.quads if q[3] in (alliance.names.graph("facts"), alliance.names.graph("sources"))]
    graph = Graph()
    graph.parse(data="".join(f"{s} {p} {o} .\n" for s, p, o, _ in facts), format="nt")
    return graph


def test_ontology_and_data_are_consistent(words: Graph, facts_only: Graph) -> None:
    assert contradictions(words, facts_only) == []


def test_a_seeded_contradiction_is_found(words: Graph, facts_only: Graph) -> None:
    seeded = Graph()
    work = URIRef("https://w3id.org/treatyrdf/alliance/tng-sarek")
    seeded.add((work, RDF.type, URIRef(TRT + "FictionalEntity")))
    assert contradictions(words, facts_only, seeded)


def test_domains_and_ranges_infer_no_second_kind(words: Graph, facts_only: Graph, vocabulary: Vocabulary) -> None:
    """Closing the data under the ontology gives things only classes above the ones they have."""
    import owlrl

    merged = Graph()
    for graph in (words, facts_only):
        for triple in graph:
            merged.add(triple)
    owlrl.DeductiveClosure(owlrl.RDFS_Semantics).expand(merged)
    for thing in set(facts_only.subjects()):
        stated = {str(t).removeprefix(TRT) for t in facts_only.objects(thing, RDF.type)}
        allowed = set().union(*(vocabulary.ancestors.get(t, ()) for t in stated))
        inferred = {str(t).removeprefix(TRT) for t in merged.objects(thing, RDF.type) if str(t).startswith(TRT)}
        assert inferred <= allowed, (thing, inferred - allowed)


def test_about_the_size_that_was_asked_for(words: Graph, vocabulary: Vocabulary) -> None:
    assert set(words.subjects(RDF.type, OWL.Class)) and len(vocabulary.classes) < 90
    assert (URIRef(ONTOLOGY), RDFS.isDefinedBy, None) not in words
