"""Step scorers that are networks or play the world themselves, one a file."""
