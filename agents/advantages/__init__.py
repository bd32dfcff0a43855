"""Advantage estimators: how credit for what was paid is given to the steps of a batch."""
