"""`python -m treatyrdf` is the command line."""

from .cli import main

main(prog_name="treatyrdf")
