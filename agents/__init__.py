"""Agents: learners from Stable-Baselines3, policies of our own, and scripted ones as floors and ceilings."""
