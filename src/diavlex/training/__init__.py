"""How the shipped weights are made: neural brushes, and the pocket guides."""
