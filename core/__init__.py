"""The ground floor: data model, registry, seeds and files. It knows no world, no agent and no torch."""
