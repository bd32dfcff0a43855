"""The built-in catalogue: invented products and goals, a pure function of seed and size."""
