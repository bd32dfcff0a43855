"""Recipes: one file for each published system."""
