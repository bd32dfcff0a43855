"""Neural policies. torch is imported inside the modules."""
