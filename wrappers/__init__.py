"""What is put around an env: one file a wrapper. Wrappers know rewards and envs, but no agent."""
