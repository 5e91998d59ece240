"""The studio as a page: paint in the browser, watch it come, take it home."""
