"""Pictures out: everything that is made from a painting's record alone."""
