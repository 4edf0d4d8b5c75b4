"""What a data set says of itself, with every default filled in; all forms of the description read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from .header import THEMES
from .model import Header
from .names import Names

SPDX: Mapping[str, str] = {
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
    "https://creativecommons.org/licenses/by/4.0/": "CC-BY-4.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC-BY-SA-4.0",
    "https://creativecommons.org/licenses/by-nc/4.0/": "CC-BY-NC-4.0",
    "https://creativecommons.org/licenses/by-nc-sa/4.0/": "CC-BY-NC-SA-4.0",
    "https://opendatacommons.org/licenses/odbl/1-0/": "ODbL-1.0",
    "https://opendatacommons.org/licenses/by/1-0/": "ODC-By-1.0",
    "https://opendatacommons.org/licenses/pddl/1-0/": "PDDL-1.0",
}
"""SPDX ids of the licences data are published under, by their addresses."""

NOTICE = ("This data set describes a story world. It is not affiliated with or endorsed by the owners "
          "of any work it cites.")


@dataclass(frozen=True)
class Profile:
    """A header with the names it is published under."""

    header: Header
    names: Names

    @property
    def iri(self) -> str:
        """Return the IRI of the data set, whatever its version."""
        return self.names.thing("dataset")[1:-1]

    @property
    def version_iri(self) -> str:
        """Return the IRI of this version."""
        return self.release(self.header.version)

    def release(self, version: str) -> str:
        """Return the IRI of a version."""
        return self.names.record("version", quote(version, safe=""))[1:-1]

    @property
    def publisher(self) -> str:
        """Return the name of the publisher: the creator, if nobody else."""
        return self.header.listing.publisher or self.header.creator

    @property
    def landing(self) -> str:
        """Return the address of a page on the data set: its base, if no other."""
        return self._moved(self.header.listing.landing or self.names.base)

    @property
    def contact(self) -> str:
        """Return the address where one reaches the publisher: the landing page, if no other."""
        return self._moved(self.header.listing.contact or self.landing)

    @property
    def endpoint(self) -> str:
        """Return the address that answers SPARQL: `sparql` below the base, if no other."""
        return self._moved(self.header.listing.endpoint or f"{self.names.base}sparql")

    def download(self, file: str) -> str:
        """Return the address of a file."""
        given = self.header.listing.download
        place = self._moved(given).rstrip("/") if given else f"{self.names.base}file"
        return f"{place}/{quote(file)}"

    @property
    def keywords(self) -> tuple[str, ...]:
        """Return the keywords."""
        return tuple(map(str, self.header.listing.keywords)) or ("treaties", "linked data", "provenance")

    @property
    def themes(self) -> Mapping[str, str]:
        """Return the labels of the data themes by their codes: international issues, if no other."""
        return {str(code): THEMES[code] for code in self.header.listing.themes or ("INTR",)}

    @property
    def licence_id(self) -> str | None:
        """Return the SPDX id of the licence, None for one that is not on the list."""
        return SPDX.get(self.header.licence)

    @property
    def fictional(self) -> bool:
        """Tell whether the data set is of a story world."""
        return self.header.realm == "in-universe"

    def _moved(self, address: str) -> str:
        """Return an address below the base of the data set as one below the base it is built with."""
        base = self.header.base
        return self.names.base + address.removeprefix(base) if address.startswith(base) else str(address)
