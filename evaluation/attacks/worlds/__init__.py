"""How recorded episodes of each world can be edited: one file a world, which names itself."""
