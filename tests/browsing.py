"""Sites under test: built once, read as a browser reads them, served as a plain host serves them."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page


@dataclass
class Read(HTMLParser):
    """What a page holds, by what tests ask of it."""

    links: list[tuple[str, str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    scripts: list[tuple[dict[str, str], str]] = field(default_factory=list)
    attributes: set[str] = field(default_factory=set)
    pictures: int = 0
    text: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes |= set(found)
        if "id" in found:
            self.ids.append(found["id"])
        for name in ("href", "src", "action", "xlink:href"):
            if name in found:
                self.links.append((tag, name, found[name]))
        if tag == "script":
            self.scripts.append((found, ""))

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self.tags and self.tags[-1] == "script" and self.scripts and not self.scripts[-1][1]:
            self.scripts[-1] = (self.scripts[-1][0], data)


def read(path: Path) -> Read:
    """Return what an HTML file holds."""
    found = Read()
    found.feed(path.read_text(encoding="utf-8"))
    found.close()
    return found


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def opened(browser: Browser, **options: object) -> Iterator[Page]:
    """Give a page that fails the test on any message of the console, any dialog, any request elsewhere."""
    context = browser.new_context(**options)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(f"{page.url} {m.type}: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: wrong.append(f"{page.url} {e}"))
    page.on("dialog", lambda d: (wrong.append(f"dialog {d.message}"), d.dismiss()))
    page.on("request", lambda r: None if r.url.startswith(("http://127.0.0.1:", "file://", "blob:", "data:"))
            else wrong.append(f"request {r.url}"))
    page.on("requestfailed", lambda r: None if r.failure == "net::ERR_ABORTED" else wrong.append(f"failed {r.url}"))
    yield page
    context.close()
    assert not wrong


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as a plain static host does; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
