"""The commands: one short file each, under the words that choose them."""
