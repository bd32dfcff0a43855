"""Loops in which rewards are written: who writes, who checks and trains, who compares, and what is said back."""
