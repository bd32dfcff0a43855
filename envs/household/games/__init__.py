"""Where household games come from: our generator, scene files, a user's copy of ALFWorld. `sources` is the door."""
