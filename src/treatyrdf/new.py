"""A small working data set, copied from the template that ships with the tool."""

from __future__ import annotations

import json
from pathlib import Path

from .errors import RunError
from .files import list_files, ontology_files, write_folder
from .names import SLUG
from .schema import json_schemas
from .vocabulary import read_vocabulary

TEMPLATE = Path(__file__).resolve().parent / "template"


def make_dataset(folder: Path) -> None:
    """Write the template into `folder`, its name as the id; refuses a folder with files in it."""
    name = folder.resolve().name
    if not SLUG.fullmatch(name):
        raise RunError.of("TRT021", folder, f"`{name}` cannot be the id of a data set",
                          "use small letters, digits and single dashes")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError.of("TRT092", folder, "is not an empty folder", "name a new folder")
    files = {file: content.replace(b"example-treaty", name.encode())
             for file, content in list_files(TEMPLATE).items()}
    for kind, schema in json_schemas(read_vocabulary(ontology_files())).items():
        files[f".schema/{kind}.schema.json"] = (
            json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()
    write_folder(folder, files.items())
