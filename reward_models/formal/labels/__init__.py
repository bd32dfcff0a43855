"""What holds after a step, as propositions: one file a world, which names itself."""
