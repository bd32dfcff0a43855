"""Language models as teachers: backends to ask, a cache that makes answers repeatable, judges."""
