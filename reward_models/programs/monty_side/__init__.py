"""What is executed inside Monty. The suite imports it for its tests only."""
