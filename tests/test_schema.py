"""The JSON Schemas accept what is right and refuse what the reader refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from conftest import ALLIANCE, ROOT, Run
from treatyrdf.files import ontology_files
from treatyrdf.header import KEYS
from treatyrdf.read import FACT_KEYS, SECTIONS, SILENCE_KEYS
from treatyrdf.schema import json_schemas
from treatyrdf.vocabulary import read_vocabulary

VOCABULARY = read_vocabulary(ontology_files())
SCHEMAS = json_schemas(VOCABULARY)
TEMPLATE = ROOT / "src" / "treatyrdf" / "template"


class Loader(yaml.SafeLoader):
    """YAML 1.2 as editors read it: no sexagesimals, and yes, no and dates stay text."""


Loader.yaml_implicit_resolvers = {
    k: [(tag, regexp) for tag, regexp in v if tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:null")]
    for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)


@pytest.mark.parametrize("path", [*sorted(ALLIANCE.glob("*.yaml")), *sorted(TEMPLATE.glob("*.yaml"))],
                         ids=lambda p: f"{p.parent.name}/{p.name}")
def test_the_curated_files_are_valid(path: Path) -> None:
    schema = SCHEMAS["dataset" if path.stem == "dataset" else "facts"]
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(load(path))


@pytest.mark.parametrize(("path", "value"), [
    (["claims", 0, "subjct"], "x"), (["claims", 0, "basis"], "statd"), (["claims", 0, "subject"], "Not an id"),
    (["claims", 0, "type"], "Treatyy"), (["claims", 0, "outcome"], "great"), (["silences", 0, "hasParty"], "x"),
    (["sources", "article", "passages", "0.1", "sha256"], "abc"), (["things", "Treaaty"], {"x": "X"})])
def test_a_spoilt_file_is_refused(path: list[Any], value: Any) -> None:
    merged = {k: v for f in sorted(ALLIANCE.glob("*.yaml")) if f.stem != "dataset" for k, v in load(f).items()}
    validator = jsonschema.Draft202012Validator(SCHEMAS["facts"])
    assert validator.is_valid(merged)
    node = merged
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    assert not validator.is_valid(merged)


def test_every_property_and_key_is_completed() -> None:
    claim = SCHEMAS["facts"]["properties"]["claims"]["items"]["properties"]
    assert set(claim) == set(VOCABULARY.properties) | set(FACT_KEYS)
    assert set(SCHEMAS["facts"]["properties"]["silences"]["items"]["properties"]) == set(SILENCE_KEYS)
    assert set(SCHEMAS["facts"]["properties"]) == set(SECTIONS)
    assert set(SCHEMAS["dataset"]["properties"]) == set(KEYS)
    assert all(value["description"] for value in claim.values())


def test_the_mapping_of_environment_is_accepted() -> None:
    for name in ("tables", "states"):
        text = (ROOT / "datasets" / "environment" / f"{name}.yaml").read_text(encoding="utf-8")
        value = yaml.load(text, Loader=yaml.BaseLoader)  # dates stay the text they are, as in YAML 1.2
        found = [f"{e.json_path}: {e.message[:200]}" for e in jsonschema.Draft202012Validator(SCHEMAS["facts"]).iter_errors(value)]
        assert found == []


def test_the_command_prints_them(treatyrdf: Run) -> None:
    assert json.loads(treatyrdf("schema", "dataset").stdout) == SCHEMAS["dataset"]
    assert json.loads(treatyrdf("schema").stdout) == SCHEMAS["facts"]
