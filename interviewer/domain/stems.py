"""The stem of a word, safe to ask for from any thread."""

from __future__ import annotations

import threading

import snowballstemmer

_OWN = threading.local()  # a stemmer keeps the word it works on in itself, so two threads must not share one


def stemmed(word: str) -> str:
    """The Snowball (Porter 2) stem of one lower-case word."""
    stemmer = getattr(_OWN, "stemmer", None)
    if stemmer is None:
        stemmer = _OWN.stemmer = snowballstemmer.stemmer("english")
    return str(stemmer.stemWord(word))
