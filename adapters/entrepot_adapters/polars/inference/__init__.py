"""Which types the values of a column have, all of them."""
