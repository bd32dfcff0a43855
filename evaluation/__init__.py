"""Scoring what agents learn: statistics, hacking gaps, comparisons and their reports."""
