"""Process rewards: scorers that judge the single steps of a trajectory."""
