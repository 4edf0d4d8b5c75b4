"""Pages rendered with a bare base, so that a template is tested apart from the look of the site."""

from __future__ import annotations

import functools
import html
import re
from html.parser import HTMLParser
from typing import Any

import jinja2

from conftest import ROOT

WEB = ROOT / "src" / "treatyrdf" / "web"
CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
       "base-uri 'none'; form-action 'self'")
BASE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<meta http-equiv="Content-Security-Policy" content="{CSP}"><title>{{% block title %}}{{% endblock %}}</title>
{{% block head %}}{{% endblock %}}</head><body>
<header><form action="{{{{ root }}}}search.html" role="search"><input name="q" aria-label="Search"></form></header>
<main>{{% block main %}}{{% endblock %}}</main></body></html>
"""


@functools.cache
def environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.DictLoader({"base.html": BASE, "plain.html": '{% extends "base.html" %}'}),
                                    jinja2.FileSystemLoader(WEB / "templates")]),
        autoescape=True, undefined=jinja2.StrictUndefined)


def render(name: str, template: str, context: dict[str, Any]) -> str:
    return environment().get_template(template).render(root="../" * name.count("/"), site={}, **context)


class Reader(HTMLParser):
    """Collects the ids, links, tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href" and tag == "a"]


def text_of(page: str) -> str:
    """The words of a page, with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())
