"""Other tools that examine rewards, called as their documentation says, in an interpreter of their own."""
