"""How far two rewards are apart, before anything is trained: exact on tabular worlds, sampled on all others."""
