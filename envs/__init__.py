"""The worlds. Each subpackage is one world; `registration` tells gymnasium about them."""
