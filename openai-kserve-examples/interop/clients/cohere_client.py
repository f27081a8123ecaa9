"""Cohere's SDK for Python: rerank of both versions of its API."""

import cohere
from cases import KEY, URL, expect, raises, run

ROOT = URL.rsplit("/", 1)[0]
BODY = {"model": "scores", "query": "red fox", "documents": ["a dog", "the red fox", "a red car"], "top_n": 2}


def rerank():
    for client in (cohere.ClientV2(api_key=KEY, base_url=ROOT), cohere.Client(api_key=KEY, base_url=ROOT)):
        found = client.rerank(**BODY)
        expect([(r.index, r.relevance_score) for r in found.results], [(1, 1), (2, 0.5)])
        expect(found.meta.billed_units.search_units, 1)
    raises(cohere.NotFoundError, lambda: client.rerank(**{**BODY, "model": "nope"}))


run(rerank)
