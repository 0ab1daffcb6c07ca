"""The library people hold in their hands: stores, datasets, pages of rows; and how files come in and go out."""
