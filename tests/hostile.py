"""A hostile data set: the alliance, with each text for people an attack and with ids that mislead machines."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from treatyrdf.files import ontology_files
from treatyrdf.vocabulary import read_vocabulary

ATTACKS = (
    '"><img src=x onerror=alert(1)>', "'><svg onload=alert(1)>", "</script><script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "javascript:alert(1)", "data:text/html,<script>alert(1)",
    "</title></style></textarea></noscript></svg><b>bold</b>", "]]> <![CDATA[ <!-- --!> <?php ?>", "&lt; &#60; &quot; &amp;amp;",
    "{{7*7}} {% raw %} ${7*7} #{7*7}", "`alert(1)` \\u003cb\\u003e \\", '" onfocus=alert(1) autofocus x="',
    "line\u2028separator\u2029ends", "\u202eright to left\u202c", "zero\u200bwidth\u2060joiner\u200d",
    "__proto__ constructor", "http://evil.example/a?b=1&c=<d>", "//evil.example/x", "=cmd|'/C calc'!A0",
    "@import 'http://evil.example/';", "two\n---\n@prefix x: <http://evil.example/> .\n# lines", "%00 %3Cscript%3E $1 %1 %{ENV:X}",
    "a\u0301\u0302\u0303\u0304\u0305\u0306 \U0001f1ea\U0001f1fa \U0010fffd")
"""What ends, opens or runs something in a language of the web; no text is safe by being short."""
LONG = "w" * 20_000
IDS = ("constructor", "prototype", "tostring", "hasownproperty", "index", "search", "things", "thing", "claim", "claims",
       "question", "file", "static", "graph", "about", "version", "ontology", "shapes", "w3id", "404", "con", "nul", "aux",
       "null", "undefined", "true", "nan", "0", "a" * 120)
"""Ids that name something else: members of objects, pages and folders of a site, devices, values."""
LOCATORS = ("index.html", "a..b", "constructor", "__proto__"[2:7], "1.1.ttl", "9-9_9")
TEXTS = frozenset({"label", "note", "says", "number", "rights", "title", "description", "creator", "publisher", "keywords"})
"""Keys of curated files whose values are for people."""


def attack(turn: int) -> str:
    """All attacks as one text; `turn` says which comes first."""
    first = turn % len(ATTACKS)
    return " ".join((*ATTACKS[first:], *ATTACKS[:first]))


class _Hostile:
    """Puts another attack in place of each text."""

    def __init__(self, spoken: frozenset[str]) -> None:
        self.spoken, self.turn = spoken, 0

    def text(self) -> str:
        self.turn += 1
        return attack(self.turn)

    def tree(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: self.tree(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [self.tree(v, key) for v in value]
        return self.text() if key in self.spoken else value


def write(original: Path, folder: Path) -> None:
    """Write the hostile twin of a data set into `folder`."""
    properties = read_vocabulary(ontology_files()).properties.values()
    made = _Hostile(TEXTS | {p.name for p in properties if p.kind == "text"})
    folder.mkdir(parents=True)
    shutil.copytree(original / "questions", folder / "questions")
    for name in ("dataset", "sources", "things", "claims"):
        tree = yaml.load((original / f"{name}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
        if name == "things":
            tree["things"] = {kind: {key: made.tree(value if isinstance(value, dict) else {"label": value})
                                     for key, value in group.items()} for kind, group in tree["things"].items()}
            tree["things"]["Person"] |= {key: made.text() for key in IDS}
            tree["things"]["Place"] = {**tree["things"].get("Place", {}), "long": LONG}
        elif name == "dataset":
            tree = made.tree(tree) | {"publisher": made.text(), "landing": LANDING, "licence": LICENCE, "counts": {}}
        else:
            tree = made.tree(tree)
        if name == "claims":
            tree["claims"] += _claims(made)
        if name == "sources":
            source = tree["sources"]["article"]
            end = max(int(p["end"]) for p in source["passages"].values())
            for n, at in enumerate(LOCATORS):
                source["passages"][at] = {"start": end + 9 * n + 1, "end": end + 9 * n + 8, "sha256": "0" * 64}
                source["citations"][IDS[n]] = {"at": at, "scope": "sentence", "works": ["voy-alliances"]}
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for path in (folder / "questions").glob("*.rq"):
        lines = path.read_text(encoding="utf-8").split("\n")
        path.write_text("\n".join(_question(line, made) for line in lines), encoding="utf-8")
    (folder / "questions" / "constructor.rq").write_text(QUERY % made.text().replace("\n", " "), encoding="utf-8")


def _claims(made: _Hostile) -> list[dict[str, Any]]:
    """Claims with ids, subjects, passages and citations of misleading names."""
    return [{"id": key, "subject": key, "altLabel": [made.text(), LONG] if n == 1 else made.text(), "says": made.text(),
             "number": made.text(), "at": LOCATORS[n % len(LOCATORS)], "cites": IDS[n % len(LOCATORS)],
             **({"claimant": ["article", *IDS[:n]]} if n < 9 else {})} for n, key in enumerate(IDS)]


def _question(line: str, made: _Hostile) -> str:
    start = next((s for s in ("#+ summary:", "#+ empty:", "#+ brief-empty:") if line.startswith(s)), "")
    return f"{start} {made.text()}".replace("\n", " ") if start else line


LANDING = "https://evil.example/%22%3E/',R=301;a=$1%251(x)?y=&lt;=1#z'"
LICENCE = "https://evil.example/';--!&amp;alert(1)"
QUERY = """#+ summary: %s
#+ method: GET
#+ tags: [key, constructor]

PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX trt: <https://w3id.org/treatyrdf/ontology#>

# </script></code></pre></textarea><img src=x onerror=alert(1)> {{7*7}}
SELECT DISTINCT ?constructor ?__proto__ ?tostring ?hasOwnProperty ?toString
WHERE {
  { ?constructor a trt:Person ; rdfs:label ?__proto__ } UNION { GRAPH ?g { ?constructor a trt:Person ; rdfs:label ?__proto__ } }
  BIND ("</td></table><img src=x onerror=alert(1)>\\u0000\\u0008\\uFFFE" AS ?tostring)
  BIND (IRI("javascript:alert(1)") AS ?hasOwnProperty)
  BIND (STRDT("x", IRI("http://evil.example/&quot;?a='b")) AS ?toString)
}
ORDER BY ?constructor
"""
