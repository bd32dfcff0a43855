"""Rewards and objectives that say more than a sum of rewards of single steps can: machines, logic, constraints."""
