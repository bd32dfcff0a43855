"""What runs on the other side: the worker process and how it locks itself in. Standard library only.

These modules are imported by the suite for their formats, and run as a package of their own, `jail`, in processes that
know nothing of the suite.
"""
