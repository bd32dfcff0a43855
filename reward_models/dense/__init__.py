"""Hand-written rewards: sums of named, bounded terms."""
