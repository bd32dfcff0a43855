"""The command line: one thin file a verb. Every verb is also a call in Python and a script that runs by path."""
