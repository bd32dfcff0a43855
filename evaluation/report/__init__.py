"""Showing a comparison: a terminal table, figures, and one HTML page that needs nothing else.

Importing this package costs no matplotlib and no jinja2: both load when a figure or a page is made.
"""

from .headline import headline_pair, save_headline
from .page import render_page, save_page
from .table import comparison_table, print_table

__all__ = ["comparison_table", "headline_pair", "print_table", "render_page", "save_headline", "save_page"]
