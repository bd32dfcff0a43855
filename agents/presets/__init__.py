"""Named agents: an algorithm with settings that work, one file each."""
