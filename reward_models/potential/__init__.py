"""Potential-based shaping: it changes how fast an agent learns and never what is best."""
