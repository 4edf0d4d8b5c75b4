"""Rules for web servers that host a site: every IRI leads to the document that its client likes best.

The site may stand at any address: the rules hold no absolute path. Things are answered with 303, as recipe 5
of https://www.w3.org/TR/swbp-vocab-pub/ has it; forms by RFC 9110, section 12.5.1.
"""

from __future__ import annotations

from collections.abc import Mapping

from .apache import htaccess, readme, redirects
from .headers import TYPES
from .nginx import location, maps
from .profile import Profile


def rules(profile: Profile, sharded: frozenset[str], hidden: frozenset[str] = frozenset(),
          types: Mapping[str, str] = TYPES) -> dict[str, str]:
    """Return every file of rules by its name in the site.

    `sharded` are the folders that are split, `hidden` those without documents: their IRIs are not found;
    `types` are the media types of files by their endings.
    """
    return {".htaccess": htaccess(sharded, hidden, types), "nginx.conf": location(profile, types),
            "nginx-map.conf": maps(profile, sharded, hidden),
            "w3id/.htaccess": redirects(profile, sharded, hidden),
            "w3id/README.md": readme(profile)}
