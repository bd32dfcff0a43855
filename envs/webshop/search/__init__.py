"""The search engine of the shop: BM25, exact, over memory-mapped arrays."""
