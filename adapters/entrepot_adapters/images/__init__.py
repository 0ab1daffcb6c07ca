"""Images: what one is, and smaller ones made of it."""
