"""`python -m docs.pages` writes the pages that are made from the program."""

from docs.pages import write_all

write_all()
