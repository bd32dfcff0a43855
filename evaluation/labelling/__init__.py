"""Asking people which of two clips is better: a page on this machine, and answers that no crash can lose."""
