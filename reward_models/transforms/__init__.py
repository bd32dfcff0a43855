"""Reward transforms: pure functions that turn the scores of a finished batch into what each step is paid."""
