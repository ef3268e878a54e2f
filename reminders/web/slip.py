"""Something that a person wrote into a form and that cannot be used."""

from __future__ import annotations


class Slip(Exception):
    """what was sent cannot be used; the text says why and what can be."""
