"""The tasks of the manipulation world, one file each."""
