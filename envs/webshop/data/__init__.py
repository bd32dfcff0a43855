"""Products and goals: what they are, the files they come from, and the folder they are compiled into."""
