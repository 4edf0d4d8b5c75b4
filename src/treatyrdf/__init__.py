"""Publish cited facts about treaties as linked data, with evidence for every statement."""

__version__ = "0.1.0"
