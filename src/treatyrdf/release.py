"""A built data set -> a folder to upload: gzipped twins, licences, a README, RO-Crate metadata, sums.

RO-Crate 1.1 (https://www.researchobject.org/ro-crate/1.1/) rather than BagIt: a bag moves every file
below data/ and adds sums that SHA256SUMS already holds; a crate leaves the files where the README and
MANIFEST.json say they are, and tells archives what they are.
"""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .compression import CODECS
from .dcat import MEDIA
from .dump import sums
from .errors import DataError, Position, Problem
from .files import MANIFEST, SUMS, packaged
from .model import Header
from .packing import document, load_command

CRATE = "ro-crate-metadata.json"
NOTES = "CHANGELOG.md"
_ONTOLOGY_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_MEDIA = {**{ending: media for ending, (media, *_) in MEDIA.items()}, "csv": "text/csv",
          "rq": "application/sparql-query", "md": "text/markdown",
          **{codec.ending[1:]: codec.media for codec in CODECS.values()}}
_HOLDS = {".nq": "four named graphs: facts, claims, sources, data set; the normative dump",
          ".trig": "the same, to read", ".ttl": "the same in one graph", ".jsonld": "the same as JSON-LD",
          "-facts.ttl": "the plain facts alone", "-facts.nt": "the same as N-Triples",
          "-rdf12.ttl": "claims as RDF 1.2 reifiers"}
_PYTHON = """    python -c "import pyoxigraph; pyoxigraph.Store().load(path='{id}.nq')"
"""


def release_name(header: Header) -> str:
    """Return the name of the folder of a release."""
    return f"{header.id}-{header.version}"


def release_files(dist: Mapping[str, bytes], own: Mapping[str, bytes], header: Header) -> dict[str, bytes]:
    """Return every file of a release: those of `dist`, those of the curator, and what is added."""
    files = {name: content for name, content in dist.items() if name != SUMS} | dict(own)
    manifest = json.loads(dist[MANIFEST])
    dumps = [n for n in dist if n.startswith(str(header.id)) and document(n).dump.rpartition(".")[2] in MEDIA]
    files |= {f"{name}.gz": packed(dist[name]) for name in dumps if not document(name).compress}
    for path in sorted(packaged("LICENSES").iterdir()):
        files[f"LICENSES/{path.name}"] = path.read_bytes()
    files["README.md"] = readme(header, manifest, dumps, own).encode()
    metadata = json.dumps(crate(header, files, manifest["base"]), ensure_ascii=False, indent=2)
    files[CRATE] = f"{metadata}\n".encode()
    return {**files, SUMS: sums(files)}


def own_files(folder: Path, header: Header) -> dict[str, bytes]:
    """Return the licences and notes that a curator keeps beside a data set.

    Raises DataError when there are notes and they have no heading for this version.
    """
    own = {p.name: p.read_bytes() for p in sorted(folder.iterdir())
           if p.is_file() and (p.name.startswith("LICENSE") or p.name == NOTES)}
    heading = rf"^## \[?{re.escape(header.version)}\]?(?![\w.])"
    if NOTES in own and not re.search(heading, own[NOTES].decode(errors="replace"), re.MULTILINE):
        raise DataError([Problem(Position(str(folder / NOTES)), "TRT128",
                                 f"has no heading for {header.version}",
                                 f"write `## {header.version}` and what changed")])
    return own


def packed(content: bytes) -> bytes:
    """Return the gzip form without name and time (RFC 1952), so that the same text gives the same bytes."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=out, mtime=0) as archive:
        archive.write(content)
    return out.getvalue()


def crate(header: Header, files: Mapping[str, bytes], base: str) -> dict[str, Any]:
    """Return the RO-Crate metadata of a release: the folder and each of its files."""
    parts = [{"@id": name, "@type": "File", "name": name, "contentSize": str(len(content)),
              "encodingFormat": _MEDIA.get(name.rpartition(".")[2], "text/plain")}
             for name, content in sorted(files.items())]
    parts.append({"@id": SUMS, "@type": "File", "name": SUMS, "encodingFormat": "text/plain"})
    root = {"@id": "./", "@type": "Dataset", "name": header.title, "description": header.description,
            "identifier": f"{base}dataset", "version": header.version, "datePublished": header.issued,
            "inLanguage": header.language, "creditText": header.creator, "license": {"@id": header.licence},
            "hasPart": [{"@id": part["@id"]} for part in parts]}
    about = {"@id": CRATE, "@type": "CreativeWork", "about": {"@id": "./"},
             "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}}
    licence = {"@id": header.licence, "@type": "CreativeWork", "name": "Licence of the data",
               "description": "Under these terms the data may be used."}
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [about, root, licence, *parts]}


def _holds(name: str, dataset: str) -> str:
    told = document(name)
    words = _HOLDS.get(told.dump.removeprefix(dataset), "another form")
    return f"{words}; part {told.number}" if told.number else words


def readme(header: Header, manifest: Mapping[str, Any], dumps: list[str], own: Mapping[str, bytes]) -> str:
    """Return the README of a release, all of it taken from the description of the data set."""
    rows = "\n".join(f"| `{n}` | {_holds(n, header.id)} |" for n in dumps)
    plain = f"{header.id}.nq" in dumps
    loads = f"    {load_command(dumps, f'{header.id}.nq', f'{header.id}-store')}\n"
    loads += _PYTHON.format(id=header.id) if plain else ""
    twins = "Each dump also stands here as `.gz`.\n\n" if not all(document(n).compress for n in dumps) else ""
    licences = [f"- Data: <{header.licence}>"
                + "".join(f", [{n}]({n})" for n in own if n.startswith("LICENSE"))
                + f". Attribution: {header.creator}.",
                f"- Ontology, shapes and shared questions come with treatyrdf {manifest['tool']}: "
                f"<{_ONTOLOGY_LICENCE}>, [LICENSES/CC-BY-4.0.txt](LICENSES/CC-BY-4.0.txt). "
                "Attribution: treatyrdf contributors."]
    if header.realm == "in-universe":
        licences.append("- Names are used only to say what the facts are about. Nobody who owns a work named "
                        "here has endorsed or sponsored this data set, and it is not affiliated with them.")
    notes = f"\nWhat changed is told in [{NOTES}]({NOTES}).\n" if NOTES in own else ""
    return f"""# {header.title}

{header.description}

Version {header.version}, issued {header.issued}; ontology {manifest['ontology']}; written by treatyrdf
{manifest['tool']}. {manifest['quads']} quads below <{manifest['base']}>.
To cite it: {header.creator}, *{header.title}*, version {header.version}, {header.issued[:4]}.
{notes}
## Files

| file | what it holds |
|---|---|
{rows}
| `dataset.ttl` | description: licence, sizes, counts |
| `ontology/`, `shapes/`, `schema/` | the words, the rules, schemas for editors |
| `questions/` | each question as SPARQL, with the rows it gives |
| `{MANIFEST}`, `{SUMS}` | sizes, sums and the RDFC-1.0 hash of the dump |
| `{CRATE}` | the same for archives (RO-Crate 1.1) |

{twins}## Load

{loads}
## Check

    sha256sum --check --quiet {SUMS}
    treatyrdf verify .

## Licence

{chr(10).join(licences)}
"""
